"""The secret of the service: what signs conversations on the web and whatever else must not be forged."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from send_guide.errors import CannotStartError
from send_guide.settings import Settings

FILE = Path("storage/secret")
"""Where a service for this machine alone keeps the secret it has made for itself."""
LEAST_LETTERS, LEAST_DIFFERENT = 32, 9
"""Of a secret, and how many of them differ; of 32 random hexadecimal digits fewer do once in 300,000."""


def service_secret(settings: Settings, file: Path = FILE) -> bytes:
    """Return the secret; where none is set and nobody but this machine listens, one is made and kept.

    Args:
        settings: of the service.
        file: where the one that is made is kept, readable for its owner alone.

    Raises:
        CannotStartError: others can reach the service and no secret is set, what is set or kept is none, or
            the file cannot be used.
    """
    if settings.secret:
        return _random(settings.secret.get_secret_value(), "SEND_GUIDE_SECRET", "set another")
    if not settings.on_loopback:
        raise CannotStartError(
            f"{settings.host} is open to others, and conversations are signed with a secret: set "
            "SEND_GUIDE_SECRET to 32 or more random letters, the same for every replica"
        )
    try:
        return _random(_kept(file), str(file), "delete the file and a new one is made")
    except OSError as error:
        raise CannotStartError(f"{file} cannot be used ({error.strerror}): set SEND_GUIDE_SECRET") from error


def _random(secret: str, where: str, mend: str) -> bytes:
    """Return a secret that may be random.

    Args:
        secret: what was set or kept.
        where: it comes from.
        mend: what to do where it is no secret.

    Raises:
        CannotStartError: it is empty, short, an example with blanks in it, or one letter over and over.
    """
    blank = any(letter.isspace() for letter in secret)
    if blank or len(secret) < LEAST_LETTERS or len(set(secret)) < LEAST_DIFFERENT:
        raise CannotStartError(
            f"{where} is no secret, anybody could guess it: {mend}. "
            'python3 -c "import secrets; print(secrets.token_urlsafe(32))" prints one'
        )
    return secret.encode()


def _kept(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        new = file.with_name(f"{file.name}.{os.getpid()}")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(32))
        try:
            file.hardlink_to(new)
        except FileExistsError:
            pass  # another process was first: its secret is the one
        finally:
            new.unlink()
    return file.read_text(errors="replace").strip()
