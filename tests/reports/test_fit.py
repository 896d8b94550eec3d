"""Whether a target fits: only what enough results surely say."""

from __future__ import annotations

import pytest

from slaboard.reports.fit import Fit, fitted
from slaboard.ticket import Bucket
from tests.reports.promise import promise
from tests.sla.story import situation

HOUR = 3_600


@pytest.mark.parametrize(
    ("times", "fit"),
    [
        situation("few, however late", [9 * HOUR] * 19, Fit.FEW),
        situation("twenty, all late", [9 * HOUR] * 20, Fit.TIGHT),
        situation("twenty, all at once: no upper end", [60] * 20, Fit.UNSURE),
        situation("forty, all at once", [60] * 40, Fit.LOOSE),
        situation("all in half of it", [HOUR // 2] * 100, Fit.LOOSE),
        situation("all in a little more than half", [HOUR // 2 + 1] * 100, Fit.FITS),
        situation("half of it, not surely", [HOUR // 2] * 92 + [HOUR] * 8, Fit.FITS),
        situation("just kept", [HOUR] * 100, Fit.FITS),
        situation("a tenth late", [HOUR] * 90 + [2 * HOUR] * 10, Fit.UNSURE),
        situation("a fifth late", [HOUR] * 80 + [2 * HOUR] * 20, Fit.TIGHT),
    ],
)
def test_a_target_of_an_hour(times: list[int], fit: Fit) -> None:
    assert fitted(HOUR, times).fit is fit


def test_a_target_that_would_fit() -> None:
    """Of a tight one what 90 % took; of a loose one what they surely took at the most, which is more; else none."""
    loose = fitted(HOUR, [600] * 92 + [1_400] * 8)
    assert (loose.fit, loose.target_s, loose.kept) == (Fit.LOOSE, 1_500, 100)
    tight = fitted(HOUR, [HOUR] * 50 + [HOUR + 1_000] * 45 + [9 * HOUR] * 5)
    assert (tight.fit, tight.target_s, tight.kept) == (Fit.TIGHT, HOUR + 1_800, 95)
    assert fitted(HOUR, [HOUR] * 100).target_s is None


def test_the_evidence_in_words() -> None:
    """A share of the target; of what is far off, how many times it; a target of nothing has no shares."""
    assert "100 % of the target (sure 100 % to 100 %, n = 100)" in promise([HOUR] * 100).told
    assert "9.0 times the target (sure 9.0 or more, n = 20); kept 0 %" in promise([9 * HOUR] * 20).told
    assert "took up to 9h (n = 20)" in promise([9 * HOUR] * 20, target_s=0).told
    assert promise([HOUR] * 19).told == "Gold (P1), Resolution 1h: too few to say (n = 19)."
    assert promise([60] * 40, bucket=Bucket.RESPONSE).told.startswith("Gold (P1), Response 1h: too loose. 90 % took")
