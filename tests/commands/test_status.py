"""The status line's quick way and click's give the same line, error and exit code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from slaboard import __main__ as door
from slaboard.commands import status
from slaboard.store.disk import driver
from slaboard.store.sqlite import SqliteStore
from tests.commands.shell import Run, Said, at_noon, shell
from tests.sla.story import situation
from tests.stores import GREEN, ORANGE, RED, YELLOW, make

NOW = 1_800_000_000
OPTIONS = (
    "",
    "--format plain",
    "--format=tmux",
    "--format json",
    "--format fancy",
    "--format",
    "--help",
    "--nonsense x",
    "--exit-code",
    "--exit-code --format json",
    "--exit-code=1",
)


def _stale(path: Path) -> None:
    """Another program wrote a ticket, and none of its clocks is there yet."""
    make(path, NOW, [GREEN, YELLOW])
    with SqliteStore(path) as store, store.writing() as connection:
        sql = "INSERT INTO tickets (id, title, opened_at) VALUES ('F-1', 'fax', ?)"
        connection.execute(sql, (NOW - RED,))


def _strange(path: Path) -> None:
    """The next ticket to breach has an id of another script, which not every terminal can show."""
    make(path, NOW, [RED])
    with SqliteStore(path) as store, store.writing() as connection:
        connection.execute("INSERT INTO tickets (id, opened_at) VALUES ('板-1', ?)", (NOW - YELLOW,))
        store._settle(connection, ["板-1"], NOW)


def _without_policy(path: Path) -> None:
    with SqliteStore.create(path) as store, store.writing() as connection:
        connection.execute("INSERT INTO tickets (id, title) VALUES ('N-1', 'nobody promised anything')")


def _of_schema(version: int) -> Callable[[Path], None]:
    def made(path: Path) -> None:
        make(path, NOW, [YELLOW])
        with SqliteStore(path) as store:
            store.ask(f"PRAGMA user_version={version}")

    return made


STORES: dict[str, Callable[[Path], object]] = {
    "tickets in every zone": lambda path: make(path, NOW, [GREEN, YELLOW, ORANGE, ORANGE, RED]),
    "nothing in it": lambda path: make(path, NOW),
    "tickets to recompute": _stale,
    "an id that is no ASCII": _strange,
    "no policy": _without_policy,
    "made by a newer slaboard": _of_schema(99),
    "not migrated yet": _of_schema(0),
    "another database": lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(4080)),
    "a text": lambda path: path.write_text("dear diary\n" * 400),
    "a folder": lambda path: path.mkdir(),
    "not there": lambda path: None,
}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    at_noon(monkeypatch, NOW)
    with shell(capsys) as run:
        return run


def _by_click(run: Run, monkeypatch: pytest.MonkeyPatch, *words: str) -> Said:
    with monkeypatch.context() as here:
        here.setattr(door, "_quick", lambda _: None)
        return run(*words, code=None)


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("name", STORES)
def test_both_ways_say_the_same(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, name: str, options: str
) -> None:
    """Whatever the store, whatever the options; each way has a store of its own, for catching up changes it."""
    said = []
    for way in ("quick", "click"):
        path = tmp_path / way / "s.db"
        path.parent.mkdir()
        STORES[name](path)
        words = ("status", "--store", str(path), *options.split())
        found = run(*words, code=None) if way == "quick" else _by_click(run, monkeypatch, *words)
        said.append((found.code, found.out, found.err.replace(str(path), "PATH")))
    assert said[0] == said[1]


@pytest.mark.parametrize("format_", status.FORMS)
@pytest.mark.parametrize("name", ["tickets in every zone", "nothing in it", "no policy"])
def test_a_plain_question_never_reaches_click(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, name: str, format_: str
) -> None:
    """Each form, where nothing has to be recomputed first."""
    STORES[name](tmp_path / "s.db")
    run("status", "--store", str(tmp_path / "s.db"))  # by now nothing is stale any more
    monkeypatch.setattr(door, "_whole", lambda _: pytest.fail("click was asked"))
    run("status", "--store", str(tmp_path / "s.db"), "--format", format_)


@pytest.mark.parametrize(
    "words",
    [
        situation("before the command", ["--store", "A", "status"]),
        situation("the last one counts", ["--store", "B", "status", "--store=A"]),
        situation("the variable", ["status"]),
        situation("empty is not said", ["--store=", "status", "--store", ""]),
        situation("other options of the board", ["--as", "ana", "--shared", "status"]),
    ],
)
def test_which_store_is_meant(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, words: Sequence[str]) -> None:
    """As every other command has it."""
    make(tmp_path / "a.db", NOW, [RED])
    make(tmp_path / "b.db", NOW)
    monkeypatch.setenv("SLABOARD_STORE", str(tmp_path / "a.db"))
    names = {"A": tmp_path / "a.db", "B": tmp_path / "b.db", "--store=A": f"--store={tmp_path / 'a.db'}"}
    given = [str(names.get(word, word)) for word in words]
    assert run(*given) == _by_click(run, monkeypatch, *given) == Said(0, "R 1  O 0  Y 0  G 0\n", "")


@pytest.mark.parametrize(
    "config",
    [
        situation("a store", 'store = "{path}"\nname = "ana"\n'),
        situation("another setting only", 'name = "ana"\n'),
        situation("no text", "store = 5\n"),
        situation("nobody's home", 'store = "~nobody-of-that-name/x.db"\n'),
        situation("broken", "store = \n"),
        situation("nested beyond reason", f"x = {'[' * 5000}\n"),
        situation("empty", ""),
    ],
)
def test_what_the_config_file_says_holds(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, config: str
) -> None:
    """Where neither an option nor the environment names a store."""
    make(tmp_path / "mine.db", NOW, [RED])
    make(tmp_path / "data" / "slaboard" / "board.db", NOW, [GREEN])
    file = tmp_path / "config" / "slaboard" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(config.replace("{path}", str(tmp_path / "mine.db")))
    for name in ("config", "data"):
        monkeypatch.setenv(f"XDG_{name.upper()}_HOME", str(tmp_path / name))
    monkeypatch.delenv("SLABOARD_STORE", raising=False)
    assert run("status", code=None) == _by_click(run, monkeypatch, "status")


def test_a_sqlite_that_can_corrupt_a_store_is_named(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """As by every command, before its answer."""
    make(tmp_path / "s.db", NOW, [RED])
    monkeypatch.setattr(driver, "version", lambda: (3, 40, 1))
    words = ("status", "--store", str(tmp_path / "s.db"))
    said = run(*words)
    assert said == _by_click(run, monkeypatch, *words)
    assert "3.40.1" in said.err


def test_completions_are_click_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody presses tab behind `slaboard status`, no line is printed."""
    monkeypatch.setenv(status.COMPLETION_VARIABLE, "bash_complete")
    assert status.answer(["status"]) is None


@pytest.mark.parametrize(
    ("ages", "code", "zone"),
    [
        ([], 0, "green"), ([GREEN], 0, "green"), ([GREEN, YELLOW], 10, "yellow"), ([YELLOW, ORANGE], 11, "orange"),
        ([RED, GREEN], 12, "red"),
    ],
)  # fmt: skip
def test_the_worst_zone_is_the_exit_code_for_who_asks(
    tmp_path: Path, run: Run, ages: Sequence[int], code: int, zone: str
) -> None:
    """A status line that did not ask is never told that a command failed."""
    store = ("--store", str(make(tmp_path / "s.db", NOW, ages)))
    found = run("status", *store, "--exit-code", "--format", "json", code=code).json
    assert found["class"] == zone
    assert found["text"] == run("status", *store).out.strip().partition("  next")[0]


def test_no_store_is_another_code_than_any_zone(tmp_path: Path, run: Run) -> None:
    run("status", "--exit-code", "--store", str(tmp_path / "none.db"), code=3)
