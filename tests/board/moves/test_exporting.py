"""A file's name for the list is asked for and decided."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.moves import exporting
from slaboard.board.moves.effect import Export
from slaboard.board.moves.press import paste
from slaboard.board.moves.session import Session
from slaboard.board.state import Mode
from tests.board.factory import NOW
from tests.board.seat import hit, hits, seated


def typed(session: Session) -> str:
    assert session.board.prompt is not None
    return session.board.prompt.text


def test_a_sensible_name_is_there_already() -> None:
    session = hits(seated(), "X")
    assert typed(session) == "brightwater-msp-needs-20251121-1541.csv"
    assert session.board.prompt is not None
    assert session.board.prompt.title == "Export 20 tickets"
    after, effect = hit(session, "enter")
    assert effect == Export(typed(session), session.board.view)
    assert after.board.mode is Mode.BOARD
    assert after.board.outcome is not None
    assert after.board.outcome.word == "WAIT"


def test_tab_says_how_it_is_written() -> None:
    session = hits(seated(), "X", "tab")
    assert typed(session).endswith("-1541.ndjson")
    assert typed(hits(session, "tab")).endswith("-1541.csv")
    assert typed(hits(session, "ctrl+u", "ctrl+k", "x", "tab")) == "x.csv"


def test_a_name_that_does_not_say_how_is_asked_for_again() -> None:
    session = hits(seated(), "X", "ctrl+u", "ctrl+k", "x", "enter")
    assert session.board.mode is Mode.EXPORT
    assert session.board.prompt is not None
    assert "End the name in .csv or .ndjson" in session.board.prompt.hint
    assert hits(session, "escape").board.mode is Mode.BOARD


def test_a_file_that_is_there_is_put_out_when_its_name_is_said_twice() -> None:
    export = Export("a.csv", seated().board.view)
    session = exporting.refused(seated(), export)
    assert session.board.prompt is not None
    assert session.board.prompt.hint == "a.csv is there already: enter again puts this in its place"
    assert hit(session, "enter")[1] == replace(export, replaces=True)
    assert hit(hits(session, "home", "b"), "enter")[1] == replace(export, file="ba.csv")
    back = hits(session, "home", "b", "backspace")
    assert hit(back, "enter")[1] == export, "typed anew it is asked anew"


def test_the_past_is_exported_as_it_was() -> None:
    session = seated()
    session = replace(session, past_at=NOW - 900, board=replace(session.board, past_at=NOW - 900, now=NOW - 900))
    _, effect = hit(hits(session, "X"), "enter")
    assert isinstance(effect, Export)
    assert effect.at == NOW - 900


@pytest.mark.parametrize("text", ["/tmp/x.csv", "a b.csv"])
def test_a_path_can_be_pasted(text: str) -> None:
    session = paste(hits(seated(), "X", "ctrl+u", "ctrl+k"), text)
    assert typed(session) == text


def test_there_is_nothing_to_export_before_the_store_has_answered() -> None:
    session = seated()
    after = hits(replace(session, board=replace(session.board, grid=None)), "X")
    assert after.board.mode is Mode.BOARD
