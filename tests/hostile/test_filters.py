"""The filter against a plain Python reading of its grammar: every ticket that is meant is listed, and no other."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.board.views import Filter, Tab, View, parse_filter
from slaboard.store.base import Act
from slaboard.store.read.past import Past
from slaboard.store.sqlite import SqliteStore
from slaboard.text import clean
from slaboard.ticket import Bucket, Stage, Ticket
from tests.examples import examples
from tests.hostile.words import NASTY, TEXTS
from tests.sla.story import at
from tests.store.desk import desk

NOW = at("10:00")
PEOPLE = ("Ana", "ana b", "Ötzi", "ßven", "O'Hara", "100%", "a_b", None, None)
CUSTOMERS = ("Tansy Bakery", "tansy", "Café Zürn", "CAFÉ", "100% Ltd", "_", "İzmir", "漢字", "", "O'Hara")
PRIORITIES = ("P1", "P2", "1 - Critical", "Priority 1", "P10", "p3", "Critical", "", "21", "%")
TITLES = ("VPN down", "vpn", "V\u200bP\u202eN", "100%", "a_b", "axb", "C:\\temp", "cafe\u0301", 'say "x"', "", "x'--")
STATUSES = ("New", "Active", "Working", "Awaiting", "", "open \x1b[31m")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    """A hundred and fifty tickets of all sorts, drawn once."""
    dice = random.Random(5)
    path: Path = tmp_path_factory.mktemp("filters") / "board.db"
    with desk(path) as found:
        found.connection.execute("PRAGMA synchronous=OFF")
        for number in range(150):
            title = dice.choice((*TITLES, dice.choice(NASTY)[:50]))
            changes = {
                "title": title, "customer": dice.choice(CUSTOMERS), "priority": dice.choice(PRIORITIES),
                "status": dice.choice(STATUSES), "board": dice.choice(("", "North", "a_b")),
            }  # fmt: skip
            found.add(Act("add", f"T-{number}", "mail", changes=changes), at("09:00") + 24 * number)
            if owner := dice.choice(PEOPLE):
                found.act(Act("claim", f"T-{number}", owner, any_zone=True), at("09:59"))
            if dice.random() < 0.1:
                found.act(Act("resolve", f"T-{number}", "Ben"), at("09:59"))
        yield found


def fold(text: str | None) -> str:
    return clean(text or "", limit=70_000).lower()


def stands(word: str, ticket: Ticket) -> bool:
    """Whether `word` stands in the id, title, customer, status, board or owner."""
    texts = (ticket.id, ticket.title, ticket.customer, ticket.status, ticket.board)
    return fold(word) in fold(" ".join(texts)) or (ticket.owner is not None and fold(word) in fold(ticket.owner))


def is_priority(typed: str, priority: str) -> bool:
    """`1` and `p1` are a priority of which 1 is one of the numbers; another word stands somewhere in it."""
    if number := re.fullmatch(r"[pP]?([0-9])", typed):
        return number[1] in re.findall(r"[0-9]+", priority)
    return bool(priority) and fold(typed) in fold(priority)


def meant(wanted: Filter, ticket: Ticket) -> bool:
    """Whether the filter lets an open ticket through, part by part."""
    clock = ticket.clock(ticket.bucket)
    buckets = {wanted.bucket, *([Bucket.TOTAL_RESOLUTION] if wanted.bucket is Bucket.RESOLUTION else [])}
    return (
        all(stands(word, ticket) for word in wanted.words)
        and not any(stands(word, ticket) for word in wanted.without)
        and (not wanted.priorities or any(is_priority(typed, ticket.priority) for typed in wanted.priorities))
        and (not wanted.owners or any(fold(name) in fold(ticket.owner) for name in wanted.owners if ticket.owner))
        and (not wanted.customers or any(fold(name) in fold(ticket.customer) for name in wanted.customers))
        and (not wanted.unowned or ticket.owner is None)
        and (wanted.bucket is None or (clock is not None and clock.bucket in buckets))
        and (
            not wanted.zones
            or (clock is not None and ticket.stage is not Stage.WAITING and clock.zone(NOW) in wanted.zones)
        )
    )


WORDS = st.sampled_from(
    ["vpn", "100%", "%", "_", "a_b", "\\", "T-1", "t-14", "café", "CAFÉ", "ß", "İ", "i", "漢", "north", "new", "'",
     "''", "x", '"', "\u200b", "cafe\u0301", "--", "*", "down vpn", "0", "\0", "\U0001f468"]
) | TEXTS  # fmt: skip
PARTS = (
    WORDS
    | WORDS.map(lambda word: f'"{word}"')
    | WORDS.map(lambda word: f"-{word}")
    | st.tuples(st.sampled_from(["owner:", "cust:", "customer:", "p:", "priority:", "OWNER:"]), WORDS).map(
        lambda both: f'{both[0]}"{both[1]}"'
    )
    | st.sampled_from(
        [
            "p1",
            "p2",
            "1",
            "P:1",
            "o:",
            "r:",
            "y:",
            "g:",
            "zone:red",
            "unclaimed",
            "owner:-",
            "owner:none",
            "in:response",
            "in:resplan",
            "in:resl",
            "owner:ana",
            "owner:O'Hara",
            "owner:100%",
            "cust:tansy",
            "p:critical",
            "p:%",
            "-p1",
        ]
    )
)


@pytest.fixture(scope="module")
def everything(store: SqliteStore) -> list[Ticket]:
    return list(store.tickets(NOW, view=View(Tab.ALL), ended=True, as_it_came=True))


@pytest.fixture(scope="module")
def past(store: SqliteStore) -> Past:
    return Past(store, NOW)


@examples(25)
@given(parts=st.lists(PARTS, max_size=4))
def test_a_filter_lists_what_it_means(
    store: SqliteStore, everything: list[Ticket], past: Past, parts: list[str]
) -> None:
    """The list, its pages, the grid and the past agree with the plain reading."""
    wanted = parse_filter(" ".join(parts))
    view = View(Tab.ALL, wanted)
    is_open = {ticket.id for ticket in everything if ticket.stage.is_open}
    expected = {ticket.id for ticket in everything if ticket.id in is_open and meant(wanted, ticket)}
    page = store.window(view, NOW, 0, 1_000)
    assert {ticket.id for ticket in page.rows} == expected
    assert page.total == len(expected)
    assert store.grid(NOW, view).open == len(expected)
    assert {ticket.id for ticket in past.window(view, NOW, 0, 1_000).rows} == expected
    listed = {ticket.id for ticket in store.tickets(NOW, view=view, ended=True)}
    if wanted.zones or wanted.bucket is not None:
        assert listed == expected
    else:
        assert listed == {ticket.id for ticket in everything if meant(wanted, ticket)}


def test_the_tickets_are_of_all_sorts(store: SqliteStore) -> None:
    """Else the property would say little."""
    for text in ("p1", "vpn", "r:", "y:", "g:", "unclaimed", "cust:café", "owner:ana", "in:resplan", "%", "a_b", "'"):
        assert 0 < store.window(View(Tab.ALL, parse_filter(text)), NOW, 0, 1).total < 140, text
