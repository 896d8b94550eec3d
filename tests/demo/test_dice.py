"""Seeded chance: the same everywhere, and true to its shape."""

from __future__ import annotations

from collections import Counter

import pytest

from slaboard.demo.dice import Dice, choose, spread
from slaboard.demo.realday import Knots

KNOTS: Knots = ((0.5, 10), (0.9, 60))


@pytest.mark.parametrize(
    ("share", "seconds"),
    [
        pytest.param(0.0, 0, id="the first is there at once"),
        pytest.param(0.25, 300, id="half way to the first knot"),
        pytest.param(0.5, 600, id="at a knot"),
        pytest.param(0.7, 2100, id="between two knots"),
        pytest.param(0.95, 4800, id="in the tail"),
        pytest.param(1.0, 6000, id="the last"),
    ],
)
def test_spread_draws_straight_lines_between_knots(share: float, seconds: int) -> None:
    """Up to the longest, 100 minutes, which the tail ends at."""
    assert spread(KNOTS, share, longest=100) == pytest.approx(seconds, abs=1)


@pytest.mark.parametrize(("share", "key"), [(0.0, "a"), (0.29, "a"), (0.31, "b"), (0.99, "c"), (1.0, "c")])
def test_choose_lays_keys_side_by_side(share: float, key: str) -> None:
    """Weights of 3, 2 and 5 end at 0.3, 0.5 and 1."""
    assert choose({"a": 3, "b": 2, "c": 5}, share) == key


def test_a_seed_always_falls_the_same_way() -> None:
    """These were drawn on CPython 3.11; any other Python must draw them too, or the shipped day would change."""
    dice = Dice(7)
    assert [dice.between(0, 1000) for _ in range(5)] == [323, 150, 650, 72, 535]


def test_strata_leave_no_part_out() -> None:
    """A hundred shares, one in every hundredth, and not in order."""
    shares = Dice(1).strata(100)
    assert sorted(int(share * 100) for share in shares) == list(range(100))
    assert shares != sorted(shares)


def test_weights_are_kept() -> None:
    """A thousand draws of three to one."""
    dice = Dice(1)
    drawn = Counter(dice.weighted({"often": 3, "rarely": 1}) for _ in range(1000))
    assert drawn["often"] == pytest.approx(750, abs=45)
