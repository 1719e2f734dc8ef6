"""Begins the content of another council: the shared files of ours, and a template filled in.

``docs/another-council.md`` tells what comes after.
"""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Mapping
from pathlib import Path
from string import Template

import yaml

from send_guide.content.loader import project_directory
from send_guide.errors import SendGuideError

TEMPLATE = "council-template"
OWN = frozenset(
    (
        "answers",
        "contacts.yml",
        "council.yml",
        "follow-ups",
        "helpline.yml",
        "languages.yml",
        "letters",
        "messages",
        "path",
        "roles.yml",
        "situations.yml",
        "topics.yml",
        "triage.yml",
        "usual-follow-ups.yml",
    )
)
"""What a council writes itself. To it belong the examples of ``nlu`` that ask for its answers."""
ASKS = "intent: ask/"
DANGER = "urgent.yml"
"""How danger sounds is the same everywhere, though its examples ask for answers."""
READ_AGAIN_AFTER = datetime.timedelta(days=90)
"""What stands in the template is to be read by somebody soon."""


def begin(folder: Path, filled: Mapping[str, str], today: datetime.date) -> None:
    """Make the content of another council in a folder that is not there yet.

    Args:
        folder: where; it must not exist.
        filled: what stands for the names of the template, ``name`` and ``place`` among them.
        today: the day on which its contacts were looked up.

    Raises:
        SendGuideError: the folder exists.
        KeyError: nothing is given for a name of the template.
    """
    copy_shared(folder, filled["place"])
    days = {"today": today.isoformat(), "review": (today + READ_AGAIN_AFTER).isoformat()}
    template = project_directory() / TEMPLATE
    for path in sorted(template.rglob("*.yml")):
        to = folder / path.relative_to(template)
        to.parent.mkdir(exist_ok=True)
        words = Template(path.read_text(encoding="utf-8")).substitute(filled, **days)
        to.write_text(words, encoding="utf-8")


def copy_shared(folder: Path, place: str) -> None:
    """Copy what is the same for every council; the name of our place in it becomes theirs.

    Args:
        folder: where; it must not exist.
        place: as in "children in <place>".

    Raises:
        SendGuideError: the folder exists.
    """
    data = project_directory() / "data"
    if folder.exists():
        raise SendGuideError(f"{folder} exists: name a folder that is not there yet")
    shutil.copytree(data, folder, ignore=lambda at, names: OWN & set(names) if Path(at) == data else set())
    for path in (folder / "nlu").iterdir():
        if path.name != DANGER and ASKS in path.read_text(encoding="utf-8"):
            path.unlink()
    ours = str(yaml.safe_load((data / "council.yml").read_text(encoding="utf-8"))["council"]["place"])
    for path in (*folder.glob("*.yml"), *(folder / "nlu").iterdir()):
        text = path.read_text(encoding="utf-8").replace(ours, place).replace(ours.lower(), place.lower())
        path.write_text(text, encoding="utf-8")
