"""What can go wrong in a way a person can mend: the message says how."""


class SendGuideError(Exception):
    """The base of every error that a command ends with in one line."""


class CannotStartError(SendGuideError):
    """The service cannot start as it is set; the message says what to change."""
