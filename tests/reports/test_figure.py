"""Figures: exact percentiles, and shares that do not look surer than they are."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.reports.figure import Spread, number_text, share_text, span_text, spread


@given(st.lists(st.integers(0, 1 << 40), min_size=2))
def test_a_spread_is_what_python_s_statistics_say(values: list[int]) -> None:
    """The median, and the 90th percentile of the inclusive method."""
    found = spread(values)
    assert found.n == len(values)
    assert found.mean == pytest.approx(statistics.fmean(values))
    assert found.median == pytest.approx(statistics.median(values))
    assert found.p90 == pytest.approx(statistics.quantiles(values, n=10, method="inclusive")[8])


def test_a_spread_of_one_and_of_none() -> None:
    assert spread([7]) == Spread(1, 7.0, 7.0, 7.0)
    assert spread([]) == Spread(0, None, None, None)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 0, "-"), (2, 3, "2 of 3"), (19, 19, "19 of 19"), (20, 20, "100 %"), (0, 20, "0 %"), (13, 20, "65.0 %"),
        (1, 3_000, "< 0.1 %"), (2_999, 3_000, "> 99.9 %"), (2_997, 3_000, "99.9 %"), (3, 3_000, "0.1 %"),
    ],
)  # fmt: skip
def test_a_share(part: int, whole: int, text: str) -> None:
    """Few are written as they are; 100 % is all, and 0 % is none."""
    assert share_text(part, whole) == text


def test_nothing_is_a_dash() -> None:
    assert (span_text(None), number_text(None), span_text(5399.6), number_text(12_345)) == (
        "-",
        "-",
        "1h 30m",
        "12,345",
    )
