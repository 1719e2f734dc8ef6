"""Each share that is published has the interval that textbooks give it."""

import pytest

from send_guide.measuring.intervals import wilson, with_interval


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    # R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17
    # (1998), Table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_the_published_one(successes: int, n: int, low: float, high: float) -> None:
    assert wilson(successes, n) == pytest.approx((low, high), abs=0.00005)


def test_more_than_all_is_no_share() -> None:
    with pytest.raises(ValueError, match="k"):
        wilson(21, 20)


def test_a_share_is_written_with_its_interval() -> None:
    assert with_interval(57, 78) == "73.1% (62-82)"
    assert with_interval(0, 0) == "–"
    assert with_interval(20, 20) == "100.0% (84-100)"
