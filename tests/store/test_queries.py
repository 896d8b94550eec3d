"""The named questions use their index, also where the planner's statistics are old; and what a filter's words mean."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from slaboard.board.views import Filter, Tab, View, parse_filter
from slaboard.store import queries
from slaboard.store.past import is_priority
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Zone
from tests.sla.story import situation
from tests.store.desk import desk

BOUND = {"now": 1, "last": 0, "place": 1, "bucket": "response", "id": "A-1", "ids": "[]", "limit": 1, "offset": 0}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    """A small store that somebody has run ANALYZE on: for so few rows the planner would rather read everything."""
    lines = [f"09:00 mail add B-{number} priority=P{number % 4}" for number in range(40)]
    with desk(tmp_path_factory.mktemp("queries") / "s.db", *lines) as made:
        made.connection.execute("ANALYZE")
        yield made


def plan(store: SqliteStore, sql: str, **values: object) -> list[str]:
    """What SQLite would do, step by step."""
    return [row["detail"] for row in store.ask(f"EXPLAIN QUERY PLAN {sql}", {**BOUND, **values})]


GRID = "SEARCH c USING COVERING INDEX clocks_grid (place=?)"
DUE = "SEARCH c USING COVERING INDEX clocks_due (place=?)"
NO_SLA = "SCAN t USING COVERING INDEX tickets_no_sla"
BY_ID = "SEARCH t USING INDEX sqlite_autoindex_tickets_1 (id=?)"
FEW = "USE TEMP B-TREE FOR GROUP BY"
"""Of the few priorities or buckets that there are."""


def without_filter(template: str) -> str:
    return queries.grid_statement(template, Filter())[0]


_STALE = [
    "COMPOUND QUERY", "LEFT-MOST SUBQUERY", "SEARCH tickets USING COVERING INDEX tickets_stale (stale>?)",
    "UNION ALL", "SEARCH tickets USING COVERING INDEX tickets_stale (stale<?)",
    "UNION ALL", "SEARCH tickets USING COVERING INDEX tickets_stale (stale=?)", "SCALAR SUBQUERY 3", "SCAN state",
]  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "steps"),
    [
        situation("the grid", without_filter(queries.GRID), [GRID]),
        situation("who waits", without_filter(queries.WAITING), [GRID, FEW]),
        situation("without SLA", without_filter(queries.NO_SLA), [NO_SLA, FEW]),
        *(
            situation(
                f"crossings into {zone}", queries.CROSSED.format(edge=zone),
                [f"SEARCH clocks USING COVERING INDEX clocks_{zone} ({zone}_at>? AND {zone}_at<?)", FEW],
            )
            for zone in ("yellow", "orange", "red")
        ),
        situation(
            "next to breach", queries.NEXT,
            ["SEARCH clocks USING INDEX clocks_red (red_at>?)", "USE TEMP B-TREE FOR LAST TERM OF ORDER BY"],
        ),
        situation("worst", queries.WORST, [DUE]),
        situation("where one stands", queries.PLACE_OF, ["SEARCH c USING PRIMARY KEY (ticket_id=?)"]),
        situation("loads", queries.LOADS, ["SEARCH tickets USING COVERING INDEX tickets_owner (owner>?)"]),
        situation("what is stale", queries.STALE, _STALE),
        situation("some tickets", queries.TICKETS, ["SCAN i VIRTUAL TABLE INDEX 1:", BY_ID]),
        situation(
            "their clocks", queries.CLOCKS,
            ["SCAN i VIRTUAL TABLE INDEX 1:", "SEARCH t USING PRIMARY KEY (ticket_id=?)"],
        ),
        situation(
            "their events", queries.EVENTS,
            ["SCAN i VIRTUAL TABLE INDEX 1:", "SEARCH t USING INDEX events_ticket (ticket_id=?)",
             "USE TEMP B-TREE FOR ORDER BY"],
        ),
    ],
)  # fmt: skip
def test_a_named_question_uses_its_index(store: SqliteStore, sql: str, steps: list[str]) -> None:
    assert plan(store, sql) == steps


@pytest.mark.parametrize("tab", Tab)
def test_a_list_is_read_in_the_order_of_its_index_and_never_sorted(store: SqliteStore, tab: Tab) -> None:
    groups, values = queries.groups(View(tab, person="ana"))
    for group in groups:
        first = NO_SLA if group.name == "no_sla" else DUE
        assert plan(store, group.count, **values) == [first]
        assert plan(store, group.page, **values) == [first]
        assert plan(store, group.rank, **values)[0] == first


@pytest.mark.parametrize("text", ["p1", "o: in:response", "vpn -mail", "cust:über"])
def test_a_filtered_list_still_comes_in_the_order_of_its_index(store: SqliteStore, text: str) -> None:
    groups, values = queries.groups(View(Tab.ALL, parse_filter(text)))
    assert plan(store, groups[0].page, **values)[0] == DUE
    assert not any("ORDER BY" in step for step in plan(store, groups[0].page, **values))


def test_no_word_of_a_filter_becomes_part_of_a_statement(store: SqliteStore) -> None:
    for word in ("'; DROP TABLE tickets; --", '"', "%", "_", "\\", "x' OR '1'='1", "Ö' --"):
        for wanted in (
            Filter(words=(word,)),
            Filter(without=(word,)),
            Filter(owners=(word,)),
            Filter(customers=(word,)),
        ):
            view = View(Tab.ALL, wanted)
            assert store.grid(0, view).open == (40 + 1 if wanted.without else 0)
            assert store.window(view, 0, 0, 100).total == (40 + 1 if wanted.without else 0)


@pytest.mark.parametrize(
    ("typed", "priority", "is_meant"),
    [
        ("1", "P1", True), ("p1", "P1", True), ("P1", "1", True), ("1", "1 - Critical", True),
        ("p1", "Priority 1", True),
        ("1", "P10", False), ("1", "P2", False), ("1", "", False), ("crit", "1 - Critical", True),
        ("CRIT", "1 - critical", True), ("1 - c", "1 - Critical", True), (".*", "P1", False),
    ],
)  # fmt: skip
def test_what_a_typed_priority_means(typed: str, priority: str, is_meant: bool) -> None:
    assert is_priority(typed, priority) is is_meant


@pytest.mark.parametrize(
    ("text", "word", "stands_there"),
    [
        ("VPN down", "vpn", True), ("VPN down", "N d", True), ("VPN down", "vp n", False),
        ("Übergrößen", "über", True),
        ("ÜBERGRÖSSEN", "größen", False), ("Müller", "MÜLLER", True), ("Mu\u0308ller", "müller", True),
        ("a.c", "abc", False),
    ],
)  # fmt: skip
def test_where_a_word_stands(text: str, word: str, stands_there: bool) -> None:
    """Case does not count, nor how an accent is written; of a word in ASCII only ASCII letters have a case."""
    assert queries.contains(text, word) is stands_there


def test_a_filter_for_zones_stays_within_the_tab() -> None:
    """The breached are red: those of them that are orange are none."""
    names = {
        tab: [group.name for group in queries.groups(View(tab, Filter(zones=frozenset({Zone.GREEN, Zone.RED}))))[0]]
        for tab in Tab
    }
    assert names == {
        Tab.NEEDS: ["red", "green"], Tab.MINE: ["red", "green"], Tab.ALL: ["red", "green"], Tab.BREACHED: ["red"],
    }  # fmt: skip
