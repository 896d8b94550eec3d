"""What becomes of views and lists that the board writes beside itself, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard import viewfile
from slaboard.board.moves.effect import Export, Keep
from slaboard.board.saved import SavedView
from slaboard.board.views import Tab, View
from slaboard.store.sqlite import SqliteStore
from slaboard.store.team.teamviews import TeamViews
from slaboard.tui.chore import done
from tests.sla.story import at
from tests.store.desk import desk

NOW = at("09:50")
OWN, TEAM = SavedView("Dawn", "p1"), SavedView("Desk", "p2", is_team=True)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "s.db"
    desk(path).close()
    return path


def said(store: Path, chore: Keep | Export) -> str:
    found = done(chore, store, NOW)
    return f"{found.word} {found.text}"


def test_one_s_own_view_is_kept_in_a_file(store: Path) -> None:
    assert said(store, Keep("save", OWN)).startswith("OK Dawn is saved in ")
    assert said(store, Keep("rename", OWN, "Dusk")) == "OK Dawn is called Dusk now"
    assert [view.name for view in viewfile.load().views] == ["Dusk"]
    assert said(store, Keep("remove", SavedView("Dusk"))).endswith("dusk.toml is deleted")
    assert said(store, Keep("remove", OWN)) == "NO You have no view Dawn."


def test_the_team_s_is_kept_in_the_store(store: Path) -> None:
    assert said(store, Keep("save", TEAM, who="Ana")) == "OK Desk is saved for the team"
    assert said(store, Keep("rename", TEAM, "Front")) == "OK Desk is called Front now, for the team"
    with SqliteStore(store) as opened:
        assert [(view.name, view.saved_by) for view in TeamViews(opened).everything()] == [("Front", "Ana")]
    assert said(store, Keep("remove", SavedView("front", is_team=True))) == "OK the team has no view front any more"
    assert said(store, Keep("remove", TEAM)) == "NO The team has no view Desk."


def test_a_store_that_is_gone_is_a_sentence(store: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone.db"
    assert said(gone, Keep("save", TEAM)).startswith(f"NO There is no store at {gone}.")
    assert said(gone, Export(str(tmp_path / "x.csv"), View(Tab.ALL))).startswith("NO There is no store")
    assert not (tmp_path / "x.csv").exists()


def test_a_list_is_written_and_counted(store: Path, tmp_path: Path) -> None:
    export = Export(str(tmp_path / "x.ndjson"), View(Tab.ALL))
    assert said(store, export) == f"OK 1 ticket is in {tmp_path / 'x.ndjson'}"
    assert said(store, export) == (
        f"NO {tmp_path / 'x.ndjson'} is there already and stays as it is. Name another file."
    )
