"""A person's settings: what the file may say, and that a broken one never stops anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard.config import Config, load, person, store_path
from slaboard.errors import UsageError
from tests.sla.story import situation


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_no_file_is_no_problem(file: Path) -> None:
    assert load(file) == Config(file)


def test_everything_that_a_file_may_say(file: Path) -> None:
    file.write_text(
        'store = "s.db"\nname = "ana"\ntheme = "light"\ntimezone = "Europe/Berlin"\nshared = true\nmouse = false\n'
        '[keys]\nclaim = "c"\nrefresh = "f5"\n'
    )
    assert load(file) == Config(
        file, store="s.db", name="ana", theme="light", timezone="Europe/Berlin", shared=True, mouse=False,
        keys={"claim": "c", "refresh": "f5"},
    )  # fmt: skip


def test_the_file_of_the_account_is_the_one_that_is_read(tmp_path: Path) -> None:
    mine = tmp_path / "config" / "slaboard" / "config.toml"
    mine.parent.mkdir(parents=True)
    mine.write_text('name = "ana"\n')
    assert load() == Config(mine, name="ana")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        situation("an unknown key", 'colour = "red"', "colour is not a setting"),
        situation("a word for a yes or no", 'shared = "yes"', "shared is not a setting, or not of its type"),
        situation("a number for a word", "name = 5", "name is not a setting, or not of its type"),
        situation("a word for the keys", 'keys = "vim"', "keys is not a setting, or not of its type"),
    ],
)
def test_what_cannot_be_used_is_told_and_the_rest_holds(file: Path, text: str, problem: str) -> None:
    file.write_text(f'{text}\ntheme = "light"\n')
    found = load(file)
    [told] = found.problems
    assert told.startswith(f"{file}: {problem}")
    assert told.endswith("there are: store, name, theme, timezone, shared, mouse, [keys]")
    assert found.theme == "light"


@pytest.mark.parametrize("content", [b"theme = ", b"\xff\xfe", b"a = 1\na = 2\n"])
def test_a_broken_file_is_told_and_not_used(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    found = load(file)
    assert found == Config(file, problems=found.problems)
    assert found.problems[0].startswith(f"{file} cannot be read, so its settings are not used: ")


def test_a_file_that_is_a_folder(file: Path) -> None:
    file.mkdir()
    assert "cannot be read" in load(file).problems[0]


def test_where_the_store_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config(tmp_path / "config.toml", store="from-config.db")
    nothing = Config(tmp_path / "config.toml")
    assert store_path(None, nothing) == (tmp_path / "data" / "slaboard" / "board.db", "the user data folder")
    assert store_path(None, config) == (Path("from-config.db"), str(config.path))
    monkeypatch.setenv("SLABOARD_STORE", "from-variable.db")
    assert store_path(None, config) == (Path("from-variable.db"), "SLABOARD_STORE")
    assert store_path("from-option.db", config) == (Path("from-option.db"), "command line")
    monkeypatch.setenv("SLABOARD_STORE", "")
    assert store_path("", config) == (Path("from-config.db"), str(config.path)), "an empty word names nothing"


@pytest.mark.parametrize("path", ["a\0b", "~nobody-knows-them/s.db"])
def test_where_no_store_can_be(file: Path, path: str) -> None:
    with pytest.raises(UsageError):
        store_path(path, Config(file))


@pytest.mark.parametrize(
    ("option", "variable", "name", "login", "who"),
    [
        ("ana", "ben", "chi", "dee", "ana"), (None, "ben", "chi", "dee", "ben"), (None, None, "chi", "dee", "chi"),
        (None, None, None, "DEE", "Dee"), (None, None, None, "eve", None), (None, None, None, "", None),
    ],
)  # fmt: skip
def test_who_acts(
    file: Path, monkeypatch: pytest.MonkeyPatch, option: str | None, variable: str | None, name: str | None, login: str,
    who: str | None,
) -> None:  # fmt: skip
    if variable is not None:
        monkeypatch.setenv("SLABOARD_USER", variable)
    monkeypatch.setenv("USER", login)
    monkeypatch.setenv("LOGNAME", login)
    assert person(option, Config(file, name=name), ("Ana", "Dee")) == who
