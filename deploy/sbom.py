"""Read a CycloneDX bill of materials, hold it against the lock file, and write it short.

Used by ``make sbom``: what cyclonedx-py finds in a fresh environment comes in, what is committed goes out.
Links of packages to their own pages are left out: they change with every release and say nothing here.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any


def locked(lock: Path) -> dict[str, str]:
    """Return the version of every package that a lock file names, by its name."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", lock.read_text(encoding="utf-8"), re.M))


def listed(bill: dict[str, Any]) -> dict[str, str]:
    """Return the version of every package of a bill of materials, by its name as lock files write it."""
    return {re.sub(r"[._-]+", "-", part["name"]).lower(): part["version"] for part in bill["components"]}


def shortened(bill: dict[str, Any]) -> dict[str, Any]:
    """Return the bill without links."""
    for part in (*bill["components"], *bill["metadata"]["tools"]["components"]):
        part.pop("externalReferences", None)
    return bill


def main() -> None:
    """Shorten the bill of standard input, or say what it and the lock file do not agree on."""
    bill = json.load(sys.stdin)
    ours, theirs = locked(Path(sys.argv[1])), listed(bill)
    if ours != theirs:
        differ = sorted({name for name, _ in ours.items() ^ theirs.items()})
        sys.exit(f"sbom: the bill and {sys.argv[1]} do not agree on: {', '.join(differ)}")
    json.dump(shortened(bill), sys.stdout, indent=1, ensure_ascii=False, sort_keys=True)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
