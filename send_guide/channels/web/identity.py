"""Who a conversation on the web belongs to: whoever holds its token, and nobody else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from itsdangerous import BadSignature, TimestampSigner

MOST_CHARACTERS = 256
"""Of a token; what is longer is not one of ours."""
CLOCKS_DIFFER = 60
"""Seconds by which the clock of the replica that made a token may be before the one that reads it."""


class InvalidTokenError(Exception):
    """The token is missing, forged or too old; the message is for the person."""


class Identity:
    """Issues tokens and tells which conversation one stands for.

    A token is 256 random bits, the time, and a signature. The name under which a conversation is stored
    is made from it with the secret, one way only: who reads the database holds no token.
    """

    def __init__(self, secret: bytes, hours: float) -> None:
        """Set the secret and the age.

        Args:
            secret: of the service; the same for every replica.
            hours: after which a token is worth nothing.
        """
        self._secret = secret
        self.seconds = round(hours * 3600)
        self._signer = TimestampSigner(
            secret, salt="send-guide.web.token", key_derivation="hmac", digest_method=hashlib.sha256
        )

    def new_token(self) -> str:
        """Return the token of a new conversation."""
        return self._signer.sign(secrets.token_urlsafe(32)).decode()

    def sender_of(self, token: str | None) -> str:
        """Return the name under which the conversation of a token is stored.

        Raises:
            InvalidTokenError: there is no token, it is not one of ours, or it is too old or of the future.
        """
        conversation, begun = self._read(token)
        age = self._signer.get_timestamp() - begun
        if not -CLOCKS_DIFFER <= age <= self.seconds:
            raise InvalidTokenError("This conversation is over its time. Please start a new one.")
        return self._name(conversation)

    def sender_to_delete(self, token: str | None) -> str:
        """Return the same, whatever the time is: who holds a token may always delete what it stands for.

        Raises:
            InvalidTokenError: there is no token, or it is not one of ours.
        """
        conversation, _ = self._read(token)
        return self._name(conversation)

    def _read(self, token: str | None) -> tuple[bytes, int]:
        """Return what a token of ours stands for, and when it was made, seconds since 1970."""
        try:
            if not token or len(token) > MOST_CHARACTERS or not token.isascii():
                raise BadSignature("not one of ours")
            conversation, begun = self._signer.unsign(token, return_timestamp=True)
        except BadSignature as error:
            raise InvalidTokenError(
                "There is no conversation with that name. Please start a new one."
            ) from error
        return conversation, int(begun.timestamp())

    def _name(self, conversation: bytes) -> str:
        name = hmac.digest(self._secret, b"send-guide.web.sender " + conversation, "sha256")
        return "web-" + base64.urlsafe_b64encode(name).decode().rstrip("=")
