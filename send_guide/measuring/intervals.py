"""How far a share that was counted can be trusted: its 95 % interval."""

from __future__ import annotations

from scipy.stats import binomtest

CONFIDENCE = 0.95


def wilson(successes: int, n: int) -> tuple[float, float]:
    """Return the Wilson score interval of a share, without continuity correction (Wilson 1927).

    Args:
        successes: how many of them.
        n: how many there are, at least one.

    Raises:
        ValueError: there are none, or more successes than there are.
    """
    found = binomtest(successes, n).proportion_ci(CONFIDENCE, method="wilson")
    return float(found.low), float(found.high)


def with_interval(successes: int, n: int) -> str:
    """Return a share with its 95 % interval in percent, for instance ``73.1% (62-82)``; a dash of none."""
    if not n:
        return "–"
    low, high = wilson(successes, n)
    return f"{successes / n:.1%} ({low * 100:.0f}-{high * 100:.0f})"
