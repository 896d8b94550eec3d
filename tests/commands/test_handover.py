"""The hand-over as a command: until when, in which form, and that it only tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard.reports.handover_text import Rows
from slaboard.store.reports import shift
from slaboard.store.sqlite import SqliteStore
from tests.commands.shell import Run, at_noon
from tests.sla.story import ALL, FILE, OFFICE, at
from tests.store.desk import desk, do, dump


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")


def test_where_nobody_closes_it_looks_eight_hours_ahead(path: Path, run: Run) -> None:
    """A-1 is Ana's, B-2 nobody's: their later clocks turn within that time."""
    before = dump(path, without=())
    said = run("handover").out.splitlines()
    assert said[:3] == [
        "Hand-over of Mon 5 Jan, 09:50, until 17:50 (nobody closes: 8 hours)",
        "1 red and 0 orange already. Clocks that turn before then, by holder: nobody 2,",
        "ana 1.",
    ]
    assert "            10:00     B-2        P1     Resplan    nobody     Disk" in said
    assert "Nothing waits." in said
    assert "Held, and not worked on since (1)" in said
    assert dump(path, without=()) == before


def test_until_a_time_of_the_clock_on_the_wall(path: Path, run: Run) -> None:
    assert run("handover", "--until", "09:55", "--json").json["turns"] == []
    assert run("handover", "--until", "09:00", "--json").json["until_at"] == "2026-01-06T09:00:00Z"
    assert (
        run("handover", "--until", "2026-01-05T10:30:00Z", "--json").json["turns"][0]["red_at"]
        == "2026-01-05T10:00:01Z"
    )
    assert "is past" in run("handover", "--until", "2026-01-05T09:30:00Z", code=2).err
    assert "is no time" in run("handover", "--until", "soon", code=2).err


def test_for_a_chat(path: Path, run: Run) -> None:
    with SqliteStore(path) as store:
        do(store, "09:40 ben wait A-1 - Mrs. *Brackenfell*", "09:45 ben takeover A-1")
    said = run("handover", "--format", "markdown").out
    assert said.startswith("# Hand-over of Mon 5 Jan, 09:50")
    assert "| 09:40 | Mrs. \\*Brackenfell\\* | A-1 | ben | VPN |" in said
    assert "| 09:45 | ana | ben | A-1 | VPN |" in said


def test_until_the_office_opens(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the calendar under which most open tickets count."""
    made = tmp_path / "office.db"
    text = FILE.format(settings="", office=OFFICE, early=OFFICE)
    desk(made, policy=f'{text}[[policy]]\nname = "All"\ncalendar = "office"\n{ALL}\n').close()
    monkeypatch.setenv("SLABOARD_STORE", str(made))
    at_noon(monkeypatch, at("16:30"))
    assert run("handover").out.startswith("Hand-over of Mon 5 Jan, 16:30, until Tue 09:00 (office opens)")


def test_only_what_is_told_is_put_into_words_and_no_clock_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a hundred thousand that wait people are told fifteen; and how far it has come is said page by page."""
    said: list[str] = []

    def row(number: int) -> tuple[str, ...]:
        said.append(str(number))
        return (str(number),)

    rows = Rows(range(1_000), row)
    assert (len(rows), rows[:2], rows[7]) == (1_000, [("0",), ("1",)], ("7",))
    assert len(said) == 3
    monkeypatch.setattr(shift, "PAGE", 2)
    acts = (f"09:00 mail add C-{i} priority=P2 / 09:05 ana claim C-{i} any" for i in range(4))
    with desk(tmp_path / "s.db", *acts) as store:
        now, until, midnight, done = at("09:50"), at("17:00"), at("00:00"), list[int]()
        pages = shift.told(store, now, until, midnight)
        found = shift.handover(store, now, until, midnight, pages, done.append)
        assert done == [2, 4, 5]
        assert len(found.held) == 4
        assert {held.ticket.clocks for held in found.held} | {turn.ticket.clocks for turn in found.turns} == {()}
