"""Prints every time limit beside a second count of it, and how often the two agree.

    .venv/bin/python -m benchmarks.deadlines [2026-11-28]

The first table is from one date, the second over every date of eleven years.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta

from send_guide.domain.dates import spoken
from send_guide.domain.deadlines import DEADLINES, Facts, today
from tests.unit.second_count import second_count

FIRST, LAST = date(2020, 1, 1), date(2030, 12, 31)
FACTS = {
    "appeal": [
        Facts(),
        Facts(decision="school"),
        *(Facts(certificate=date.min + timedelta(days)) for days in (20, 60, 130)),
    ],
    "discrimination": [Facts(), Facts(setting="college")],
    "phase-transfer": [Facts(), Facts(to_college=True)],
    "records": [Facts(), Facts(setting="maintained")],
}
"""What is tried; a certificate stands as so many days after the letter."""


def on(start: date, facts: Facts) -> Facts:
    """Return the facts with the certificate on its day."""
    if facts.certificate is None:
        return facts
    return Facts(certificate=start + (facts.certificate - date.min))


def both(kind: str, start: date, facts: Facts) -> tuple[date, date]:
    """Return the last day, and the second count of it."""
    again = second_count(kind, start, facts.setting, facts.decision, facts.certificate, facts.to_college)
    return DEADLINES[kind].work_out(start, facts).last_day, again


def main(start: date) -> None:
    """Print the tables."""
    print(f"From {spoken(start)}:\n\n| kind | facts | last day | second count |\n|---|---|---|---|")
    for kind in DEADLINES:
        for facts in (on(start, one) for one in FACTS.get(kind, [Facts()])):
            known = ", ".join(f"{name} {value}" for name, value in vars(facts).items() if value)
            found, again = both(kind, start, facts)
            print(f"| {kind} | {known} | {found:%a} {spoken(found)} | {again:%a} {spoken(again)} |")
    print(f"\nEvery day from {spoken(FIRST)} to {spoken(LAST)}:\n\n| kind | cases | agree |\n|---|---|---|")
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    for kind in DEADLINES:
        pairs = [both(kind, day, on(day, facts)) for facts in FACTS.get(kind, [Facts()]) for day in days]
        print(f"| {kind} | {len(pairs)} | {sum(found == again for found, again in pairs)} |")


if __name__ == "__main__":
    main(date.fromisoformat(sys.argv[1]) if len(sys.argv) > 1 else today())
