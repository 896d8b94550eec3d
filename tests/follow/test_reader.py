"""What a look at the store brings back, and that a look without a reason reads nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from slaboard.board.pivot import Pivot
from slaboard.board.saved import SavedView
from slaboard.board.sight import Sight
from slaboard.board.views import Tab, View, parse_filter
from slaboard.follow.reader import Reader
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from slaboard.store.team.teamviews import TeamViews
from slaboard.ticket import Bucket, Zone
from tests.stores import GREEN, ORANGE, RED, YELLOW, make

NOW = 1_763_736_067
SEEN = Sight(View(Tab.ALL), rows=5)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(make(tmp_path / "s.db", NOW, [GREEN, YELLOW, ORANGE, RED, *[YELLOW] * 96])) as store:
        yield store


@pytest.fixture
def reader(store: SqliteStore) -> Reader:
    return Reader(store)


def ids(refresh: object) -> list[str]:
    """The ids of a refresh's page."""
    return [ticket.id for ticket in refresh.page.rows]  # type: ignore[attr-defined]


def test_everything_at_once(reader: Reader) -> None:
    seen = reader.read(replace(SEEN, cursor="T-3", detail="T-3", person="Ana"), NOW)
    assert seen.grid.row(Bucket.RESPONSE) == (1, 97, 1, 1)
    assert seen.counts == {Tab.NEEDS: 98, Tab.MINE: 0, Tab.ALL: 100, Tab.BREACHED: 1}
    assert (seen.index, ids(seen)[0], len(seen.page.rows)) == (0, "T-3", 60)
    assert seen.detail is not None
    assert seen.detail.ticket.id == "T-3"
    assert [person.name for person in seen.team] == ["Ana", "Ben", "Chi"]
    assert "always" in seen.calendars
    assert seen.hits is None


def test_a_filter_counts_its_hits(reader: Reader) -> None:
    seen = reader.read(replace(SEEN, view=View(Tab.ALL, parse_filter("o:"))), NOW)
    assert seen.hits is not None
    assert (seen.hits.row(Bucket.RESPONSE), seen.page.total) == ((0, 0, 1, 0), 1)


def test_the_window_follows_the_cursors_ticket(reader: Reader) -> None:
    seen = reader.read(replace(SEEN, cursor="T-1", index=0, line=0), NOW)
    assert seen.index == 99, "green comes last"
    assert seen.page.first == 79
    assert ids(seen)[-1] == "T-1"


def test_a_list_that_became_shorter_still_shows_its_end(reader: Reader) -> None:
    seen = reader.read(replace(SEEN, index=400, line=2), NOW)
    assert ids(seen)[-1] == "T-1"


def test_only_commits_of_others_are_changes(reader: Reader, store: SqliteStore) -> None:
    assert not reader.has_changed()
    store.act(Act("claim", "T-2", "Ana"), NOW)
    assert not reader.has_changed()
    with SqliteStore(store.path) as other:
        other.act(Act("claim", "T-3", "Ben"), NOW)
    assert reader.has_changed()
    assert not reader.has_changed()


def test_what_another_program_inserted_gets_its_clocks(reader: Reader, store: SqliteStore) -> None:
    with SqliteStore(store.path) as other:
        other.connection.execute("INSERT INTO tickets (id, title) VALUES ('X-1', 'from a script')")
    assert reader.has_changed()
    assert reader.catch_up(NOW) is None
    found = reader.read(replace(SEEN, detail="X-1"), NOW).detail
    assert found is not None
    assert found.ticket.clocks


def test_a_tick_without_a_crossing_says_nothing(reader: Reader) -> None:
    assert reader.tick(SEEN, NOW) is None, "nothing was read yet"
    reader.read(SEEN, NOW)
    assert reader.tick(SEEN, NOW) is None
    assert reader.tick(SEEN, NOW + 1) is None


def test_a_tick_over_an_edge_brings_the_list_in_its_new_order(reader: Reader) -> None:
    reader.read(SEEN, NOW)
    moved = reader.tick(SEEN, NOW + 2_700 - GREEN)
    assert moved is not None
    assert moved.grid.cells[Bucket.RESPONSE, Zone.RED] == 99
    assert ids(moved)[0] == "T-1", "now it is the one that can still be saved"


def test_a_clock_that_was_set_back_reads_everything(reader: Reader) -> None:
    reader.read(SEEN, NOW)
    back = reader.tick(SEEN, NOW - 1_500)
    assert back is not None
    assert back.grid.at == NOW - 1_500


def test_a_look_that_misses_nothing_reads_nothing(reader: Reader) -> None:
    reader.read(SEEN, NOW)
    assert reader.look(replace(SEEN, index=2, line=2, cursor="T-5"), NOW) is None


def test_a_look_at_another_ticket_brings_its_history(reader: Reader) -> None:
    reader.read(replace(SEEN, cursor="T-3", detail="T-3"), NOW)
    seen = reader.look(replace(SEEN, cursor="T-4", index=1, line=1, detail="T-4"), NOW)
    assert seen is not None
    assert seen.detail is not None
    assert seen.detail.ticket.id == "T-4"


def test_a_look_further_down_brings_more_tickets(reader: Reader) -> None:
    reader.read(SEEN, NOW)
    seen = reader.look(replace(SEEN, index=99, line=4), NOW)
    assert seen is not None
    assert seen.page.first == 75
    assert ids(seen)[-1] == "T-1"


def test_held_tickets_that_left_come_as_they_are_now(reader: Reader, store: SqliteStore) -> None:
    needs = replace(SEEN, view=View(Tab.NEEDS))
    held = tuple(ids(reader.read(needs, NOW)))
    store.act(Act("claim", held[1], "Ana"), NOW)
    seen = reader.read(replace(needs, held=held), NOW)
    assert [(ticket.id, ticket.owner) for ticket in seen.others] == [(held[1], "Ana")]
    assert seen.left == 1
    assert seen.page.total == 97


def test_a_ticket_that_is_gone_has_no_detail(reader: Reader) -> None:
    assert reader.read(replace(SEEN, detail="T-404"), NOW).detail is None


def test_the_past_is_read_as_it_was_and_the_present_as_it_is(reader: Reader, store: SqliteStore) -> None:
    store.act(Act("claim", "T-3", "Ana"), NOW)
    reader.read(SEEN, NOW)
    past = reader.look(replace(SEEN, past_at=NOW - 600, detail="T-3", cursor="T-3"), NOW)
    assert past is not None
    assert past.detail is not None
    assert (past.at, past.grid.open, past.detail.ticket.owner) == (NOW - 600, 99, None), "T-1 came a minute ago"
    assert past.grid.row(Bucket.RESPONSE) == (97, 1, 1, 0)
    further = reader.look(replace(SEEN, past_at=NOW - 3_500), NOW)
    assert further is not None
    assert further.grid.open == 1
    now = reader.look(replace(SEEN, detail="T-3"), NOW)
    assert now is not None
    assert now.detail is not None
    assert (now.grid.open, now.detail.ticket.owner) == (100, "Ana")


def test_time_does_not_move_the_past(reader: Reader) -> None:
    reader.read(replace(SEEN, past_at=NOW - 600), NOW)
    assert reader.tick(replace(SEEN, past_at=NOW - 600), NOW + 5_000) is None
    assert reader.look(replace(SEEN, past_at=NOW - 600, index=1, line=1), NOW + 5_000) is None


def test_reading_everything_again_sees_what_others_wrote_into_the_past(reader: Reader, store: SqliteStore) -> None:
    sight = replace(SEEN, past_at=NOW)
    assert reader.read(sight, NOW).grid.needs == 98
    with SqliteStore(store.path) as other:
        other.act(Act("claim", "T-3", "Ben"), NOW)
    assert reader.read(sight, NOW).grid.needs == 97


def test_a_look_brings_the_reasons_of_a_ticket(reader: Reader) -> None:
    reader.read(SEEN, NOW)
    seen = reader.look(replace(SEEN, reason="T-3"), NOW)
    assert seen is not None
    assert seen.reason is not None
    assert seen.reason[0] == "T-3  Response  running, orange"
    assert sum("= due" in line for line in seen.reason) == 3
    gone = reader.look(replace(SEEN, reason="T-404"), NOW)
    assert gone is not None
    assert gone.reason == ("There is no ticket T-404 in this store. `slaboard tickets --all` lists them.",)


# --- the grid turned --------------------------------------------------------------------------------------------


def test_the_grid_is_turned_while_somebody_looks_at_it(reader: Reader) -> None:
    assert reader.read(SEEN, NOW).pivoted is None
    seen = reader.look(replace(SEEN, pivot=Pivot.OWNER), NOW)
    assert seen is not None
    assert seen.pivoted is not None
    assert seen.pivoted.counts == {"": (1, 97, 1, 1)}
    back = reader.look(SEEN, NOW)
    assert back is not None
    assert back.pivoted is None


def test_a_turned_grid_has_its_hits_and_goes_on_with_commits_and_time(reader: Reader, store: SqliteStore) -> None:
    turned = replace(SEEN, pivot=Pivot.OWNER, view=View(Tab.ALL, parse_filter("T-2")))
    assert reader.read(turned, NOW).pivoted is not None
    store.act(Act("claim", "T-2", "Ben", any_zone=True), NOW)
    seen = reader.read(turned, NOW).pivoted
    assert seen is not None
    assert seen.counts == {"": (1, 96, 1, 1), "ben": (0, 1, 0, 0)}
    assert seen.hits is not None
    assert seen.hits["ben"] == (0, 1, 0, 0)
    assert seen.labels["ben"] == "Ben"
    moved = reader.tick(turned, NOW + 86_400)
    assert moved is not None
    assert moved.pivoted is not None
    assert moved.pivoted.counts == {"": (0, 0, 0, 99), "ben": (0, 0, 0, 1)}


def test_clocks_beside_the_grid_are_told_when_they_enter_a_zone(reader: Reader) -> None:
    """Though no ticket does."""
    clocks = replace(SEEN, pivot=Pivot.CLOCKS)
    seen = reader.read(clocks, NOW)
    assert seen.pivoted is not None
    assert sum(map(sum, seen.pivoted.counts.values())) == 300, "three of each ticket"
    late = reader.read(clocks, NOW + 86_400)
    assert reader.tick(clocks, NOW + 86_401) is None
    assert late.pivoted != seen.pivoted


def test_the_past_is_turned_as_it_was(reader: Reader, store: SqliteStore) -> None:
    store.act(Act("claim", "T-2", "Ben", any_zone=True), NOW)
    seen = reader.read(replace(SEEN, pivot=Pivot.OWNER, past_at=NOW - 1), NOW)
    assert seen.pivoted is not None
    assert set(seen.pivoted.counts) == {""}


def test_the_team_s_views_come_with_a_look(reader: Reader, store: SqliteStore) -> None:
    TeamViews(store).save(SavedView("Desk", "board:=Desk"), "ana", NOW)
    assert [view.name for view in reader.read(SEEN, NOW).team_views] == ["Desk"]


@pytest.mark.parametrize("text", ["in:response y:", "owner:=ben y:", "unclaimed r:", "clock:response y:"])
@pytest.mark.parametrize("past_at", [None, NOW])
def test_the_first_tickets_of_the_cell_under_a_hand_are_those_of_its_list(
    reader: Reader, store: SqliteStore, text: str, past_at: int | None
) -> None:
    """Read when the hand comes to it; no more than it holds."""
    for ticket in ("T-2", "T-7"):
        store.act(Act("claim", ticket, "Ben", any_zone=True), NOW - 1)
    wanted = parse_filter(text)
    sight = replace(SEEN, past_at=past_at)
    assert reader.read(sight, NOW).nearest == ()
    listed = reader.read(replace(sight, view=View(Tab.ALL, wanted)), NOW).page
    many = min(3, listed.total)
    reader.read(sight, NOW)
    seen = reader.look(replace(sight, nearest=(wanted, many)), NOW)
    assert seen is not None
    assert [ticket.id for ticket in seen.nearest] == [ticket.id for ticket in listed.rows[:many]]
    assert many
