"""How a share moved, against published intervals; and when nothing is said of it."""

from __future__ import annotations

import pytest

from slaboard.reports.change import change_text, difference, is_clear
from tests.sla.story import situation


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        situation("much and much", (56, 70, 48, 80), 0.0524, 0.3339),
        situation("few", (9, 10, 3, 10), 0.1705, 0.8090),
        situation("all and none", (10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_the_interval_is_newcombe_s(counts: tuple[int, int, int, int], low: float, high: float) -> None:
    """His table II, method 10 (Statistics in Medicine 17, 1998)."""
    assert difference(*counts) == pytest.approx((low, high), abs=0.00006)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        situation("clearly better", (95, 100, 70, 100), "+25.0 points"),
        situation("clearly worse", (70, 100, 95, 100), "-25.0 points"),
        situation("chance", (91, 100, 88, 100), "not clear"),
        situation("few now", (19, 19, 1, 100), "too few"),
        situation("few then", (1, 100, 19, 19), "too few"),
        situation("nothing then", (1, 100, 0, 0), "-"),
        situation("nothing now", (0, 0, 9, 10), "-"),
    ],
)
def test_in_words(counts: tuple[int, int, int, int], said: str) -> None:
    assert change_text(*counts) == said
    assert is_clear(*counts) == said.endswith("points")
