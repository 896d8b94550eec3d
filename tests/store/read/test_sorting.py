"""Other orders of a list, and the next ticket in need: the store says what the replayed past says."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.board.views import Sort, SortBy, Tab, View, parse_filter
from slaboard.store.read import sorting
from slaboard.store.read.live import Live
from slaboard.store.read.past import Past
from slaboard.ticket import Event
from tests.examples import examples
from tests.store.test_counts import DAY_S, FILTERS, empty, histories, holding, last

__all__ = ["empty"]

sorts = st.builds(Sort, st.sampled_from(SortBy), st.booleans())


@examples(20)
@given(
    events=histories(), after=st.integers(0, 3 * DAY_S), text=st.sampled_from(("", *FILTERS)),
    tab=st.sampled_from(Tab), sort=sorts,
)  # fmt: skip
def test_every_order_is_that_of_the_replayed_store(
    empty: Path, events: list[Event], after: int, text: str, tab: Tab, sort: Sort
) -> None:
    now, view = last(events) + after, View(tab, parse_filter(text), "ana", sort)
    with holding(empty, events) as store:
        past = [ticket.id for ticket in Past(store, now).window(view, now, 0, 1_000).rows]
        page = store.window(view, now, 0, 1_000)
        assert [ticket.id for ticket in page.rows] == past
        assert (page.total, page.is_sorted) == (len(past), True)
        assert [store.rank(view, now, id_) for id_ in past] == list(range(len(past)))
        assert store.rank(view, now, "T-404") is None


@examples(20)
@given(
    events=histories(), after=st.integers(0, 3 * DAY_S), text=st.sampled_from(("", *FILTERS)), sort=sorts,
    step=st.sampled_from((1, -1)),
)  # fmt: skip
def test_the_next_ticket_in_need_is_that_of_the_replayed_store(
    empty: Path, events: list[Event], after: int, text: str, sort: Sort, step: int
) -> None:
    """From every ticket of the list, from none, and from one that is elsewhere; it goes round at the ends."""
    now, view = last(events) + after, View(Tab.ALL, parse_filter(text), sort=sort)
    with holding(empty, events) as store:
        live, past = Live(store), Past(store, now)
        for ticket in (*(ticket.id for ticket in live.window(view, now, 0, 1_000).rows), None):
            assert live.seek(view, now, ticket, step) == past.seek(view, now, ticket, step)
        assert live.seek(view, now, "T-404", step) == past.seek(view, now, None, step)


def test_a_list_that_is_too_long_to_sort_keeps_its_own_order(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says so; a filter makes it short enough."""
    from tests.store.read.test_live import MORE

    now = last(MORE)
    with holding(empty, MORE) as store:
        own = store.window(View(Tab.ALL), now, 0, 100)
        monkeypatch.setattr(sorting, "MOST", 3)
        page = store.window(View(Tab.ALL, sort=Sort(SortBy.ID)), now, 0, 100)
        assert (page.is_sorted, page.rows) == (False, own.rows)
        few = store.window(View(Tab.ALL, parse_filter("T-7"), sort=Sort(SortBy.ID)), now, 0, 100)
        assert (few.is_sorted, few.total) == (True, 1)
