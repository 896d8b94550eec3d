"""Choosing what is listed: other orders, and the next ticket that needs claiming."""

from __future__ import annotations

from msgspec.structs import replace

from slaboard.board.draw import list as draw_list
from slaboard.board.moves import seeing, step
from slaboard.board.moves.session import Session
from slaboard.board.pivot import Pivot, Pivoted, Turned, pivoted
from slaboard.board.sight import Refresh
from slaboard.board.state import Page
from slaboard.board.views import Filter, Sort, SortBy, Tab, View, parse_filter
from slaboard.ticket import Bucket, Zone
from tests.board import factory
from tests.board.drawn import style_of, text, texts
from tests.board.factory import busy
from tests.board.seat import IDS, TICKETS, hits, seated


def said(session: Session) -> str:
    """The outcome line."""
    return f"{session.board.outcome.word} {session.board.outcome.text}" if session.board.outcome else ""


def test_s_goes_through_the_columns_and_back_to_the_lists_own_order() -> None:
    session, seen = seated(), []
    for _ in SortBy:
        session = hits(session, "s")
        seen.append(session.board.view.sort.by)
    assert seen == [SortBy.DUE, SortBy.PRIORITY, SortBy.CUSTOMER, SortBy.OWNER, SortBy.OPENED, SortBy.ID, SortBy.SAVING]


def test_an_order_can_be_turned_and_stays_on_other_lists() -> None:
    session = hits(seated(), "s", "s", "S", "full_stop")
    assert session.board.view.sort == Sort(SortBy.PRIORITY, reverse=True)
    assert session.board.cursor == "T-100", "the cursor stays on its ticket"


def test_the_lists_own_order_has_one_way_only() -> None:
    assert said(hits(seated(), "S")).startswith("NO What can be saved first comes first. s sorts")


def test_the_heading_says_how_the_list_is_sorted() -> None:
    board = replace(busy(), view=View(sort=Sort(SortBy.PRIORITY, reverse=True)))
    assert "P↓" in text(draw_list.heading(board, 120))
    assert "by priority ↓" in text(draw_list.tabs(board, 120))
    assert style_of([draw_list.heading(board, 80)], "P↓") == "tab.active"
    long = replace(board, page=replace(board.page, is_sorted=False))
    assert "too long to sort by priority: filter it" in text(draw_list.tabs(long, 120))
    assert "↓" not in texts([draw_list.heading(long, 120)])


# --- updates --------------------------------------------------------------------------------------------------------


def test_a_cell_of_updates_is_a_list_of_updates() -> None:
    session = seated()
    grid = replace(factory.GRID, uses_update=True)
    session = replace(session, board=replace(session.board, grid=grid))
    session = hits(session, "tab", "j", "j", "j", "l", "l", "enter")
    assert session.board.filter_text == "in:update o:"
    assert session.board.view.filter.bucket is Bucket.UPDATE


def test_in_the_list_of_updates_theirs_is_the_coloured_clock() -> None:
    """Where there is room for three, it stands first."""
    update = factory.running(Bucket.UPDATE, 500, 3_600)
    ticket = factory.replace_ticket(busy().page.rows[0], clocks=(*busy().page.rows[0].clocks, update))
    board = replace(
        busy(), view=View(Tab.ALL, parse_filter("in:update o:")), page=Page((ticket,), total=1), cursor=None,
    )  # fmt: skip
    [line] = draw_list.rows(board, 0, 120, 1)
    assert "UPDATE" in text(draw_list.heading(board, 120))
    assert style_of([line], "00:08:20") == "ink.orange"
    assert [style for part, style in line if style.startswith("ink")] == ["ink.orange"]
    assert "Updt  00:08:20" in text(draw_list.rows(board, 0, 80, 1)[0])


# --- in need ----------------------------------------------------------------------------------------------------


def test_where_all_need_claiming_the_next_is_the_next_line() -> None:
    """It goes round at the end."""
    assert hits(seated(), "e").board.cursor == "T-101"
    assert hits(seated(), "E").board.cursor_index == 19


def found(session: Session, cursor: str | None, page: tuple[str, ...], index: int) -> Session:
    """The session after the feed has found `cursor` in need, on a page from index 40 on."""
    sight = replace(step.sight(session), cursor=cursor, held=())
    rows = tuple(TICKETS[id_] for id_ in page)
    refresh = Refresh(sight, session.board.now, factory.GRID, None, session.board.counts, Page(rows, 40, 80), index)
    return step.fitted(seeing.refreshed(session, refresh, 20_000), 80, 24)


def everything() -> Session:
    """All that is open, the order held."""
    session = hits(seated(), "j", "k")
    return replace(session, board=replace(session.board, view=replace(session.board.view, tab=Tab.ALL)))


def test_elsewhere_the_store_finds_it() -> None:
    session = hits(everything(), "e")
    assert step.sight(session).seek == 1
    session = found(session, "T-110", IDS[10:20], 40)
    assert (session.board.cursor, session.board.cursor_index, step.sight(session).seek) == ("T-110", 40, 0)
    assert session.holds


def test_nothing_else_needs_claiming() -> None:
    session = found(hits(everything(), "E"), "T-100", IDS[:10], 0)
    assert said(session) == "OK No other ticket in this list needs claiming."
    assert step.sight(session).seek == 0


def test_from_ones_own_tickets_it_goes_to_those_in_need() -> None:
    assert hits(seated(), "m", "e").board.view.tab is Tab.NEEDS


# --- the grid turned --------------------------------------------------------------------------------------------

ROWS = Turned({"acme": (1, 0, 0, 2), "": (0, 1, 0, 0)}, {"acme": "ACME"})


def with_rows(session: Session, by: Pivot, rows: Turned = ROWS) -> Session:
    found = pivoted(by, rows, None, is_filtered=False)
    return replace(session, board=replace(session.board, pivoted=found))


def test_b_goes_through_what_the_grid_is_turned_by() -> None:
    session, seen = seated(), []
    for _ in range(5):
        session = hits(session, "b")
        seen.append(session.board.pivot)
        assert step.sight(session).pivot is session.board.pivot
    assert seen == [Pivot.PRIORITY, Pivot.CUSTOMER, Pivot.OWNER, Pivot.BOARD, Pivot.STAGE]


def test_t_shows_all_clocks_and_then_each_ticket_once() -> None:
    assert hits(seated(), "b", "t").board.pivot is Pivot.CLOCKS
    assert hits(seated(), "t", "t").board.pivot is Pivot.STAGE
    assert hits(seated(), "t", "b").board.pivot is Pivot.PRIORITY


def test_enter_on_a_cell_of_a_name_lists_exactly_its_tickets() -> None:
    session = with_rows(hits(seated(), "b", "b"), Pivot.CUSTOMER)
    board = hits(session, "tab", "l", "l", "l", "enter").board
    assert board.filter_text == "cust:=ACME r:"
    assert board.view == View(Tab.ALL, parse_filter("cust:=ACME r:"), "Ben")
    board = hits(session, "tab", "j", "enter").board
    assert board.filter_text == 'cust:="" g:'


def test_enter_on_a_cell_of_all_clocks_lists_whatever_stage_they_stand_beside() -> None:
    session = with_rows(hits(seated(), "t"), Pivot.CLOCKS, Turned({"response": (1, 0, 0, 0)}))
    board = hits(session, "tab", "j", "l", "enter").board
    assert board.filter_text == "clock:resplan y:"
    assert board.view.filter == Filter(clock=Bucket.RESPLAN, zones=frozenset({Zone.YELLOW}))


def test_a_grid_without_rows_has_nothing_to_list() -> None:
    session = with_rows(hits(seated(), "b", "b"), Pivot.CUSTOMER, Turned())
    assert said(hits(session, "tab", "j", "l", "enter")) == "NO The grid has no row to list."


def test_under_a_hand_the_rows_stay_in_their_order() -> None:
    """What needs more now comes first only when the hand has left the grid."""
    before = pivoted(Pivot.CUSTOMER, ROWS, None, is_filtered=False)
    now = pivoted(
        Pivot.CUSTOMER, Turned({**ROWS.counts, "": (0, 0, 0, 9), "new": (0, 0, 0, 99)}), None, is_filtered=False
    )
    session = hits(with_rows(hits(seated(), "b", "b"), Pivot.CUSTOMER), "tab")
    assert session.board.pivoted == before
    told = refresh_of(session, now)
    assert seeing.refreshed(session, told, 0).board.pivoted == replace(now, order=("acme", "", "new"))
    gone = hits(session, "tab")
    found = seeing.refreshed(gone, refresh_of(gone, now), 0).board.pivoted
    assert found is not None
    assert found.order == ("new", "", "acme")


def refresh_of(session: Session, found: Pivoted) -> Refresh:
    board = session.board
    return Refresh(step.sight(session), board.now, factory.GRID, None, board.counts, board.page, pivoted=found)
