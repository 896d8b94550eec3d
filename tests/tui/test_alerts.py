"""The bell of a running board: one byte when tickets come into a zone, none for how things stand at the start."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard.alerts.alert import Alert, Burst, Entry, Rules, Vigil
from slaboard.alerts.messenger import Messenger
from slaboard.board.moves import alerting
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Bucket, Zone
from slaboard.tui import belfry
from slaboard.tui.belfry import BEL, Belfry
from tests.board.seat import seated
from tests.stores import GREEN, ORANGE, RED, make
from tests.tui.pane import Pane, plain

BURST = Burst({Zone.ORANGE: 1}, {Zone.ORANGE: Entry("T-1", Bucket.RESPONSE, Zone.ORANGE, 0, 60, title="#(x) 100%")})


def rings(pane: Pane) -> int:
    """Bells that were written; those that end a title are none."""
    return plain(pane.output).count("\x07")


def test_the_bell_rings_once_for_what_comes_in_and_never_for_how_it_began(tmp_path: Path, now: int) -> None:
    """A red and an orange ticket at the start; then two come in at once, and a third within the ten seconds."""
    path = make(tmp_path / "team.db", now, [GREEN, ORANGE, RED])
    with Pane(path, size=(120, 30)) as pane, SqliteStore(path) as other:
        pane.shows("T-2")
        pane.press("/")
        pane.shows("words AND")
        pane.press("\x1b")
        pane.shows("c claim")
        assert rings(pane) == 0
        assert "ALERT" not in "\n".join(pane.screen())
        other.add(Act("add", "N-1", "mail", changes={"title": "x"}), now - ORANGE)
        pane.shows("ALERT N-1 is orange")
        other.add(Act("add", "N-2", "mail", changes={"title": "y"}), now - ORANGE - 9)
        pane.shows("ALERT 2 orange")
        assert "worst N-2" in " ".join("\n".join(pane.screen()).split())
        assert rings(pane) == 1
        pane.press("a")
        pane.press("/")
        pane.shows("words AND")
        assert "ALERT" not in "\n".join(pane.screen())
        assert rings(pane) == 1
        pane.press("\x1b")
        other.add(Act("add", "N-3", "mail", changes={"title": "z"}), now - ORANGE)
        pane.shows("ALERT N-3 is orange")
        other.act(Act("claim", "N-3", "Ben"), now)
        pane.hides("ALERT")
        pane.press("\x03\x03")
        assert pane.leave() == 0


def test_each_way_that_is_wanted_is_used_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a ticket is a format to tmux, a style or an end of the sequence to the terminal."""
    ran: list[list[str]] = []
    monkeypatch.setattr(Messenger, "run", lambda _, arguments, patience_s: ran.append(arguments))
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    orange = frozenset({Zone.ORANGE})
    for way, written, runs in (
        ("bell", "\x07", ""),
        ("osc9", "\x1bPtmux;\x1b\x1b]9;SLA: T-1 is orange, Response was due ", ""),
        ("tmux", "", "tmux display-message -d 6000 SLA: T-1 is orange, Response was due "),
        ("desktop", "", "notify-send --urgency=normal --app-name=slaboard -- SLA: 1 orange T-1 is orange"),
    ):
        wrote: list[str] = []
        ran.clear()
        tower = Belfry(Rules(ways={way: orange}), wrote.append)
        session = tower.heard(seated(), BURST)
        tower._messenger.close(5)
        assert tower.ring(session) == session, "once"
        assert "".join(wrote).startswith(written)
        assert bool(wrote) is bool(written)
        assert " ".join(ran[0] if ran else []).startswith(runs)
        assert bool(ran) is bool(runs)
        assert "#" not in " ".join(map(str, ran)) or way == "desktop"
    assert belfry.BEL == BEL


def test_a_zone_that_rings_by_no_way_is_on_the_board_alone() -> None:
    wrote: list[str] = []
    session = Belfry(Rules(ways={"bell": frozenset({Zone.RED})}), wrote.append).heard(seated(), BURST)
    assert wrote == []
    assert session.board.vigil == Vigil(Alert(session.clock, BURST))
    assert alerting.acknowledged(session).board.vigil == Vigil()
