"""`slaboard watch` as a process of its own: lines as things happen, hooks, one a store, and how it ends."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from slaboard.alerts import alert as alerts
from slaboard.alerts.alert import Crossing, Rules
from slaboard.alerts.hooks import Hooks
from slaboard.alerts.messenger import Messenger
from slaboard.board.views import parse_filter
from slaboard.commands import watch
from slaboard.commands.watch import MOST, Bellman, Teller
from slaboard.follow.patrol import Change
from slaboard.store.base import Act
from slaboard.store.disk.sole import holder_of
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import ZONES, Bucket, Ticket, Zone
from tests.commands.shell import Run
from tests.hostile.words import NASTY
from tests.stores import GREEN, YELLOW, make

DEADLINE_S = 15.0


class Watch:
    """A watch on a store, its lines and its sentences."""

    def __init__(self, store: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "slaboard", "watch", "--store", str(store), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
        )  # fmt: skip
        self._left: dict[Any, bytes] = {}

    def line(self) -> dict[str, Any]:
        """The next change that it tells."""
        found: dict[str, Any] = json.loads(self._next(self.process.stdout))
        return found

    def sentence(self) -> str:
        """The next that it says beside."""
        return self._next(self.process.stderr)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(DEADLINE_S)

    def _next(self, pipe: Any) -> str:
        end = time.monotonic() + DEADLINE_S
        while b"\n" not in self._left.get(pipe, b""):
            assert select.select([pipe], [], [], max(0.0, end - time.monotonic()))[0], "it says nothing"
            piece = os.read(pipe.fileno(), 65_536)
            assert piece, "it has ended"
            self._left[pipe] = self._left.get(pipe, b"") + piece
        line, _, self._left[pipe] = self._left[pipe].partition(b"\n")
        return line.decode()


@contextmanager
def watching(store: Path, *arguments: str) -> Iterator[Watch]:
    """A watch that has begun."""
    found = Watch(store, *arguments)
    try:
        assert found.sentence().startswith(f"slaboard: Watching {store} from now on.")
        yield found
    finally:
        if found.process.poll() is None:
            found.process.kill()
        found.process.communicate()


@pytest.fixture
def now() -> int:
    return int(time.time())  # noqa: TID251 the program's own clock runs in these tests


@pytest.fixture
def board(tmp_path: Path, now: int) -> Path:
    """T-1 is green and T-2 yellow."""
    return make(tmp_path / "s.db", now, [GREEN, YELLOW])


def instant(at: int) -> str:
    """As a line tells it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def config(folder: Path, text: str) -> None:
    """The settings of whoever runs it."""
    file = folder / "config" / "slaboard" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text)


def test_each_change_is_a_line_when_it_happens(board: Path, now: int, run: Run) -> None:
    """By a commit and by time alone, at the edge's own second; another watch is told who has the store."""
    with watching(board) as found, SqliteStore(board) as other:
        opened = int(time.time()) - 2_698  # noqa: TID251 the program's own clock runs in these tests
        other.add(Act("add", "N-1", "mail", changes={"title": "x", "customer": "Tansy", "priority": "P1"}), opened)
        line = found.line()
        while line["to"] != "orange":
            line = found.line()
        assert line.pop("from") in ("yellow", None)  # on a busy machine it is seen when it is orange already
        assert line == {
            "at": instant(opened + 2_700), "ticket": "N-1", "bucket": "response", "to": "orange", "owner": None,
            "customer": "Tansy", "priority": "P1", "title": "x", "cause": None, "url": None,
            "due_at": instant(opened + 3_600),
        }  # fmt: skip
        other.act(Act("claim", "T-1", "Ana"), now + 3)
        other.act(Act("respond", "T-2", "Ana"), now + 3)
        line = found.line()
        assert (line["ticket"], line["bucket"], line["from"], line["to"]) == ("T-2", "resplan", "yellow", "green")
        said = run("--store", str(board), "watch", code=3).err
        assert f"is watched already, by process {found.process.pid}" in said
        assert "slaboard watch --also" in said
        assert found.end() == 128 + signal.SIGTERM
    assert holder_of(board) is None


def test_a_hook_gets_an_alert_and_what_a_ticket_says_stays_text(
    tmp_path: Path, board: Path, now: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A burst is one alert; a second watch beside it streams the same and runs nothing."""
    program = "import json,os,sys; open('out', 'a').write(sys.stdin.read())"
    config(tmp_path, f"[alerts]\nzones = 'yellow'\ncommand = {json.dumps([sys.executable, '-c', program])}\n")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    titles = [title.encode("utf-8", "replace").decode() for title in NASTY[:24]]
    with watching(board) as found, watching(board, "--also", "--once", "--zones", "yellow") as beside:
        with SqliteStore(board) as other:
            other.add(Act("add", "N-0", "mail", changes={"title": titles[0], "customer": titles[1]}), now - YELLOW)
        assert beside.line()["ticket"] == "N-0"
        assert beside.process.wait(DEADLINE_S) == 0
        line = found.line()
        while line["ticket"] != "N-0":
            line = found.line()
        assert (line["title"], line["customer"]) == (titles[0], titles[1])
        end = time.monotonic() + DEADLINE_S
        out = tmp_path / "here" / "out"
        while not (out.exists() and out.read_text().endswith("\n")):
            assert time.monotonic() < end
            time.sleep(0.02)
        [alert] = [json.loads(text) for text in out.read_text().splitlines()]
        assert (alert["total"], alert["zone"], alert["ticket"]) == (1, "yellow", "N-0")
        assert alert["tickets"][0]["title"] == "\ufffd[2J\ufffd[1;1H cleared"
        assert "\x1b" not in alert["text"]
    assert list((tmp_path / "here").iterdir()) == [out]


@pytest.mark.parametrize("has_news", [False, True], ids=["while nothing happens", "with its next line"])
def test_when_nobody_listens_any_more_it_ends_by_itself(board: Path, now: int, has_news: bool) -> None:
    """As behind `| head -1`."""
    with watching(board) as found:
        assert found.process.stdout is not None
        found.process.stdout.close()
        if has_news:
            with SqliteStore(board) as other:
                other.add(Act("add", "", "mail", changes={"title": "x"}), now)
        assert found.process.wait(DEADLINE_S) == 0
        assert found.process.stderr is not None
        assert found.process.stderr.read() == b""


def test_what_cannot_be_watched_is_a_sentence(tmp_path: Path, run: Run) -> None:
    assert "There is no store at" in run("--store", str(tmp_path / "none.db"), "watch", code=3).err
    assert list(tmp_path.glob("none.db*")) == []
    said = run("watch", "--zones", "pink", code=2).err
    assert said.startswith('slaboard: --zones pink cannot be used: write zones such as "orange red"')


# --- its parts --------------------------------------------------------------------------------------------------


def change(number: int, after: Zone | None, *, board: str = "", due: int = 100, title: str = "") -> Change:
    ticket = Ticket(id=f"T-{number}", board=board, title=title)
    return Change(Crossing(ticket.id, Bucket.RESPONSE, Zone.GREEN, after, 50, due), ticket)


def test_only_what_is_asked_for_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Zones choose among the lines, a filter among the tickets."""
    changes = [change(1, Zone.RED, board="net"), change(2, Zone.ORANGE), change(3, None, board="net")]
    everything = Teller(frozenset(ZONES), parse_filter(""))
    assert everything.chosen(changes, 0) == changes
    assert everything.tell(changes) == 3
    assert [json.loads(line)["to"] for line in capsys.readouterr().out.splitlines()] == ["red", "orange", None]
    red = Teller(frozenset({Zone.RED}), parse_filter("board:net"), is_all=False)
    assert red.chosen(changes, 0) == [changes[0], changes[2]]
    assert red.tell(red.chosen(changes, 0)) == 1
    assert red.chosen([Change(changes[0].crossing, None)], 0) == []


def test_a_burst_is_one_alert_with_the_worst_tickets_and_none_in_quiet_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[dict[str, Any]] = []
    monkeypatch.setattr(watch, "ring", lambda _hooks, _messenger, payload, facts: rung.append(json.loads(payload)))
    bellman = Bellman(Hooks(("page",)), Rules(ways={"hook": alerts.BY_DEFAULT}), "UTC", Messenger(print), "s.db")
    heap = [change(number, Zone.ORANGE, due=1_000 - number) for number in range(MOST + 10)]
    bellman.heard([*heap, change(99, Zone.RED), change(98, Zone.YELLOW)], 1_000)
    bellman.heard([change(100, Zone.RED)], 1_003)
    assert [alert["counts"]["red"] for alert in rung] == [1]
    assert (rung[0]["total"], rung[0]["ticket"], len(rung[0]["tickets"])) == (MOST + 11, "T-99", MOST)
    assert rung[0]["tickets"][1]["ticket"] == f"T-{MOST + 9}"
    bellman.heard([], 1_010)
    assert (rung[1]["total"], rung[1]["ticket"]) == (1, "T-100")
    bellman.rules = Rules(ways={"hook": alerts.BY_DEFAULT}, quiet=(0, 1_439))
    bellman.heard([change(101, Zone.RED)], 2_000)
    bellman.rules = Rules(ways={})
    bellman.heard([change(102, Zone.RED)], 3_000)
    assert len(rung) == 2
