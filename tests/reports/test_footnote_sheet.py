"""Footnotes of many tickets as a sheet: how many there are of each, what people read, what programs get."""

from __future__ import annotations

from slaboard.reports.footnote_sheet import FACTS, Looked, Telling, in_time, sheet
from slaboard.reports.footnotes import Footnote, Sort
from slaboard.reports.names import Names

COUNTS, FULL = Telling(), Telling(names=True)


def waited(number: int, who: str | None = "Ana") -> Footnote:
    return Footnote(f"T-{number}", Sort.LATE_WAIT, number, "was set to wait with 0:01:00 of 4:00:00 left", who)


def test_tickets_are_counted_and_some_are_named() -> None:
    """A ticket with two is one; of many the first few stand there to be looked at, and no person does."""
    made = sheet(Looked([waited(n) for n in (1, 1, 2, 3, 4)], 120), Names(), COUNTS)
    assert made.paragraphs() == [
        "In 4 of 120 tickets waiting began with 5 % of a target left or less (T-1, T-2, T-3 ...)."
    ]
    assert [(row["about"], row["tickets"]) for row in made.rows] == [
        ("late_wait", 4), ("quick_reopen", 0), ("held_idle", 0),
    ]  # fmt: skip
    assert "Ana" not in str(made.rows)


def test_with_names_each_fact_is_told_and_whose_act_it_was() -> None:
    """As the report calls people; of more than a few the rest is not hidden."""
    made = sheet(Looked([waited(1), waited(2, None)], 30), Names(), FULL)
    assert made.paragraphs()[1:] == [
        "T-1 was set to wait with 0:01:00 of 4:00:00 left (Ana).",
        "T-2 was set to wait with 0:01:00 of 4:00:00 left.",
    ]
    assert "(Engineer " in sheet(Looked([waited(1)], 30), Names(b"key"), FULL).paragraphs()[1]
    many = sheet(Looked([waited(n) for n in range(FACTS + 1)], 30), Names(), FULL).paragraphs()
    assert (len(many), many[-1]) == (FACTS + 2, "And more.")


def test_a_sample_says_that_it_is_one() -> None:
    made = sheet(Looked([waited(1)], 1_000, is_sample=True), Names(), COUNTS)
    assert made.paragraphs()[0].startswith("In 1 of 1,000 tickets, drawn evenly from all, waiting began")
    assert (made.rows[0]["share"], made.rows[0]["is_sample"]) == (0.001, True)


def test_where_there_is_nothing_to_tell() -> None:
    """That tickets were looked at is told; without tickets there is no row."""
    assert sheet(Looked([], 1), Names(), COUNTS).paragraphs() == ["Nothing to tell of 1 ticket."]
    assert sheet(Looked([], 0), Names(), COUNTS).rows == ()


def test_hostile_ids_and_people_are_one_harmless_line() -> None:
    """What a feed calls a ticket may be anything."""
    evil = Footnote("T\n\x1b[2J<b>", Sort.QUICK_REOPEN, 5, "was reopened", "=cmd\n\x07")
    for telling in (COUNTS, FULL):
        text = "\n".join(sheet(Looked([evil], 2), Names(), telling).paragraphs())
        assert not any(char in text for char in "\x1b\x07")
        assert text.count("\n") == (1 if telling.names else 0)


def test_a_reopen_is_told_of_the_time_in_which_it_happened() -> None:
    """A wait belongs to the result that it is behind, whenever that began."""
    reopened = Footnote("T-1", Sort.QUICK_REOPEN, 100, "was reopened", None)
    assert in_time([reopened, waited(1)], 50, 101) == [reopened, waited(1)]
    assert in_time([reopened, waited(1)], None, 100) == in_time([reopened, waited(1)], 101, 200) == [waited(1)]
