"""Saved views as a file says them, and what is wrong with one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.board.pivot import Pivot
from slaboard.board.saved import MAX_NAME, SavedView, in_order, name_problem, named, parse, written
from slaboard.board.views import Sort, SortBy, Tab, View, parse_filter

texts = st.text(st.characters(codec="utf-8"), max_size=40)
sorts = st.builds(Sort, st.sampled_from(SortBy), st.booleans()).filter(lambda sort: not (sort.is_own and sort.reverse))


@given(
    view=st.builds(
        SavedView, st.just("Dawn"), texts.map(lambda text: text.replace("\0", "")), st.sampled_from(Tab), sorts,
        st.sampled_from(Pivot),
    )
)  # fmt: skip
def test_what_is_written_is_read_again(view: SavedView) -> None:
    """Quotes, backslashes and controls in a filter, too."""
    found = parse(written(view), "other")
    assert (found.view, found.problems) == (view, ())


def test_a_file_that_says_nothing_lists_every_ticket() -> None:
    found = parse("# mine\n", "dawn").view
    assert found == SavedView("dawn")
    assert found.view("ana") == View(Tab.ALL, person="ana")


def test_a_view_is_a_filter_a_list_and_an_order() -> None:
    found = parse('filter = "p1 o:"\nlist = "mine"\nsort = "-due"\ngrid = "owner"\n', "x").view
    assert found is not None
    assert found.view("ana") == View(Tab.MINE, parse_filter("p1 o:"), "ana", Sort(SortBy.DUE, True))
    assert found.about == "p1 o: · my tickets · by -due · grid owner"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("filter = \n", "line 1: this is not TOML"),
        ('a = 1\nfiltr = "x"', "line 2: filtr is no part of a view; perhaps filter is meant"),
        ("\nsort = 3", "line 2: sort = 3 is no text; write it in quotes"),
        ('list = "moon"', 'line 1: list = "moon" is not known; there are needs, mine, all, breached'),
        ('sort = "-saving"', 'line 1: sort = "-saving" is not known'),
        ('grid = "moon"', "there are stage, clocks, priority, customer, owner, board"),
        ('name = ""', "a view's name is plain text of 1 to 60 characters"),
        (f'filter = "{"x" * 1_001}"', "line 1: the filter has 1,001 characters; at most 1,000 count"),
    ],
)
def test_whatever_is_wrong_is_told_with_its_line(text: str, problem: str) -> None:
    found = parse(text, "x")
    assert found.view is None
    assert any(problem in str(told) for told in found.problems), found.problems


def test_all_problems_are_told_at_once() -> None:
    assert len(parse('x = 1\nlist = "a"\nsort = "b"\ngrid = "c"\n', "x").problems) == 4


@pytest.mark.parametrize("name", ["", " a", "a  b", "a\nb", "a\x1b[2J", "x" * (MAX_NAME + 1)])
def test_a_name_is_one_line_of_plain_text(name: str) -> None:
    assert name_problem(name)


def test_one_s_own_come_first_and_win() -> None:
    team, own, other = SavedView("Dawn", "a", is_team=True), SavedView("dawn", "b"), SavedView("Ares", is_team=True)
    assert in_order((team, other, own)) == (own, other, team)
    assert named((team, other, own), "DAWN") is own
    assert named((team,), "x") is None
