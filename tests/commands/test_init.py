"""A new store: by a line of words, or by three questions that leave a team ready."""

from __future__ import annotations

import getpass
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from slaboard.commands.init import _promises
from slaboard.config import load
from slaboard.sla.policy import parse
from slaboard.sla.week import DAYS, Week
from slaboard.sla.week import parse as week
from slaboard.store.sqlite import SqliteStore
from tests.commands.shell import Run, Said

SUCH = "Write such as mon-fri 09:00-17:00 Europe/Berlin, or 24x7."


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Where the account's config file is, or would be."""
    return tmp_path / "config" / "slaboard" / "config.toml"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the store is when nobody says otherwise."""
    return tmp_path / "data" / "slaboard" / "board.db"


# --- without a question -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["argument", "option", "variable"])
def test_a_new_store_works_before_anybody_writes_a_policy(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    path = tmp_path / "new.db"
    if form == "variable":
        monkeypatch.setenv("SLABOARD_STORE", str(path))
    said = run("init", *{"argument": [str(path)], "option": ["--store", str(path)], "variable": []}[form])
    assert (said.out, said.err) == (f"OK {path} is a store with the default policy.\n", "")
    run("add", "Printer on fire", "--priority", "1 - Critical", "--as", "ana", "--store", str(path))
    [ticket] = run("tickets", "--json", "--store", str(path)).objects
    assert (ticket["policy"], ticket["zone"], len(ticket["clocks"])) == ("P1", "green", 3)
    [version] = run("policy", "history", "--store", str(path)).out.splitlines()
    assert version.split()[0] == "1"


def test_a_store_is_never_made_over_another(path: Path, run: Run) -> None:
    before = path.read_bytes()
    said = run("init", str(path), code=2)
    assert said.err == f"slaboard: {path} is there already and stays as it is. Open it: slaboard --store {path}\n"
    assert path.read_bytes() == before


def test_a_team_and_its_hours_by_options(tmp_path: Path, run: Run, config: Path) -> None:
    """No question, and nobody's config file is touched."""
    path = str(tmp_path / "new.db")
    said = run("init", path, "--team", "Ana, Ben", "--hours", "mon-fri 8-16 Europe/Berlin")
    assert said.out.splitlines() == [
        f"OK {path} is a store with the default policy, open mon-fri 08:00-16:00 Europe/Berlin.",
        "OK on the team, each with the letter of theirs on a shared screen: a Ana, b Ben.",
    ]
    assert not config.exists()
    assert 'timezone = "Europe/Berlin"' in run("policy", "show", "--store", path).out.splitlines()


def test_everything_that_enter_would_take(run: Run, monkeypatch: pytest.MonkeyPatch, config: Path, place: Path) -> None:
    """For scripts: the person of this login, office hours in this machine's zone, and a config that says so."""
    monkeypatch.setattr(getpass, "getuser", lambda: "ana.maria_lee")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert run("init", "--yes").out.splitlines() == [
        f"OK {place} is a store with the default policy, open mon-fri 09:00-17:00 Asia/Tokyo.",
        "OK on the team, each with the letter of theirs on a shared screen: a Ana Maria Lee.",
        f"OK {config} says that you are Ana Maria Lee: slaboard config edit",
    ]
    assert load(config).said == {"name": "Ana Maria Lee", "keys": {}}


def test_a_config_that_is_there_stays_as_it_is(run: Run, tmp_path: Path, config: Path) -> None:
    """And what it could say is told."""
    config.parent.mkdir(parents=True)
    config.write_text('theme = "light"\n')
    path = str(tmp_path / 'my "board".db')
    said = run("init", path, "--yes", "--team", "Ana")
    assert config.read_text() == 'theme = "light"\n'
    assert said.err.splitlines() == [
        f"slaboard: {config} is there already and stays as it is: slaboard config edit. It could say:",
        '  name = "Ana"', f"  store = {tomllib_text(path)}",
    ]  # fmt: skip


def tomllib_text(text: str) -> str:
    """`text` as TOML writes it."""
    written = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    assert tomllib.loads(f"x = {written}")["x"] == text
    return written


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--team", ","], "Say at least one name."),
        (["--team", "Ana, ana"], "A name is there twice."),
        (["--team", "A\x1bB"], "A name is plain text"),
        (["--hours", "whenever"], "'whenever' is no day, no hours and no time zone."),
        (["--hours", "mon 9-17 Mars/Base"], "Mars/Base is no time zone that this machine knows"),
        (
            ["--hours", "mon 9-17 10-18 UTC"],
            "mon 09:00-17:00 10:00-18:00 UTC cannot be worked: this span overlaps another",
        ),
    ],
    ids=lambda value: " ".join(value).replace("\x1b", "^") if isinstance(value, list) else None,
)
def test_what_cannot_be_leaves_nothing_behind(tmp_path: Path, run: Run, words: list[str], sentence: str) -> None:
    said = run("init", str(tmp_path / "new.db"), *words, code=2)
    assert sentence in said.err
    assert "\x1b" not in said.err
    assert not list(tmp_path.glob("new.db*"))


# --- three questions --------------------------------------------------------------------------------------------


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What somebody on a terminal will answer, line by line; an empty one is Enter."""
    given: list[str] = []
    asked: list[str] = []

    def answer(prompt: str = "") -> str:
        asked.append(prompt)
        return given.pop(0)

    monkeypatch.setattr("click.termui.visible_prompt_func", answer)
    monkeypatch.setattr(getpass, "getuser", lambda: "ana")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    yield given
    assert not given, f"asked only {asked}"


def on_terminal(run: Run, monkeypatch: pytest.MonkeyPatch, *words: str, code: int = 0) -> Said:
    """As `run`, and both ends say that they are a terminal."""
    with monkeypatch.context() as here:
        here.setattr(sys.stdin, "isatty", lambda: True)
        here.setattr(sys.stdout, "isatty", lambda: True)
        return run(*words, code=code)


def test_enter_three_times_makes_a_team_ready(
    run: Run, monkeypatch: pytest.MonkeyPatch, answers: list[str], config: Path, place: Path
) -> None:
    """Store, policy, roster and config; then `slaboard` alone knows all of it."""
    answers += ["", "", ""]
    said = on_terminal(run, monkeypatch, "init").out
    words = " ".join(said.split())
    assert f"OK {place} is a store with the default policy, open mon-fri 09:00-17:00 Europe/Berlin. " in words
    assert f"OK {config} says that you are Ana: slaboard config edit " in words
    assert "   slaboard                            the board" in said.splitlines()
    assert [line for line in said.splitlines() if len(line) > 80 and str(config.parent.parent.parent) not in line] == []
    assert run("team", "list", "--json").objects == [
        {"name": "Ana", "key": "a", "skills": [], "active": True, "pin": False, "open": 0}
    ]
    run("add", "Printer on fire", "--priority", "P3")
    assert run("claim", "T-1", "--any").out.startswith("OK T-1 is Ana's")
    assert run("config", "check").out == f"OK {config} has no problems.\n"


def test_answers_of_one_s_own(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: list[str], config: Path
) -> None:
    """What cannot be is asked again after a sentence; a folder is where the store comes into."""
    (tmp_path / "there.db").touch()
    (tmp_path / "team").mkdir()
    answers += [
        str(tmp_path / "there.db"), str(tmp_path / "team"),
        "Ana, ana", " Ben ,Anna  Maria,", "9-17 x", "mon, tue 9-12 13-17 UTC", "mon tue 9-12 13-17 UTC",
    ]  # fmt: skip
    said = on_terminal(run, monkeypatch, "init")
    store = tmp_path / "team" / "board.db"
    assert [line for line in said.out.splitlines() if line.startswith("Error: ")] == [
        f"Error: {tmp_path / 'there.db'} is there already and stays as it is. Choose another place.",
        "Error: A name is there twice.",
        f"Error: 'x' is no day, no hours and no time zone. {SUCH}",
        f"Error: 'mon' says no hours. {SUCH}",
    ]
    words = " ".join(said.out.split())
    assert f"OK {store} is a store with the default policy, open mon-tue 09:00-12:00 13:00-17:00 UTC." in words
    assert load(config).said == {"name": "Ben", "store": str(store), "keys": {}}
    with SqliteStore(store) as opened:
        assert [(person.key, person.name) for person in opened.team()] == [("a", "Anna Maria"), ("b", "Ben")]
        assert opened.history()[0].author == "Ben"


def test_a_store_that_is_there_is_not_offered(
    run: Run, monkeypatch: pytest.MonkeyPatch, answers: list[str], tmp_path: Path, path: Path
) -> None:
    """SLABOARD_STORE names one already: nothing stands in brackets, and it stays as it is."""
    before = path.read_bytes()
    answers += [str(path), str(tmp_path / "second.db"), "", ""]
    said = on_terminal(run, monkeypatch, "init").out
    assert f"There is a store at {path} already; it stays as it is." in " ".join(said.split())
    assert f"   slaboard --store {tmp_path / 'second.db'}" in said, "the variable still names the first"
    assert path.read_bytes() == before


def test_whoever_stops_in_between_leaves_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, config: Path, place: Path
) -> None:
    """ctrl+c at the last question."""
    lines = iter(["", ""])

    def answer(prompt: str = "") -> str:
        try:
            return next(lines)
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr("click.termui.visible_prompt_func", answer)
    assert on_terminal(run, monkeypatch, "init", code=130).err.endswith("slaboard: stopped.\n")
    assert not place.exists()
    assert not config.exists()


# --- the policy that comes of it --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["mon-fri 09:00-17:00 Europe/Berlin", "24x7 UTC", "sat-sun 22:00-06:00 America/New_York", "tue 0-24 UTC"]
)
def test_the_policy_is_the_default_one_with_other_hours(said: str) -> None:
    """Comments and promises as they were; the calendar is the one that was asked for."""
    hours = week(said)
    assert isinstance(hours, Week)
    text = _promises(hours)
    policy, problems = parse(text)
    assert policy is not None, problems
    office = tomllib.loads(text)["calendar"]["office"]
    assert office["timezone"] == hours.zone
    assert office["hours"] == ({day: list(spans) for day, spans in hours.spans.items()} or "24x7")
    plain = _promises(Week(dict.fromkeys(DAYS[:5], ("09:00-17:00",)), "UTC"))
    kept = [line for line in text.splitlines() if line in plain.splitlines()]
    assert len(kept) >= len(plain.splitlines()) - 7
