"""The named questions use their index, also where the planner's statistics are old; and what a filter's words mean."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from slaboard.board.views import Filter, Sort, SortBy, Tab, View, parse_filter
from slaboard.store.read import queries
from slaboard.store.read.listing import Group, groups
from slaboard.store.read.search import Names, Where, where
from slaboard.store.read.sorting import OF_CLOCKS, OF_TICKETS
from slaboard.store.sqlite import SqliteStore
from slaboard.store.words import contains, is_priority
from slaboard.ticket import Zone
from tests.sla.story import situation
from tests.store.desk import desk

BOUND = {
    "now": 1, "last": 0, "place": 1, "bucket": "response", "priority": "P1", "id": "A-1", "id2": "A-2", "ids": "[]",
    "limit": 1, "offset": 0, "seq": 0, "due": 1, "due2": 2, "among": "[]", "person": "ana", "floor": 0,
}  # fmt: skip


@pytest.fixture(scope="module", params=["before ANALYZE", "after ANALYZE"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    """A small store that somebody may have run ANALYZE on: for so few rows the planner would rather read everything."""
    lines = [f"09:00 mail add B-{number} priority=P{number % 4}" for number in range(40)]
    with desk(tmp_path_factory.mktemp("queries") / "s.db", *lines) as made:
        if request.param == "after ANALYZE":
            made.connection.execute("ANALYZE")
        yield made


def plan(store: SqliteStore, sql: str, **values: object) -> list[str]:
    """What SQLite would do, step by step."""
    steps = [row["detail"] for row in store.ask(f"EXPLAIN QUERY PLAN {sql}", {**BOUND, **values})]
    return [step for step in steps if not step.startswith(("SCALAR SUBQUERY", "LIST SUBQUERY", "CORRELATED SCALAR"))]


KIND = "SEARCH c USING COVERING INDEX clocks_grid (place=? AND bucket=? AND priority=?"
DUE = "SEARCH c USING COVERING INDEX clocks_due (place=?"
OWNED = "SEARCH c USING COVERING INDEX clocks_owner (owner=? AND place=?"
NO_SLA = "SCAN {} USING COVERING INDEX tickets_no_sla"
LEDGER = "SEARCH c USING INTEGER PRIMARY KEY (rowid>?)"
IDS = "SCAN i VIRTUAL TABLE INDEX 1:"
BEHIND = "SEARCH tickets USING INDEX tickets_behind (policy_version<?)"
BY_ID = "SEARCH t USING INDEX sqlite_autoindex_tickets_1 (id=?)"
FEW = "USE TEMP B-TREE FOR GROUP BY"
"""Of the few priorities or buckets that there are."""
OPEN = Where()


def cells(clocks: str, found: Where = OPEN) -> str:
    return queries.CELLS.format(weight="1", clocks=clocks, where=found.clocks)


def crossed(edge: str) -> str:
    return queries.CROSSED.format(edge=edge, range=queries.EDGES[edge], where="")


@pytest.mark.parametrize(
    ("sql", "steps"),
    [
        situation("green ones", queries.GREEN, [KIND + " AND yellow_at>?)"]),
        situation("worse ones", queries.WORSE, [KIND + " AND yellow_at<?)"]),
        situation("who waits", queries.WAITING, [KIND + ")"]),
        situation("without SLA", queries.NO_SLA, [NO_SLA.format("t"), FEW]),
        situation("what has changed", cells(queries.MOVED), [LEDGER, FEW]),
        situation("how far the ledger is", queries.LAST_ENTRY, ["SCAN ledger"]),
        situation("an entry's mark", queries.MARK, ["SEARCH ledger USING INTEGER PRIMARY KEY (rowid=?)"]),
        *(
            situation(
                f"crossings into {zone}", crossed(zone),
                [f"SEARCH c USING COVERING INDEX clocks_{zone} ({zone}_at>? AND {zone}_at<?)", FEW],
            )
            for zone in ("yellow", "orange")
        ),
        situation(
            "crossings into red", crossed("red"),
            ["SEARCH c USING COVERING INDEX clocks_red (place=? AND bucket=? AND red_at>? AND red_at<?)", FEW],
        ),
        situation(
            "next to breach", queries.NEXT, ["SEARCH clocks USING INDEX clocks_red (place=? AND bucket=? AND red_at>?)"]
        ),
        situation("worst", queries.WORST, [OWNED + ")"]),
        situation("one's own", queries.MINE.format(where=""), [OWNED + ")"]),
        situation("where one stands", queries.PLACE_OF, ["SEARCH c USING PRIMARY KEY (ticket_id=?)"]),
        situation("loads", queries.LOADS, ["SEARCH tickets USING COVERING INDEX tickets_owner (owner>?)"]),
        situation(
            "what is stale", queries.STALE,
            ["COMPOUND QUERY", "LEFT-MOST SUBQUERY",
             "SEARCH tickets USING COVERING INDEX tickets_stale (stale>?)", "UNION ALL",
             "SEARCH tickets USING COVERING INDEX tickets_stale (stale<?)", "UNION ALL",
             "SEARCH tickets USING COVERING INDEX tickets_stale (stale=?)", "SCAN state", "UNION ALL",
             BEHIND, "SCAN state"],
        ),
        situation(
            "whether any is", queries.ANY_STALE,
            ["COMPOUND QUERY", "LEFT-MOST SUBQUERY", "SCAN tickets USING COVERING INDEX tickets_stale", "UNION ALL",
             BEHIND, "SCAN state"],
        ),
        situation("some tickets", queries.TICKETS, [IDS, BY_ID]),
        situation("their revisions", queries.REVS, [IDS, BY_ID]),
        situation("their clocks", queries.CLOCKS, [IDS, "SEARCH t USING PRIMARY KEY (ticket_id=?)"]),
        situation(
            "their events", queries.EVENTS,
            [IDS, "SEARCH t USING INDEX events_ticket (ticket_id=?)", "USE TEMP B-TREE FOR ORDER BY"],
        ),
    ],
)  # fmt: skip
def test_a_named_question_uses_its_index(store: SqliteStore, sql: str, steps: list[str]) -> None:
    assert plan(store, sql) == steps


@pytest.mark.parametrize("sql", [queries.KINDS, queries.OWNERS])
def test_what_kinds_there_are_is_found_by_steps(store: SqliteStore, sql: str) -> None:
    """One step through the index for each, however many tickets there are of it."""
    read = [step for step in plan(store, sql) if " c " in step]
    assert read
    assert all(step.startswith("SEARCH c USING COVERING INDEX") for step in read)


def reads(store: SqliteStore, group: Group, **values: object) -> Iterator[tuple[str, list[str]]]:
    """Each way in which a stretch of a list is read, with its plan."""
    for key in ((1, "A-1"), *([(None, "A-1")] if group.has_undated else [])):
        for backwards in (False, True):
            for part in ("", *group.parts(key, backwards=backwards)):
                sql = group.page(part, backwards=backwards)
                yield sql, plan(store, sql, **values)
                yield group.count(part), plan(store, group.count(part), **values)


@pytest.mark.parametrize("tab", Tab)
def test_a_list_is_read_in_the_order_of_its_index_and_never_sorted(store: SqliteStore, tab: Tab) -> None:
    """From its beginning, its end and from any ticket, in both directions."""
    index = {Tab.NEEDS: "clocks_owner", Tab.MINE: "clocks_owner"}.get(tab, "clocks_due")
    for group in groups(View(tab, person="ana"), OPEN):
        for sql, steps in reads(store, group):
            if group.name != "no_sla":
                assert len(steps) == 1, (sql, steps)
                assert f"COVERING INDEX {index} (" in steps[0], sql
            elif tab is not Tab.MINE:
                assert len(steps) == 1, (sql, steps)
                assert "USING COVERING INDEX tickets_no_sla" in steps[0]
            else:
                assert steps[0].startswith("SEARCH c USING INDEX tickets_owner (owner=?"), "somebody's own are few"
        [step] = plan(store, group.one())
        assert ("(id=?" if group.name == "no_sla" else "ticket_id=?") in step, step


@pytest.mark.parametrize("by", [by for by in SortBy if by is not SortBy.SAVING])
@pytest.mark.parametrize("tab", Tab)
def test_what_a_list_is_sorted_by_stands_in_its_index(store: SqliteStore, tab: Tab, by: SortBy) -> None:
    """Only when a ticket was opened is looked up, ticket by ticket; and somebody's own tickets are few."""
    for group in groups(View(tab, person="ana", sort=Sort(by)), OPEN):
        what = (OF_CLOCKS if group.place else OF_TICKETS)[by]
        first, *more = plan(store, group.values(what))
        if tab is not Tab.MINE:
            index = "clocks_due" if group.place else "tickets_no_sla"
            assert f"USING COVERING INDEX {index}" in first
        assert more == (["SEARCH t USING INDEX sqlite_autoindex_tickets_1 (id=?)"] if "t.opened_at" in what else [])


def test_a_list_goes_on_from_a_ticket_in_one_step(store: SqliteStore) -> None:
    """The key is a range of the index, not a condition on each of its rows."""
    [group] = groups(View(Tab.BREACHED), OPEN)
    forwards, backwards = group.parts((1, "A-1"), backwards=False)[0], group.parts((1, "A-1"), backwards=True)[0]
    assert plan(store, group.page(forwards)) == [DUE + " AND due_at>?)"]
    assert plan(store, group.page(backwards, backwards=True)) == [DUE + " AND due_at<?)"]


@pytest.mark.parametrize("text", ["p1", "in:response", "vpn -mail", "cust:über", "owner:ana", "unclaimed x"])
def test_a_filter_reads_nothing_but_its_index(store: SqliteStore, text: str) -> None:
    """Nor is a filtered list sorted."""
    found = where(parse_filter(text), Names(frozenset({"ana"}), frozenset({"P1"})))
    for tab in (Tab.ALL, Tab.NEEDS, Tab.BREACHED):
        for group in groups(View(tab, parse_filter(text)), found):
            for _, steps in reads(store, group, **dict(found.values)):
                assert "COVERING INDEX" in steps[0]
                assert not any("ORDER BY" in step for step in steps)
    for sql in (cells(queries.ALL_CLOCKS, found), queries.HITS.format(where=found.clocks)):
        assert plan(store, sql, **dict(found.values))[0].startswith(DUE)


def test_few_hits_are_read_by_their_ids(store: SqliteStore) -> None:
    """However many tickets there are that the filter does not find."""
    found = where(parse_filter("vpn"), Names())
    for group in groups(View(Tab.ALL, parse_filter("vpn")), found, few=True):
        steps = plan(store, group.page(), **dict(found.values))
        assert steps[0] == IDS
        assert steps[1].startswith(("SEARCH c USING PRIMARY KEY (ticket_id=?", "SEARCH c USING INDEX sqlite_autoindex"))
    assert plan(store, cells(queries.SOME_CLOCKS, found), **dict(found.values))[0] == IDS


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
    assert contains(text, word) is stands_there


def test_a_filter_for_zones_stays_within_the_tab() -> None:
    """The breached are red: those of them that are orange are none."""
    red_and_green = Filter(zones=frozenset({Zone.GREEN, Zone.RED}))
    names = {tab: [group.name for group in groups(View(tab, red_and_green), OPEN)] for tab in Tab}
    assert names == {
        Tab.NEEDS: ["red", "green"], Tab.MINE: ["red", "green"], Tab.ALL: ["red", "green"], Tab.BREACHED: ["red"],
    }  # fmt: skip
