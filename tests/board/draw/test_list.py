"""The list: tabs, the pinned line, rows and the cursor."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from msgspec.structs import replace as changed

from slaboard.board.draw import list as draw_list
from slaboard.board.state import Focus, Freshness, Page
from slaboard.board.views import Tab, View, parse_filter
from tests.board.drawn import style_of, text, texts
from tests.board.factory import GRID, NOW, all_open, busy, filtered, needing, ticket


def test_the_shown_list_is_in_brackets() -> None:
    """It stays in the narrowest pane; where all have room, no name changes its place."""
    assert text(draw_list.tabs(busy(), 80)).startswith(" [Needs claim 46]  Mine 0  All 370  Breached 7")
    assert text(draw_list.tabs(replace(busy(), view=View(tab=Tab.BREACHED)), 40)).startswith(
        " Needs 46 Mine 0 All 370 [Red 7]"
    )
    assert text(draw_list.tabs(replace(busy(), view=View(tab=Tab.BREACHED)), 80)).startswith(
        "  Needs claim 46  Mine 0  All 370  [Breached 7]"
    )
    assert "[Red 7]" in text(draw_list.tabs(replace(busy(), view=View(tab=Tab.BREACHED)), 16))


def test_the_filter_is_named() -> None:
    """As it was typed; in words when a key set it."""
    assert "[Needs claim 3 of 46]  filter: tansy  q clears it" in text(draw_list.tabs(filtered(), 80))
    by_key = replace(
        filtered(), filter_text="", view=View(filter=parse_filter("o: unclaimed -vpn in:plan p1 owner:ben"))
    )
    assert "-vpn p1 orange owner:ben in:resplan unclaimed" in text(draw_list.tabs(by_key, 120))


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (80, "R 6 breached and unclaimed, worst T-10403 -00:25:26   (4 shows them)"),
        (60, "R 6 breached and unclaimed, worst T-10403 -25:26 (4)"),
        (40, "R 6 breached, unclaimed (4)"),
        (24, "R 6 lost (4)"),
    ],
)
def test_red_is_one_pinned_line(width: int, said: str) -> None:
    """Lost tickets neither hide nor bury those that can be saved."""
    assert text(draw_list.pinned(busy(), width)).strip() == said


def test_the_pinned_line_is_for_what_needs_claiming() -> None:
    """Other lists show red rows themselves."""
    assert draw_list.has_pinned(busy())
    assert not draw_list.has_pinned(replace(busy(), view=View(tab=Tab.ALL)))
    assert not draw_list.has_pinned(replace(busy(), grid=replace(GRID, breached_unclaimed=0)))


def test_the_pinned_line_goes_where_its_tickets_are_listed() -> None:
    """`4 shows them` says nothing to somebody who looks at them."""
    red = replace(busy(), view=View(filter=parse_filter("r:")), hits=replace(GRID, breached_unclaimed=6))
    assert not draw_list.has_pinned(red)
    assert draw_list.has_pinned(replace(red, view=View(filter=parse_filter("o:"))))


def test_the_pinned_line_is_quiet_where_the_filter_matches_nothing_lost() -> None:
    """Red that says none would be a false alarm."""
    assert style_of([draw_list.pinned(busy(), 80)], "R") == "zone.red"
    quiet = draw_list.pinned(replace(busy(), hits=replace(GRID, breached_unclaimed=0)), 80)
    assert style_of([quiet], "R") == style_of([quiet], "0/6 breached") == "dim"
    assert "shows them" not in text(quiet), "it would show nothing"


def test_a_list_beside_what_needs_claiming_is_not_counted_among_it() -> None:
    """What is red or green is none of the 46 that can be saved."""
    page = replace(busy().page, total=6)
    red = replace(busy(), view=View(filter=parse_filter("r:")), hits=GRID, page=page)
    assert text(draw_list.tabs(red, 80)).startswith(" [Unclaimed 6]  filter: red")
    assert text(draw_list.tabs(red, 40)).startswith(" [Free 6]  filter: red")
    orange = replace(red, view=View(filter=parse_filter("o:")))
    assert text(draw_list.tabs(orange, 80)).startswith(" [Needs claim 6 of 46]")


def test_one_colour_a_row() -> None:
    """Only the binding clock is coloured; the others are plain with their letter."""
    line = draw_list.rows(busy(), 0, 120, 1)[0]
    assert [style for _, style in line if style.startswith(("ink.", "zone."))] == ["zone.orange", "ink.orange"]
    assert "Y    1h 57m" in text(line)


def test_one_clock_is_named_at_80() -> None:
    """The binding one."""
    assert [text(line)[56:].rstrip() for line in draw_list.rows(busy(), 1, 80, 2)] == [
        "O  Resp  00:03:07 -",
        "O  Plan  00:03:22 -",
    ]


def test_ids_lose_a_common_prefix_in_a_side_pane() -> None:
    """Only where all begin alike."""
    assert " 10302 " in text(draw_list.rows(busy(), 0, 40, 1)[0])
    mixed = (changed(ticket(1), id="A-1"), changed(ticket(2), id="B-1"))
    assert " A-1 " in text(draw_list.rows(replace(busy(), page=Page(mixed, total=2)), 0, 40, 1)[0])


def test_an_id_is_not_cut() -> None:
    """It is what people say to each other."""
    long = (changed(ticket(1), id="INC0012345678"),)
    board = replace(busy(), page=Page(long, total=1))
    for width in (40, 80, 120):
        assert "INC0012345678" in text(draw_list.rows(board, 0, width, 1)[0])


@pytest.mark.parametrize(("focus", "style"), [(Focus.LIST, "cursor.here"), (Focus.GRID, "cursor.away")])
def test_the_cursor_is_drawn_with_and_without_the_focus(focus: Focus, style: str) -> None:
    """A `>` and a style; under it the countdown is a chip, which can be read on any ground."""
    lines = draw_list.rows(replace(busy(), focus=focus), 4, 120, 1)
    assert text(lines[0]).startswith("> T-10450")
    assert style_of(lines, "T-10450") == style
    assert style_of(lines, "00:03:58") == "zone.orange"


def test_a_worse_clock_is_marked() -> None:
    """Rule 2, at every width."""
    assert [text(draw_list.rows(busy(), 3, width, 1)[0])[1] for width in (40, 80, 120)] == ["!", "!", "!"]


@pytest.mark.parametrize(
    ("width", "said"),
    [(120, ("waiting", "Ow   1h 23m")), (80, ("waiting", "Ow Resl    1h 23m")), (40, ("Ow 10377   1h23",))],
)
def test_waiting_is_said(width: int, said: tuple[str, ...]) -> None:
    """A sign, a frozen letter and a frozen rest."""
    board = replace(busy(), page=Page(all_open(), total=24))
    line = text(draw_list.rows(board, 1, width, 1)[0])
    assert all(part in line for part in said)


@pytest.mark.parametrize(("width", "said"), [(120, "no policy matched"), (80, "no SLA"), (40, "noSLA")])
def test_no_sla_is_said(width: int, said: str) -> None:
    """With its reason where there is room (rule 18)."""
    board = replace(busy(), page=Page(all_open(), total=24))
    assert said in text(draw_list.rows(board, 2, width, 1)[0])


def test_old_rows_are_dim() -> None:
    """Clocks run on, as deadlines are facts; colours do not."""
    old = replace(busy(), cursor=None, freshness=Freshness(as_of=NOW - 47))
    assert {style for line in draw_list.rows(old, 0, 120, 9) for _, style in line} == {"dim"}


def test_own_tickets_stand_out() -> None:
    """By the owner's name."""
    mine = (changed(ticket(1), owner="Ben"), changed(ticket(2), owner="Ana"))
    board = replace(busy(), shared=False, person="Ben", page=Page(mine, total=2))
    lines = draw_list.rows(board, 0, 80, 2)
    assert (style_of(lines, "Ben"), style_of(lines, "Ana")) == ("row.mine", "text")


def test_what_is_not_held_is_blank() -> None:
    """A page that is still on its way leaves its lines empty."""
    page = Page(needing(5), first=10, total=46)
    lines = draw_list.rows(replace(busy(), page=page), 8, 80, 10)
    assert [bool(line.strip()) for line in texts(lines).split("\n")] == [False] * 2 + [True] * 5 + [False] * 3


@pytest.mark.parametrize(
    ("width", "text"), [(80, "Breached 7"), (80, "All 370"), (40, "Red 7"), (80, "Needs claim 46")]
)
def test_a_tab_is_where_its_name_is_drawn(width: int, text: str) -> None:
    drawn = texts([draw_list.tabs(busy(), width)]).ljust(width)
    found = draw_list.tab_at(busy(), drawn, drawn.index(text))
    assert found is not None
    assert draw_list.tab_at(busy(), drawn, drawn.index(text) + len(text) - 1) is found
    assert draw_list.tab_at(busy(), drawn, drawn.index(text) - 1) is None
    assert draw_list.NAMES[found][:3] == text[:3] or draw_list.SHORT[found][:3] == text[:3]
    assert draw_list.tab_at(filtered(), drawn, drawn.index(text)) is None


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_rows_that_were_drawn_before_are_drawn_as_ever(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever changes between two pictures."""
    board = busy()
    rows = board.page.rows
    told = replace(board.page, rows=(changed(rows[0], owner="Ana", rev=9), *rows[1:]))
    longer = replace(board.page, rows=(changed(rows[0], id="T-1234567890"), *rows[1:]))
    for after in (
        replace(board, cursor=rows[1].id),
        replace(board, now=NOW + 1),
        replace(board, page=told),
        replace(board, page=told, person="Ana"),
        replace(board, page=longer),
        replace(board, focus=Focus.GRID),
        replace(board, freshness=Freshness(as_of=NOW - 99)),
        replace(board, calendars={}),
        replace(board, timezone="Asia/Tokyo"),
    ):
        draw_list.rows(board, 0, width, 20)
        again = draw_list.rows(after, 0, width, 20)
        with monkeypatch.context() as patch:
            patch.setattr(draw_list, "_last", draw_list._Last())
            assert again == draw_list.rows(after, 0, width, 20)


def test_a_row_that_is_the_same_is_not_drawn_again() -> None:
    """Nor is one after the cursor has left another."""
    board = busy()
    before = draw_list.rows(replace(board, cursor=board.page.rows[0].id), 0, 120, 4)
    after = draw_list.rows(replace(board, cursor=board.page.rows[1].id), 0, 120, 4)
    assert [a is b for a, b in zip(before, after, strict=True)] == [False, False, True, True]
