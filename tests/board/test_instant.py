"""Instants on the wall of the board's own zone."""

from __future__ import annotations

import pytest

from slaboard.board import instant
from tests.board.factory import NOW

DAY = 86_400


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (NOW, "15:41"),
        (NOW + 8 * 3600, "23:41"),
        (NOW + 9 * 3600, "Sat 00:41"),
        (NOW - 6 * DAY, "Sat 15:41"),
        (NOW + 7 * DAY, "28 Nov 15:41"),
        (NOW + 45 * DAY, "5 Jan 2026"),
        (-5, "1 Jan 1970"),
        (2**60, "1 Jan 9999"),
    ],
)
def test_an_instant_is_told_as_far_as_it_needs(at: int, text: str) -> None:
    """The day only when it is another one; nonsense from a store is shown, not raised."""
    assert instant.when(at, NOW, "Europe/Berlin") == text


def test_an_unknown_zone_is_utc() -> None:
    """A board in UTC is better than none."""
    assert instant.hms(NOW, "Nowhere/Else") == instant.hms(NOW, "UTC") == "14:41:07"
    assert instant.day(NOW, "Asia/Tokyo") == "Fri 21 Nov"
    assert instant.utc(NOW) == "2025-11-21 14:41Z"


@pytest.mark.parametrize(("seconds", "text"), [(-3, "0s"), (47, "47s"), (720, "12m"), (7300, "2h"), (3 * DAY, "3d")])
def test_an_age_has_one_unit(seconds: int, text: str) -> None:
    """The largest that fits."""
    assert instant.age(seconds) == text
