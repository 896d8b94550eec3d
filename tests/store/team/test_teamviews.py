"""The team's views: in the store, told apart as people do it, and harmless whatever another program wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from slaboard.board.pivot import Pivot
from slaboard.board.saved import SavedView
from slaboard.board.views import Sort, SortBy, Tab
from slaboard.errors import StoreError, UsageError
from slaboard.store.sqlite import SqliteStore
from slaboard.store.team.teamviews import TeamViews
from tests.store.desk import desk

DESK = SavedView("Desk", 'cust:"a b"', Tab.BREACHED, Sort(SortBy.DUE, True), Pivot.OWNER, True, "ana")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with desk(tmp_path / "s.db") as made:
        yield made


def test_what_one_board_saves_the_others_have(store: SqliteStore) -> None:
    TeamViews(store).save(DESK, "ana", 7)
    with SqliteStore(store.path, read_only=True) as other:
        assert TeamViews(other).everything() == (DESK,)
        with pytest.raises(StoreError):
            TeamViews(other).save(DESK, "ben", 8)


def test_the_same_name_in_another_case_is_the_same_view(store: SqliteStore) -> None:
    """Also where SQLite's NOCASE does not know the letter."""
    team = TeamViews(store)
    for name in ("Über", "ÜBER", "über"):
        team.save(SavedView(name), "ana", 7)
    assert [view.name for view in team.everything()] == ["über"]
    team.rename("ÜBER", "Desk")
    team.save(SavedView("Other"), "ana", 7)
    with pytest.raises(UsageError, match="The team has a view Desk already"):
        team.rename("other", "desk")
    team.remove("DESK")
    assert [view.name for view in team.everything()] == ["Other"]
    with pytest.raises(UsageError, match="The team has no view x"):
        team.remove("x")
    with pytest.raises(UsageError, match="The team has no view x"):
        team.rename("x", "y")


def test_a_name_that_cannot_be_is_refused(store: SqliteStore) -> None:
    with pytest.raises(UsageError, match="plain text"):
        TeamViews(store).save(SavedView("a\x1b[2J"), "ana", 7)


def test_what_another_program_wrote_wrongly_is_left_out(store: SqliteStore) -> None:
    with store.writing() as connection:
        connection.execute("INSERT INTO views (name, tab) VALUES ('bad', 'moon')")
        connection.execute("INSERT INTO views (name, filter, saved_by) VALUES ('good', 'p1', char(27) || 'x')")
    assert TeamViews(store).everything() == (
        SavedView("good", "p1", is_team=True, saved_by="\ufffdx"),
    )  # fmt: skip


def test_a_store_of_an_older_schema_has_none(store: SqliteStore) -> None:
    store.connection.execute("PRAGMA user_version = 4")
    assert TeamViews(store).everything() == ()
