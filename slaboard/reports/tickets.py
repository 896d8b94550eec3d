"""The sheets that are made of tickets' courses, all of them in one pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from slaboard.reports import claims, flow, surveys
from slaboard.reports.course import Course
from slaboard.reports.cut import Cut
from slaboard.reports.flow import Flow
from slaboard.reports.names import Names
from slaboard.reports.question import Key
from slaboard.reports.sheet import Sheet

SHEETS = ("tickets", "claims", "surveys")


def sheets(
    courses: Iterable[Course], cut: Cut, names: Names, wanted: Collection[str], over_time: Cut | None = None
) -> tuple[dict[str, Sheet], Mapping[tuple[Key, ...], Flow]]:
    """Those of SHEETS that are wanted, by name; and what came and went in the pieces of `over_time`."""
    flows: defaultdict[tuple[Key, ...], Flow] = defaultdict(Flow)
    claimed: defaultdict[tuple[Key, ...], claims.Claims] = defaultdict(claims.Claims)
    answers: defaultdict[tuple[Key, ...], surveys.Surveys] = defaultdict(surveys.Surveys)
    trend: defaultdict[tuple[Key, ...], Flow] = defaultdict(Flow)
    asked = cut.asked.only.get("engineer")
    engineers = None if asked is None else {names.shown("engineer", name) for name in asked}
    for course in courses:
        if "claims" in wanted:
            claims.take(claimed, course, cut, names, engineers)
        if engineers is not None and course.facts["engineer"] not in engineers:
            continue
        if "tickets" in wanted:
            flow.take(flows, course, cut)
        if "surveys" in wanted:
            surveys.take(answers, course, cut)
        if over_time is not None:
            flow.take(trend, course, over_time)
    made = {
        "tickets": flow.sheet(flows, cut.by),
        "claims": claims.sheet(claimed, cut.by),
        "surveys": surveys.sheet(answers, cut.by),
    }
    return {name: made[name] for name in SHEETS if name in wanted}, trend
