"""The secret of the service: what signs conversations on the web and whatever else must not be forged."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from send_guide.errors import CannotStartError
from send_guide.settings import Settings

FILE = Path("storage/secret")
"""Where a service for this machine alone keeps the secret it has made for itself."""


def service_secret(settings: Settings, file: Path = FILE) -> bytes:
    """Return the secret; where none is set and nobody but this machine listens, one is made and kept.

    Args:
        settings: of the service.
        file: where the one that is made is kept, readable for its owner alone.

    Raises:
        CannotStartError: others can reach the service and no secret is set, or the file cannot be used.
    """
    if settings.secret:
        return settings.secret.get_secret_value().encode()
    if not settings.on_loopback:
        raise CannotStartError(
            f"{settings.host} is open to others, and conversations are signed with a secret: set "
            "SEND_GUIDE_SECRET to 32 or more random letters, the same for every replica"
        )
    try:
        return _kept(file)
    except OSError as error:
        raise CannotStartError(f"{file} cannot be used ({error.strerror}): set SEND_GUIDE_SECRET") from error


def _kept(file: Path) -> bytes:
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
    return file.read_bytes()
