"""The hand-over: what turns when, who holds it, what waits on whom; and when the next shift opens."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from slaboard.board import cells
from slaboard.reports.handover import SLACK, Handover, facts, next_shift
from slaboard.reports.handover_text import MOST, lines, markdown
from slaboard.sla.clock import replay
from slaboard.sla.policy import PolicySet, parse
from slaboard.store.read.moment import ticket_from
from slaboard.store.rows import raw
from slaboard.ticket import Event
from tests.sla.story import EVERYONE, at, clock_time, situation, story

BREAK = """
[calendar.desk]
timezone = "UTC"
hours = { mon = ["09:00-12:30", "13:30-17:00"], tue = ["09:00-17:00"], fri = ["22:00-06:00"] }
[[policy]]
name = "All"
targets = { resolution = "8h" }
"""


def told(
    texts: Iterable[str], *, now: str = "12:00", until: str = "06T09:00", policies: PolicySet = EVERYONE,
    most: int | None = None,
) -> Handover:  # fmt: skip
    """The hand-over of tickets T-1, T-2, ... with these stories."""
    found = Handover(at(now), at(until), at("00:00"), most=most)
    for number, text in enumerate(texts, 1):
        events = [
            Event(**{**{f: getattr(e, f) for f in e.__struct_fields__}, "ticket": f"T-{number}"}) for e in story(text)
        ]
        fold = replay(f"T-{number}", events, policies)
        found.add(ticket_from(fold, fold.clocks(), at(now), raw), events, policies)
    found.sort()
    return found


def test_what_turns_before_the_next_shift_and_who_holds_it() -> None:
    """Each running clock once, with both its turns; what turned already, or turns later, is left out."""
    found = told(
        [
            "11:30 created / 11:40 claim",  # response orange 12:15, due 12:30; resplan orange 14:30, due 15:30
            "10:00 created / 10:05 respond",  # resplan orange 13:00, due 14:00
            "02T09:00 created / 02T09:10 respond / 02T09:20 engage / 02T09:30 wait",
            "09:00 created / 09:30 resolve",
        ]
    )
    seen = [
        (t.ticket.id, t.clock.bucket.value, clock_time(t.orange_at), clock_time(t.red_at), t.ticket.owner)
        for t in found.turns
    ]
    assert seen == [
        ("T-1", "response", "12:15", "12:30:01", "ana"),
        ("T-2", "resplan", "13:00", "14:00:01", None),
        ("T-1", "resplan", "14:30", "15:30:01", "ana"),
    ]
    late = told(["11:30 created"], until="12:20")
    assert [(clock_time(t.orange_at), t.red_at) for t in late.turns] == [("12:15", None)]


def test_what_waits_since_when_and_for_whom() -> None:
    """The reason that was given, else the status word; a note meanwhile does not begin it anew."""
    found = told(
        [
            "09:00 created / 11:00 wait reason=vendor / 11:30 note",
            "09:00 created / 10:00 status status=Awaiting / 11:00 status status=Awaiting reason=late",
            "09:00 created / 09:10 wait reason=parts / 09:20 resume",
        ]
    )
    assert [(w.ticket.id, w.reason, clock_time(w.since)) for w in found.waits] == [
        ("T-2", "Awaiting", "10:00"), ("T-1", "vendor", "11:00")
    ]  # fmt: skip


def test_what_is_held_without_work() -> None:
    """Since it was claimed or taken over, or since a wait ended by itself; another's note is no work."""
    found = told(
        [
            "09:00 created / 10:00 claim / 10:30 note actor=ben",
            "09:00 created / 09:30 claim / 10:00 engage",
            "09:00 created / 09:30 claim / 09:40 engage / 11:00 takeover actor=ben",
            "09:00 created / 09:05 claim / 09:10 engage / 09:20 wait / 09:45 resume by=automation",
            "09:00 created / 09:15 claim / 09:20 resolve",
            "09:00 created",
        ]
    )
    assert [(h.ticket.id, h.ticket.owner, clock_time(h.since)) for h in found.held] == [
        ("T-4", "ana", "09:45"), ("T-1", "ana", "10:00"), ("T-3", "ben", "11:00")
    ]  # fmt: skip


def test_what_was_taken_over_today() -> None:
    """From whom and by whom, also of what is resolved by now; what was undone or was yesterday is not told."""
    found = told(
        [
            "09:00 created / 09:10 claim / 09:20 takeover actor=ben / 09:30 resolve actor=ben",
            "02T09:00 created owner=ana / 02T10:00 takeover actor=ben / 11:00 takeover actor=chi",
            "09:00 created / 09:10 claim / 09:20 takeover actor=ben id=x / 09:20 undo caused_by=x",
        ]
    )
    assert [(t.ticket.id, t.before, t.after) for t in found.taken] == [("T-1", "ana", "ben"), ("T-2", "ben", "chi")]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        situation("in the morning before opening", "08:00", "09:00"),
        situation("in the morning", "10:00", "06T09:00"),
        situation("in the break", "13:00", "06T09:00"),
        situation("in the evening", "18:00", "06T09:00"),
        situation("before a night shift", "06T18:00", "09T22:00"),
        situation("in a night shift, past midnight", "10T02:00", "12T09:00"),
    ],
)
def test_when_the_next_shift_opens(now: str, expected: str) -> None:
    """Not behind a break."""
    policies, problems = parse(BREAK)
    assert policies is not None, problems
    day = at(now.partition("T")[0] + "T00:00" if "T" in now else "00:00")
    opens = next_shift(policies.calendars["desk"], at(now), day)
    assert clock_time(opens) == expected


def test_where_nobody_closes_no_shift_opens() -> None:
    assert next_shift(EVERYONE.calendars["24x7"], at("09:00"), at("00:00")) is None
    assert next_shift(None, at("09:00"), at("00:00")) is None


def test_the_lines_fit_80_cells_and_markdown_is_inert() -> None:
    """Whatever tickets and people are called; a long section says how many more there are."""
    hostile = "\x1b[31m**bold**_|_<script>"
    texts = [f"11:30 created title={hostile} owner={hostile} priority=世界世界世界世界"] * (MOST + 3)
    found = told(texts)
    shown = list(lines(found, "UTC", "office opens"))
    assert all(cells.width(line) <= 80 and "\x1b" not in line for line in shown)
    assert "  and 21 more; --json has them all" in shown
    assert shown[0] == "Hand-over of Mon 5 Jan, 12:00, until Tue 09:00 (office opens)"
    assert shown[1].startswith("0 red and 0 orange already. Clocks that turn before then, by holder:")
    text = "\n".join(markdown(found, "UTC", "office opens"))
    assert "<script>" not in text
    assert "\\*\\*bold\\*\\*" in text
    assert text.count("\n| 12:15 | 12:30 | T-") == MOST + 3
    assert "Nothing waits." in text


def test_the_facts_hold_everything() -> None:
    known = facts(told(["09:00 created / 09:10 claim / 09:20 takeover actor=ben", "09:00 created / 10:00 wait"]))
    assert known["now_at"] == at("12:00")
    assert [len(known[name]) for name in ("waiting", "held", "taken_over")] == [1, 1, 1]  # type: ignore[arg-type]


def test_people_are_told_the_same_of_any_number_though_only_the_first_are_kept() -> None:
    """Of each kind; the numbers, and whose the clocks are, count all."""
    stories = (
        "11:{:02} created owner=ana", "09:{:02} created / 10:{:02} wait",
        "09:00 created / 09:{:02} claim / 10:{:02} takeover actor=ben",
    )  # fmt: skip
    texts = [story.format(number % 60, number % 60) for number in range(MOST * SLACK + 7) for story in stories]
    whole, first = told(texts), told(texts, most=MOST)
    assert list(lines(first, "UTC", "office opens")) == list(lines(whole, "UTC", "office opens"))
    for name in ("turns", "waits", "held", "taken"):
        assert len(getattr(first, name)) == MOST < len(getattr(whole, name)) == getattr(first, name).total
