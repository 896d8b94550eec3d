"""The feed on a real store: what other processes commit is said soon, once, and never lost; trouble is said too."""

from __future__ import annotations

import queue
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest
from msgspec.structs import replace

from slaboard.board.sight import Refresh, Sight
from slaboard.board.views import Tab, View, parse_filter
from slaboard.errors import Lost, StoreBusy, StoreError
from slaboard.follow import feed as module
from slaboard.follow.absence import Absence
from slaboard.follow.feed import APART_S, Acted, Entered, Feed, Report, Trouble
from slaboard.follow.reader import Reader
from slaboard.store.base import Act, Done
from slaboard.store.disk.driver import connect
from slaboard.store.read.live import Live
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Zone
from tests.stores import ORANGE, YELLOW, Neighbour, make

NOW = 1_763_736_067
SIGHT = Sight(View(Tab.ALL), rows=20)
DEADLINE_S = 10.0

R = TypeVar("R", bound=Report)


class Ear:
    """Hears a feed: reports with the instants at which they came."""

    def __init__(self) -> None:
        self.heard: queue.Queue[tuple[Report, float]] = queue.Queue()
        self.now = NOW

    def post(self, report: Report) -> None:
        self.heard.put((report, time.monotonic()))

    def next(self, kind: type[R], that: Callable[[R], bool] = lambda _: True) -> tuple[R, float]:
        """The next report of that kind for which `that` holds, others dropped; fails after the deadline."""
        end = time.monotonic() + DEADLINE_S
        while True:
            report, at = self.heard.get(timeout=max(0.01, end - time.monotonic()))
            if isinstance(report, kind) and that(report):
                return report, at


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make(tmp_path / "s.db", NOW, [YELLOW] * 20)


@pytest.fixture
def feed(path: Path, ear: Ear) -> Iterator[Feed]:
    feed = Feed(path, ear.post, lambda: ear.now)
    feed.look(SIGHT)
    feed.start()
    yield feed
    feed.close()


def owner(refresh: Refresh, ticket: str) -> str | None:
    """Who owns `ticket` in a refresh."""
    return next(row.owner for row in refresh.page.rows if row.id == ticket)


def test_it_begins_with_everything_in_sight(feed: Feed, ear: Ear) -> None:
    first, _ = ear.next(Refresh)
    assert first.page.total == 20
    assert first.grid.open == 20
    assert feed.age_s() is not None


def test_another_processs_commit_is_said_well_under_a_tenth_of_a_second(feed: Feed, ear: Ear, path: Path) -> None:
    ear.next(Refresh)
    took = []
    with Neighbour(path) as neighbour:
        for number in range(1, 12):
            ticket = f"T-{number}"
            committed = neighbour.claim(ticket)
            _, at = ear.next(Refresh, lambda seen, ticket=ticket: owner(seen, ticket) == "Chi")  # type: ignore[misc]
            took.append(at - committed)
            # The next commit comes when this one's refresh is long over, as on a real board.
            time.sleep(APART_S)
    assert statistics.median(took) < 0.1, took


def test_many_commits_are_said_at_most_four_times_a_second_and_the_last_is_not_lost(
    feed: Feed, ear: Ear, path: Path
) -> None:
    ear.next(Refresh)
    begun = time.monotonic()
    with SqliteStore(path) as other:
        for number in range(1, 21):
            other.act(Act("claim", f"T-{number}", "Chi"), NOW)
    heard = 0

    def all_claimed(seen: Refresh) -> bool:
        nonlocal heard
        heard += 1
        return all(row.owner == "Chi" for row in seen.page.rows)

    _, at = ear.next(Refresh, all_claimed)
    assert heard <= 2 + (at - begun) / APART_S


def test_an_act_is_answered_with_what_it_changed(feed: Feed, ear: Ear) -> None:
    ear.next(Refresh)
    feed.act(Act("claim", "T-1", "Ana"))
    acted, _ = ear.next(Acted)
    assert isinstance(acted.result, Done)
    assert acted.result.owner == "Ana"
    assert acted.seen is not None
    assert owner(acted.seen, "T-1") == "Ana"


def test_where_reading_takes_long_an_act_is_answered_before_it_is_shown(feed: Feed, ear: Ear) -> None:
    ear.next(Refresh)
    feed._apart_s = 2 * APART_S
    feed.act(Act("claim", "T-1", "Ana"))
    acted, _ = ear.next(Acted)
    assert acted.seen is None
    assert owner(ear.next(Refresh)[0], "T-1") == "Ana"


def test_what_became_of_an_act_is_told_even_where_the_store_cannot_be_read_after_it(
    feed: Feed, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    ear.next(Refresh)

    def broken(*_: object) -> Refresh:
        raise StoreError("The store is damaged.")

    monkeypatch.setattr(Reader, "read", broken)
    feed.act(Act("claim", "T-1", "Ana"))
    acted, _ = ear.next(Acted)
    assert isinstance(acted.result, Done)
    assert acted.seen is None
    ear.next(Trouble)


def test_who_looks_does_not_wait_behind_an_act_that_has_to(feed: Feed, ear: Ear, path: Path) -> None:
    """Another program writes and takes no turn: acts stay in their order, and keys that only look come in between."""
    ear.next(Refresh)
    with closing(connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        feed.act(Act("claim", "T-1", "Ben"))
        feed.act(Act("release", "T-1", "Ben"), Act("claim", "T-2", "Ben"))
        feed.look(replace(SIGHT, view=View(Tab.ALL, parse_filter("T-7"))))
        end = time.monotonic() + DEADLINE_S
        heard: list[Report] = []
        while not (heard and isinstance(heard[-1], Refresh) and heard[-1].page.total == 1):
            heard.append(ear.heard.get(timeout=end - time.monotonic())[0])
        assert not [report for report in heard if isinstance(report, Acted)]
        other.execute("ROLLBACK")
        told = [ear.next(Acted)[0] for _ in range(3)]
    assert [(acted.act.verb, acted.act.ticket) for acted in told] == [
        ("claim", "T-1"), ("release", "T-1"), ("claim", "T-2"),
    ]  # fmt: skip
    assert all(isinstance(acted.result, Done) for acted in told)
    with SqliteStore(path) as store:
        assert store.loads() == {"Ben": 1}


def test_an_act_that_has_waited_for_long_enough_is_refused(
    feed: Feed, ear: Ear, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those behind it wait as long, each in its turn; nothing of it is done later."""
    monkeypatch.setattr(module, "WAIT_S", 0.3)
    ear.next(Refresh)
    with closing(connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        feed.act(Act("claim", "T-1", "Ben"), Act("claim", "T-2", "Ben"))
        for ticket in ("T-1", "T-2"):
            acted, _ = ear.next(Acted)
            assert acted.act.ticket == ticket
            assert isinstance(acted.result, StoreBusy)
            assert "is locked by" in str(acted.result)
        other.execute("ROLLBACK")
    feed.act(Act("claim", "T-3", "Ben"))
    ear.next(Acted)
    with SqliteStore(path) as store:
        assert store.loads() == {"Ben": 1}


def test_a_board_that_was_late_once_does_not_stay_late(feed: Feed, ear: Ear, path: Path) -> None:
    """Commits a quarter of a second apart are each shown, also after one that was noticed late."""
    ear.next(Refresh)
    feed._next_slot = time.monotonic() + APART_S
    shown = []
    with Neighbour(path) as neighbour:
        for number in range(1, 9):
            at = time.monotonic()
            neighbour.claim(f"T-{number}")
            mine = f"T-{number}"
            seen, _ = ear.next(Refresh, lambda seen, mine=mine: owner(seen, mine) == "Chi")  # type: ignore[misc]
            shown.append(sum(row.owner == "Chi" for row in seen.page.rows))
            time.sleep(max(0.0, at + APART_S - time.monotonic()))
    assert shown == list(range(1, 9))


def test_a_lost_race_is_answered_with_the_stores_sentence(feed: Feed, ear: Ear, path: Path) -> None:
    ear.next(Refresh)
    with SqliteStore(path) as other:
        other.act(Act("claim", "T-1", "Chi"), NOW)
    feed.act(Act("claim", "T-1", "Ana"))
    acted, _ = ear.next(Acted)
    assert isinstance(acted.result, Lost)
    assert "taken by Chi" in str(acted.result)


def test_what_a_script_inserts_appears_with_a_clock(feed: Feed, ear: Ear, path: Path) -> None:
    ear.next(Refresh)
    with SqliteStore(path) as other:
        other.connection.execute("INSERT INTO tickets (id, title) VALUES ('X-1', 'from a script')")
    seen, _ = ear.next(Refresh, lambda seen: any(row.id == "X-1" and row.clocks for row in seen.page.rows))
    assert seen.page.total == 21


def test_time_alone_moves_zones(feed: Feed, ear: Ear) -> None:
    ear.next(Refresh)
    ear.now = NOW + 1_000
    feed.tick()
    seen, _ = ear.next(Refresh)
    assert seen.grid.needs == 20
    assert seen.grid.at == NOW + 1_000


def test_a_look_elsewhere_is_answered(feed: Feed, ear: Ear) -> None:
    ear.next(Refresh)
    feed.look(Sight(View(Tab.MINE, person="Ana"), rows=20, person="Ana"))
    seen, _ = ear.next(Refresh)
    assert seen.sight.view.tab is Tab.MINE
    assert seen.page.total == 0


def test_a_deleted_store_is_said_and_one_that_comes_back_is_read(feed: Feed, ear: Ear, path: Path) -> None:
    ear.next(Refresh)
    for name in (path, path.with_name("s.db-wal"), path.with_name("s.db-shm")):
        name.unlink(missing_ok=True)
    trouble, _ = ear.next(Trouble)
    assert "is gone" in trouble.sentence
    assert trouble.attempt == 1
    make(path, NOW, [YELLOW] * 3)
    ear.next(Refresh, lambda seen: seen.page.total == 3)


def test_a_replaced_store_is_opened_anew(feed: Feed, ear: Ear, path: Path, tmp_path: Path) -> None:
    ear.next(Refresh)
    make(tmp_path / "other.db", NOW, [YELLOW] * 7)
    (tmp_path / "other.db").replace(path)
    seen, _ = ear.next(Refresh, lambda seen: seen.page.total == 7)
    assert seen.grid.open == 7


def test_a_store_that_is_not_there_is_described(ear: Ear, path: Path, tmp_path: Path) -> None:
    feed = Feed(tmp_path / "t.db", ear.post, lambda: NOW)
    feed.start()
    absence, _ = ear.next(Absence)
    assert (absence.is_missing, absence.can_create, absence.suggestion) == (True, True, path)
    assert absence.folder == f"{tmp_path} exists, writable by you"
    feed.open(path)
    assert ear.next(Refresh)[0].page.total == 20
    feed.close()


def test_a_store_can_be_made_where_there_is_none(ear: Ear, tmp_path: Path) -> None:
    feed = Feed(tmp_path / "new.db", ear.post, lambda: NOW)
    feed.start()
    ear.next(Absence)
    feed.create("Ana")
    seen, _ = ear.next(Refresh)
    assert seen.page.total == 0
    assert seen.calendars, "the default policy is in force"
    feed.close()


def test_what_is_not_a_store_is_not_touched(ear: Ear, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("remember the milk\n" * 100)
    feed = Feed(path, ear.post, lambda: NOW)
    feed.start()
    absence, _ = ear.next(Absence)
    assert not absence.is_missing
    assert not absence.can_create
    assert "not a slaboard store" in absence.sentence
    assert path.read_text().startswith("remember the milk")
    feed.close()


@pytest.mark.parametrize(
    ("error", "words"),
    [(KeyError("a bug"), "something unforeseen (KeyError)"), (ImportError("a module"), "Quit and open it again")],
    ids=["a bug", "upgraded under the board"],
)
def test_a_row_that_nobody_foresaw_does_not_end_the_feed(
    feed: Feed, ear: Ear, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    ear.next(Refresh)
    real = Live.window
    broken = iter([True])

    def window(self: Live, *args: object) -> object:
        if next(broken, False):
            raise error
        return real(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Live, "window", window)
    feed.reload()
    trouble, _ = ear.next(Trouble)
    assert trouble.cause is error
    assert words in trouble.sentence
    ear.next(Refresh)


def test_looking_only_never_writes(ear: Ear, path: Path) -> None:
    feed = Feed(path, ear.post, lambda: NOW, read_only=True)
    feed.look(SIGHT)
    feed.start()
    assert ear.next(Refresh)[0].read_only
    feed.act(Act("claim", "T-1", "Ana"))
    acted, _ = ear.next(Acted)
    assert "reading only" in str(acted.result)
    feed.close()


def test_of_tickets_in_zones_that_nobody_asked_for_nothing_is_said(feed: Feed, ear: Ear, path: Path) -> None:
    """A green one comes, then a red one: the first that is told is the red one."""
    ear.next(Refresh)
    with SqliteStore(path) as other:
        other.add(Act("add", "N-1", "mail", changes={"title": "x", "customer": "Tansy"}), NOW)
        ear.next(Refresh)
        other.add(Act("add", "N-2", "mail", changes={"title": "x", "customer": "Tansy"}), NOW - 2 * ORANGE)
    entered, _ = ear.next(Entered)
    assert entered.burst.counts == {Zone.RED: 1}


def test_who_comes_into_a_zone_is_said_once_and_nothing_of_how_it_began(feed: Feed, ear: Ear, path: Path) -> None:
    """By a commit and by time alone; a claim is none. Twenty tickets were yellow at the start."""
    ear.next(Refresh)
    with SqliteStore(path) as other:
        other.act(Act("claim", "T-1", "Chi"), NOW)
        other.add(Act("add", "N-1", "mail", changes={"title": "x\x1b[2J", "customer": "Tansy"}), NOW - ORANGE)
    entered, _ = ear.next(Entered)
    assert entered.burst.counts == {Zone.ORANGE: 1}
    assert entered.burst.worst[Zone.ORANGE].ticket == "N-1"
    assert entered.burst.worst[Zone.ORANGE].title == "x\ufffd[2J"
    ear.now = NOW + ORANGE - YELLOW
    entered, _ = ear.next(Entered)
    assert entered.burst.counts == {Zone.ORANGE: 20, Zone.RED: 1}
    feed.reload()
    ear.next(Refresh)
    assert ear.heard.empty()
