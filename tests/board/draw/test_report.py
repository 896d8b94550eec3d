"""The report of a bulk: what was not done comes first, with the store's own sentence."""

from __future__ import annotations

from msgspec.structs import replace

from slaboard.board.draw import report
from tests.board.drawn import style_of, text, texts
from tests.board.scenes import scenes

REPORT = scenes()["report"]


def test_every_ticket_is_told() -> None:
    """Each with its word."""
    lines = report.lines(REPORT, 80)
    words = [word for line in lines[2:] if (word := text(line)[2:7].strip())]
    assert words == ["LOST", "GONE", "NO", "OK", "OK"]
    assert style_of(lines, " LOST ") == "bar.lost"
    assert style_of(lines, " OK") == "bar.ok"


def test_long_sentences_are_wrapped_not_cut() -> None:
    """What is to be done stands at their end."""
    assert "Nothing" in texts(report.lines(REPORT, 40)).replace("\n", " ")
    assert "…" not in texts(report.lines(REPORT, 40))
    assert texts(report.lines(REPORT, 30)).startswith(" 2 of 5 claimed by Ben; 1\n LOST, 1 GONE, 1 NO")


def test_nothing_was_done_yet() -> None:
    """A sentence instead of an empty screen."""
    assert "Nothing was done" in texts(report.lines(replace(REPORT, report=None), 80))
