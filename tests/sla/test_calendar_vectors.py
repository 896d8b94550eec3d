"""The calendar against some 760 cases from other people's test suites; data/vectors/README.md says what they mean."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from slaboard.sla.calendar import BusinessCalendar
from tests.shared_data import Case, each_vector


def _calendar(case: Case) -> BusinessCalendar:
    return BusinessCalendar.from_dict(case["calendar"])


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _expected(case: Case) -> dict[str, Any]:
    """Ours is the plain reading wherever a case disputes it."""
    expected: dict[str, Any] = case if case["checked"] else case["plain"]
    return expected


def _seconds(amount: dict[str, Any]) -> int:
    seconds: int = amount["seconds"] if "seconds" in amount else amount["minutes"] * 60
    return seconds


@each_vector("add_business_time")
def test_due(case: Case) -> None:
    assert _calendar(case).due(_at(case["start"]), _seconds(case)) == _at(_expected(case)["due"])


@each_vector("elapsed_business_time")
def test_elapsed(case: Case) -> None:
    assert _calendar(case).elapsed(_at(case["start"]), _at(case["end"])) == _seconds(_expected(case))


@each_vector("is_open")
def test_is_open(case: Case) -> None:
    assert _calendar(case).is_open(_at(case["at"])) == _expected(case)["open"]


@each_vector("next_open", lambda case: case["mode"] == "at_or_after")
def test_next_open(case: Case) -> None:
    assert _calendar(case).next_open(_at(case["at"])) == _at(_expected(case)["next_open"])


@each_vector("next_open", lambda case: case["mode"] == "next_transition")
def test_next_opening_after_a_closed_time(case: Case) -> None:
    calendar, at = _calendar(case), _at(case["at"])
    closed = calendar.next_close(at) if calendar.is_open(at) else at
    assert closed is not None
    assert calendar.next_open(closed) == _at(_expected(case)["next_open"])


@each_vector("next_close")
def test_next_close(case: Case) -> None:
    assert _calendar(case).next_close(_at(case["at"])) == _at(_expected(case)["next_close"])


@each_vector("open_intervals")
def test_open_spans(case: Case) -> None:
    spans = _calendar(case).spans_s(_epoch(case["from"]), _epoch(case["to"]))
    assert spans == _merged([(_epoch(opens), _epoch(closes)) for opens, closes in _expected(case)["intervals"]])


def _epoch(text: str) -> int:
    return int(_at(text).timestamp())


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join touching intervals: the cases may list them apart, ours are one."""
    merged: list[tuple[int, int]] = []
    for opens, closes in spans:
        if merged and merged[-1][1] == opens:
            merged[-1] = (merged[-1][0], closes)
        else:
            merged.append((opens, closes))
    return merged
