"""Which store is meant and who acts: the nearest place that says so wins."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from slaboard.commands import keep
from slaboard.store import sqlite
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Engineer
from tests.commands.shell import Run, store
from tests.sla.story import at
from tests.store.desk import POLICY


@pytest.fixture
def stores(tmp_path: Path) -> dict[str, Path]:
    """Four stores, told apart by how many tickets they hold: 1, 2, 3, 4."""
    return {
        name: store(tmp_path / f"{name}.db", *(f"09:00 mail add X-{i} priority=P2" for i in range(number)))
        for number, name in enumerate(("option", "variable", "config", "data"))
    }


def opened(run: Run, *arguments: str) -> int:
    found: int = run(*arguments).json["open"]
    return found


def test_the_order_of_the_places_that_name_a_store(
    run: Run, stores: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    default = tmp_path / "data" / "slaboard" / "board.db"
    default.parent.mkdir(parents=True)
    stores["data"].rename(default)
    assert opened(run, "grid", "--json") == 4
    (tmp_path / "config" / "slaboard").mkdir(parents=True)
    (tmp_path / "config" / "slaboard" / "config.toml").write_text(f'store = "{stores["config"]}"\n')
    assert opened(run, "grid", "--json") == 3
    monkeypatch.setenv("SLABOARD_STORE", str(stores["variable"]))
    assert opened(run, "grid", "--json") == 2
    assert opened(run, "grid", "--json", "--store", str(stores["option"])) == 1


def test_a_store_may_be_named_before_and_behind_the_command(run: Run, stores: dict[str, Path]) -> None:
    before, behind = str(stores["option"]), str(stores["config"])
    assert opened(run, "--store", before, "grid", "--json") == 1
    assert opened(run, "grid", "--json", "--store", behind) == 3
    assert opened(run, "--store", before, "grid", "--json", "--store", behind) == 3, "the nearer one wins"


def test_a_home_is_a_home(run: Run, stores: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(stores["option"].parent))
    assert opened(run, "grid", "--json", "--store", "~/option.db") == 1
    said = run("grid", "--store", "~nobody-knows-them/board.db", code=2)
    assert said.err == (
        "slaboard: The store's path ~nobody-knows-them/board.db (from command line) names the home of nobody known "
        "here.\n"
    )


def test_a_path_may_have_any_bytes(run: Run, tmp_path: Path) -> None:
    name = tmp_path / "caf\udce9 \u202e.db"
    assert "\u202e" not in run("init", str(name)).out
    assert opened(run, "grid", "--json", "--store", str(name)) == 0


def test_a_path_with_a_nul_is_refused(run: Run) -> None:
    assert run("grid", "--store", "a\0b", code=2).err == (
        "slaboard: A store's path has no NUL character. Name another with --store.\n"
    )


@pytest.mark.parametrize(
    ("option", "variable", "config", "login", "owner"),
    [
        ("ana", "ben", "chi", "Dee", "ana"), (None, "ben", "chi", "Dee", "ben"), (None, None, "chi", "Dee", "chi"),
        (None, None, None, "dee", "Dee"), (None, None, None, "root", None),
    ],
)  # fmt: skip
def test_who_acts(
    run: Run, stores: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str | None,
    variable: str | None, config: str | None, login: str, owner: str | None,
) -> None:  # fmt: skip
    """The login name counts only for somebody on the roster."""
    path = stores["option"]
    with SqliteStore(path) as opened_store:
        opened_store.add_engineers([Engineer(name="Dee", key="d")])
    monkeypatch.setenv("USER", login)
    if variable:
        monkeypatch.setenv("SLABOARD_USER", variable)
    if config:
        (tmp_path / "config" / "slaboard").mkdir(parents=True)
        (tmp_path / "config" / "slaboard" / "config.toml").write_text(f'name = "{config}"\n')
    said = run(
        "claim", "A-1", "--json", "--any", "--store", str(path), *(["--as", option] if option else []), code=None
    )
    assert (said.json["owner"] if said.code == 0 else None) == owner


@pytest.mark.parametrize(
    "instant", ["2026-01-05T09:30:00Z", "2026-01-05T10:30:00+01:00", "2026-01-05 09:30", "1767605400"]
)
def test_a_moment_may_be_written_in_several_ways(run: Run, stores: dict[str, Path], instant: str) -> None:
    found = run("grid", "--json", "--at", instant, "--store", str(stores["option"])).json
    assert found["at"] == "2026-01-05T09:30:00Z"


@pytest.mark.parametrize("instant", ["", "yesterday", "2026-02-30", "-1", "1e400", "99999999999999"])
def test_what_is_no_moment_is_told(run: Run, stores: dict[str, Path], instant: str) -> None:
    said = run("grid", "--at", instant, "--store", str(stores["option"]), code=2)
    assert "is no instant; write 2026-01-05T09:00:00Z, or epoch seconds" in " ".join(said.err.split())


def test_an_act_waits_for_no_more_than_its_own_ticket(path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy is being applied to more tickets than one batch: a claim follows it at once, figures wait for all."""
    monkeypatch.setattr(sqlite, "BATCH", 5)
    with SqliteStore(path) as opened:
        add = (Act("add", f"N-{i}", "ana", changes={"title": "x", "priority": "P2"}) for i in range(12))
        for act in add:
            opened.add(act, at("09:50"))
        with opened.writing() as connection:
            text = POLICY.replace('"16h"', '"20h"')
            connection.execute("INSERT INTO policies SELECT max(version) + 1, ?, 'x', 1, NULL FROM policies", (text,))
            connection.execute("UPDATE state SET policy_version = policy_version + 1")
        before = opened.how_stale()
        assert before > 12
        run("note", "N-11", "hello", "--as", "ana")
        assert before - 6 <= opened.how_stale() < before
        (ticket,) = opened.some(["N-11"], at("09:50"))
        assert {clock.policy_version for clock in ticket.clocks} == {opened.policy_version()}
        run("grid")
        assert opened.how_stale() == 0


@pytest.mark.usefixtures("path")
def test_ctrl_c_is_heard_in_the_middle_of_a_long_question(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """This one would never be answered."""
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    def asked(store: SqliteStore, *_: object) -> list[str]:
        signal.setitimer(signal.ITIMER_REAL, 0.01, 0.05)
        store.ask(endless)
        return []

    monkeypatch.setattr(keep, "differences", asked)
    was = signal.signal(signal.SIGALRM, stop)
    try:
        said = run("check", code=130)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, was)
    assert said.err == "\nslaboard: stopped.\n", "a line of its own, for ^C stands in the one before"
