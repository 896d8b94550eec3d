"""Shares as people read them: a percentage of many, `2 of 3` of few."""

from __future__ import annotations

SMALL = 20
"""Of fewer than so many a share is not written as a percentage: one more or less would move it by over 5 points."""
NOTHING = "-"


def share_text(part: int, whole: int) -> str:
    """`94.1 %`; `2 of 3` of few; never 100 % when one is missing, and never 0 % when there is one."""
    if whole == 0:
        return NOTHING
    if whole < SMALL:
        return f"{part:,} of {whole:,}"
    shown = f"{100 * part / whole:.1f} %"
    if shown == "100.0 %":
        return "100 %" if part == whole else "> 99.9 %"
    if shown == "0.0 %":
        return "0 %" if part == 0 else "< 0.1 %"
    return shown
