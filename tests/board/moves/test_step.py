"""The cursor stays on its ticket, and the order holds while hands move it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.errand import Errand
from slaboard.board.moves import choosing, going, seeing, step
from slaboard.board.state import HOLD_S, Detail, Focus
from slaboard.board.views import Tab, View, parse_filter
from slaboard.ticket import Zone
from tests.board.factory import replace_ticket
from tests.board.seat import IDS, SIZE, TICKETS, heard, hit, hits, seated, shown


def test_the_cursor_begins_on_the_first_ticket() -> None:
    session = seated()
    assert session.board.cursor == "T-100"
    assert shown(session)[0] == "T-100"


def test_a_ticket_that_comes_in_above_takes_the_cursor_along_while_the_top_stays_in_sight() -> None:
    session = heard(seated(), ["T-150", *IDS[:20]], ms=9_000)
    assert (session.board.cursor, session.board.cursor_index, session.board.top) == ("T-100", 1, 0)


def test_in_a_scrolled_list_the_cursor_keeps_its_ticket_and_its_line() -> None:
    session = hits(seated(IDS[:40]), "end", ms=1_000)
    line = session.board.cursor_index - session.board.top
    session = heard(step.ticked(session, session.board.now, 0, 7_000), ["T-150", "T-151", *IDS[:40]], ms=7_000)
    assert session.board.cursor == "T-139"
    assert session.board.cursor_index == 41
    assert session.board.cursor_index - session.board.top == line


def test_a_board_that_nobody_touches_goes_on_showing_what_is_most_urgent() -> None:
    session = heard(seated(), [*IDS[30:50], *IDS[:20]], ms=9_000)
    assert (session.board.top, session.board.cursor) == (0, "T-130")
    assert session.swapped_ms == 9_000


def test_a_cursor_that_was_just_moved_is_followed_instead() -> None:
    session = step.ticked(hits(seated(), "j", ms=1_000), 0, None, 7_000)
    session = heard(session, [*IDS[30:50], *IDS[:20]], ms=7_000)
    assert session.board.cursor == "T-101"
    assert session.board.cursor_index == 21


def test_while_hands_move_the_order_holds_and_values_go_on() -> None:
    session = hits(seated(), "j", ms=1_000)
    claimed = replace_ticket(TICKETS["T-105"], owner="Ana")
    after = heard(session, ["T-150", *IDS[6:20], *IDS[:5]], ms=1_500, changed={"T-105": claimed}, left=1)
    assert shown(after) == shown(session)
    assert after.board.page.rows[5].owner == "Ana", "a row that left is shown as it is now"
    assert after.board.held_new == 1


def test_a_held_list_says_how_many_are_new() -> None:
    session = heard(hits(seated(), "j", ms=1_000), ["T-150", "T-151", *IDS[:20]], ms=1_500)
    assert session.board.held_new == 2
    session = heard(session, ["T-150", "T-151", "T-152", *IDS[1:20]], ms=1_600, left=1)
    assert session.board.held_new == 3


def test_five_seconds_after_the_last_move_the_list_has_its_own_order_again() -> None:
    session = hits(seated(), "j", ms=1_000)
    assert step.sight(session).held == IDS[:20]
    almost = step.ticked(session, session.board.now + 5, 0, 1_000 + HOLD_S * 1000 - 1)
    assert almost.holds
    released = step.ticked(session, session.board.now + 5, 0, 1_000 + HOLD_S * 1000)
    assert not step.sight(released).held
    assert released.board.held_new is None
    released = heard(released, ["T-150", *IDS[:20]], ms=6_100)
    assert shown(released)[:2] == ["T-150", "T-100"]
    assert released.board.cursor == "T-101"


def test_the_order_holds_for_as_long_as_a_question_is_open_and_after_its_answer() -> None:
    session = hits(seated(shared=True, person=None), "c", ms=1_000)
    session = step.ticked(session, session.board.now + 9, 0, 10_000)
    assert session.holds
    session, _ = hit(session, "a", ms=10_500)
    assert step.ticked(session, session.board.now + 4, 0, 15_000).holds
    assert not step.ticked(session, session.board.now + 5, 0, 15_500).holds


def test_where_the_cursors_ticket_left_the_next_one_takes_its_place() -> None:
    session = step.ticked(hits(seated(), "j", "j", ms=1_000), 0, None, 7_000)
    session = heard(session, [id_ for id_ in IDS[:20] if id_ != "T-102"], ms=7_000)
    assert (session.board.cursor, session.board.cursor_index) == ("T-103", 2)
    assert session.swapped_ms == 7_000


def test_an_opened_ticket_stays_open_when_it_leaves_the_list() -> None:
    session = hits(seated(), "j", "enter", ms=1_000)
    session = step.ticked(session, session.board.now, 0, 7_000)
    session = heard(session, [id_ for id_ in IDS[:20] if id_ != "T-101"], ms=7_000)
    assert session.board.cursor == "T-101"
    assert session.board.detail == Detail(TICKETS["T-101"])
    session = hits(session, "q", ms=8_000)
    assert session.board.cursor == "T-102"
    assert session.swapped_ms == 8_000


def test_a_jump_to_where_nothing_is_held_waits_for_the_feed() -> None:
    session = heard(seated(), IDS[:39], ms=0, total=500)
    session = hits(session, "G", ms=1_000)
    assert (session.board.cursor, session.board.cursor_index) == (None, 499)
    assert step.sight(session).index == 499
    session = heard(session, IDS[:20], ms=1_010, first=480, total=500)
    assert session.board.cursor == "T-119"
    assert session.board.top == 500 - session.rows


def test_what_was_read_for_another_list_does_not_fill_this_one() -> None:
    session = seated()
    other = choosing.tabbed(session, Tab.ALL)
    refresh_for_before = replace(step.sight(session), view=session.board.view)
    assert other.board.view != refresh_for_before.view
    from slaboard.board.sight import Refresh
    from slaboard.board.state import Grid, Page

    late = Refresh(refresh_for_before, 0, Grid(0, open=1), None, {}, Page(tuple(TICKETS[i] for i in IDS[:3]), 0, 3))
    after = seeing.refreshed(other, late, 0)
    assert after.board.page == other.board.page
    assert after.board.grid == Grid(0, open=1), "counts belong to every list"


def test_an_empty_list_has_no_cursor_and_moves_nowhere() -> None:
    session = heard(seated([]), [], ms=1)
    assert session.board.cursor is None
    assert hits(session, "j", "G", "pagedown", "enter").board.cursor is None


@pytest.mark.parametrize(
    ("keys", "index"),
    [
        (["j", "j", "k"], 1),
        (["down", "up", "up"], 0),
        (["pagedown", "pageup"], 0),
        (["ctrl+d", "ctrl+u"], 0),
        (["end"], 19),
        (["G", "g"], 0),
        (["end", "home"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_moving(keys: list[str], index: int) -> None:
    assert hits(seated(), *keys).board.cursor_index == index


def test_a_page_is_what_is_visible() -> None:
    session = seated(IDS[:40])
    assert hits(session, "pagedown").board.cursor_index == session.rows
    assert hits(session, "ctrl+d").board.cursor_index == session.rows // 2


def test_the_wheel_scrolls_the_list_and_takes_the_cursor_along_only_at_its_edge() -> None:
    session = step.fitted(step.scrolled(hits(seated(IDS[:40]), "j", "j", "j", "j"), 3, 0), *SIZE)
    assert (session.board.top, session.board.cursor) == (3, "T-104")
    session = step.fitted(step.scrolled(session, 3, 0), *SIZE)
    assert (session.board.top, session.board.cursor) == (6, "T-106")


# --- choosing lists ---------------------------------------------------------------------------------------------


def test_a_zone_key_keeps_the_filters_other_words_and_pressed_again_goes() -> None:
    session = choosing.filtered(seated(), 'cust:"tansy bakery" -vpn')
    session = hits(session, "3")
    assert session.board.filter_text == 'cust:"tansy bakery" -vpn o:'
    assert session.board.view.filter.zones == {Zone.ORANGE}
    session = hits(session, "4")
    assert session.board.filter_text == 'cust:"tansy bakery" -vpn r:'
    assert hits(session, "4").board.filter_text == 'cust:"tansy bakery" -vpn'
    assert hits(session, "0").board.filter_text == 'cust:"tansy bakery" -vpn'


def test_enter_on_a_cell_of_the_grid_lists_it() -> None:
    session = hits(seated(), "tab", "j", "l", "l")
    assert (session.board.focus, session.board.cell) == (Focus.GRID, (1, 2))
    session = hits(session, "enter")
    assert session.board.focus is Focus.LIST
    assert session.board.view == View(Tab.ALL, parse_filter("in:resplan o:"), "Ben")
    assert session.board.filter_text == "in:resplan o:"


def test_the_grids_cursor_stays_in_the_grid() -> None:
    assert hits(seated(), "tab", "G", "l", "l", "l", "l", "l").board.cell == (2, 3)
    assert hits(seated(), "tab", "k", "h").board.cell == (0, 0)


def test_tabs_leave_mine_out_where_nobody_acts() -> None:
    session = seated(shared=True, person=None)
    seen = []
    for _ in range(3):
        session = hits(session, "full_stop")
        seen.append(session.board.view.tab)
    assert seen == [Tab.ALL, Tab.BREACHED, Tab.NEEDS]
    refused = hits(session, "m")
    assert refused.board.view.tab is Tab.NEEDS
    assert refused.board.outcome is not None
    assert refused.board.outcome.word == "NO"


def test_mine_and_back_again() -> None:
    session = hits(seated(), "m")
    assert session.board.view == View(Tab.MINE, person="Ben")
    assert hits(session, "m").board.view.tab is Tab.NEEDS


def test_going_back_clears_the_filter_before_it_leaves() -> None:
    session = choosing.filtered(seated(), "vpn")
    before = going.back(session, 0)
    assert before is not None
    assert before.board.view.filter.is_empty
    assert going.back(before, 0) is None


def test_a_list_that_is_still_being_read_does_not_hold_the_rows_of_the_one_before() -> None:
    """Quick hands: another list and a move at once. What comes is what the tabs name, held from the next move on."""
    session = hit(hit(seated(), "full_stop")[0], "j")[0]
    assert session.board.view.tab is not Tab.NEEDS
    assert not session.holds
    assert session.board.held_new is None
    came = heard(session, IDS[:30], ms=10_001)
    assert came.board.page.total == 30
    assert came.board.held_new is None
    assert hit(came, "j")[0].holds


def test_another_list_ends_the_hold() -> None:
    session = hits(seated(), "j", "full_stop")
    assert not session.holds
    assert session.board.held_new is None


# --- a second later ---------------------------------------------------------------------------------------------


def test_an_outcome_goes_after_its_time() -> None:
    session = step.outcome(seated(), "LOST", "T-1 was taken by Ana")
    now = session.board.now
    assert step.ticked(session, now + step.OUTCOME_S - 1, 0, 0).board.outcome is not None
    assert step.ticked(session, now + step.OUTCOME_S, 0, 0).board.outcome is None
    undoable = step.outcome(seated(), "OK", "T-1 is Ben's", undo_until=now + 30)
    assert step.ticked(undoable, now + 29, 0, 0).board.outcome is not None
    assert step.ticked(undoable, now + 30, 0, 0).board.outcome is None


def test_freshness_is_when_the_store_last_answered() -> None:
    session = step.ticked(seated(), 2_000_000_000, 0.9, 0)
    assert session.board.freshness.age(2_000_000_000) == 0
    session = step.ticked(session, 2_000_000_047, 47.5, 0)
    assert session.board.freshness.age(2_000_000_047) == 47
    assert session.board.freshness.is_stale(2_000_000_047)


def test_an_act_that_takes_long_says_so() -> None:
    session = seated()
    session = replace(session, errands=(Errand("claim", "Ben", ("T-100",), session.board.now),))
    assert step.ticked(session, session.board.now, 0, 0).board.outcome is None
    said = step.ticked(session, session.board.now + 1, 0, 0).board.outcome
    assert said is not None
    assert said.word == "BUSY"


def test_nothing_scrolls_further_than_it_goes() -> None:
    session = hits(seated(), "question_mark", *["pagedown"] * 40)
    limit = session.board.help_top
    assert limit > 0
    assert hits(session, "j").board.help_top == limit
    assert hits(session, "k").board.help_top == limit - 1
