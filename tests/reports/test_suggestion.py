"""Targets from what was: the quantile, the interval around it, and steps that people promise."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slaboard.reports.suggestion import least, quantile, ranks, rounded
from tests.sla.story import situation

P90 = Fraction("0.9")


def below(n: int, k: int, p: Fraction) -> Fraction:
    """P(B <= k), B binomial (n, p), exactly."""
    return sum((comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1)), Fraction(0))


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, 120), p=st.sampled_from([Fraction("0.5"), Fraction("0.75"), P90, Fraction("0.99")]))
def test_the_ranks_are_the_tightest_that_the_binomial_allows(n: int, p: Fraction) -> None:
    """Against exact fractions: at most 2.5 % on either side, and one rank further in would be more."""
    low, high = ranks(n, p)
    tail, hair = Fraction(25, 1000), Fraction(1, 10**9)
    assert low == 0 or below(n, low - 1, p) <= tail + hair
    assert low == n or below(n, low, p) > tail - hair
    assert high == n + 1 or 1 - below(n, high - 1, p) <= tail + hair
    assert high == 1 or 1 - below(n, high - 2, p) > tail - hair


def test_ranks_of_a_table() -> None:
    """As Hahn and Meeker's tables have them for the median and the 90th percentile, and of a million in no time."""
    assert ranks(20, Fraction("0.5")) == (6, 15)
    assert ranks(100, P90) == (84, 96)
    low, high = ranks(1_000_000, P90)
    assert (900_000 - low, high - 900_000) == pytest.approx((588, 588), abs=2)


def test_few_results_have_no_upper_end() -> None:
    """Of 35 the largest may lie below the true p90 in more than 2.5 % of all worlds; of 36 it may not."""
    assert least(P90) == 36
    assert ranks(35, P90)[1] == 36
    assert ranks(36, P90)[1] == 36
    found = quantile([600] * 10, P90)
    assert (found.value, found.high, found.low) == (600, None, 600)


@given(times=st.lists(st.integers(0, 2_000_000), min_size=1, max_size=80), percent=st.integers(1, 99))
def test_the_target_keeps_at_least_the_share(times: list[int], percent: int) -> None:
    """By the exact fraction: 0.7 of 10 is 7 results, not 8; and a lower value would keep too few."""
    found = quantile(times, Fraction(percent, 100))
    assert found.target >= found.value
    assert found.kept * 100 >= percent * len(times)
    assert sum(one < found.value for one in times) * 100 < percent * len(times)
    assert found.low is None or found.low <= found.value
    assert found.high is None or found.high >= found.value


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        situation("nothing", 0, 300),
        situation("a second", 1, 300),
        situation("already round", 900, 900),
        situation("within the hour", 2_461, 2_700),
        situation("within four hours", 3_601, 4_500),
        situation("within the day", 30_000, 32_400),
        situation("many hours", 91_740, 28 * 3_600),
        situation("hundreds of hours", 400_000, 112 * 3_600),
    ],
)
def test_a_target_is_one_that_people_promise(seconds: int, expected: int) -> None:
    assert rounded(seconds) == expected


def test_longer_times_never_have_shorter_targets() -> None:
    steps = [rounded(seconds) for seconds in range(0, 800_000, 60)]
    assert steps == list(accumulate(steps, max))
