"""A person's settings: what the file may say, and that a broken one never stops anybody."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from slaboard.config import Config, held, load, person, store_path
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
        file, {"store": "s.db", "name": "ana", "theme": "light", "timezone": "Europe/Berlin", "shared": True,
               "mouse": False, "keys": {"claim": "c", "refresh": "f5"}},
    )  # fmt: skip


def test_the_file_of_the_account_is_the_one_that_is_read(tmp_path: Path) -> None:
    mine = tmp_path / "config" / "slaboard" / "config.toml"
    mine.parent.mkdir(parents=True)
    mine.write_text('name = "ana"\n')
    assert load() == Config(mine, {"name": "ana"})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        situation("an unknown key", 'colour = "red"', 'colour = "red" is not used; there are store, name,'),
        situation("a word for a yes or no", 'shared = "yes"', 'shared = "yes" is not used; write true or false'),
        situation("a number for a word", "name = 5", "name = 5 is not used; write one text in quotes"),
        situation("a word for the keys", 'keys = "vim"', 'keys = "vim" is not used; write [keys] above'),
        situation("a key of no text", "keys.claim = 5", "[keys] claim = 5 is not used; write the keys as one text"),
        situation("no time zone", 'timezone = "Mars"', 'timezone = "Mars" is not used; give the name of a zone'),
        situation("a folder of zones", 'timezone = "Europe"', 'timezone = "Europe" is not used'),
        situation("a slip of the pen", 'nmae = "ana"', 'nmae = "ana" is not used; perhaps name is meant'),
        situation("a control in a key", '"a\\u001b" = 1', "a\ufffd = 1 is not used"),
        situation("a heap", "name = " + "{a = " * 90 + "1" + "}" * 90, "name = {...} is not used"),
    ],
)
def test_what_cannot_be_used_is_told_and_the_rest_holds(file: Path, text: str, problem: str) -> None:
    file.write_text(f'theme = "light"\n{text}\n')
    found = load(file)
    [told] = found.problems
    rest: dict[str, object] = {"keys": {}} if text.startswith("keys.") else {}
    assert told.startswith(f"{file}: line 2: {problem}")
    assert found == Config(file, {"theme": "light"} | rest, found.problems)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"theme = ", "line 1: this is not TOML"), (b"\xff\xfe", "UTF-16"), (b"a = 1\na = 2\n", "line 2: this is not"),
        (b"a\n\x80", "line 2 is not UTF-8"), (b"a = " + b"[" * 9_999, "line 1: lists or tables are nested too deeply"),
        (b"#" * 2**20 + b"##", "more than 1,048,576 bytes"), (b"a = " + b"9" * 9_999, "line 1: a number is too large"),
    ],
)  # fmt: skip
def test_a_broken_file_is_told_and_not_used(file: Path, content: bytes, why: str) -> None:
    file.write_bytes(content)
    found = load(file)
    [told] = found.problems
    assert found == Config(file, problems=found.problems)
    assert told.startswith(f"{file} cannot be read: ")
    assert why in told
    assert told.endswith("None of its settings is used")


def test_a_byte_order_mark_and_windows_lines(file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbftheme = "light"\r\nname = "ana"\r\n')
    assert load(file) == Config(file, {"theme": "light", "name": "ana"})


def test_a_pipe_where_the_config_should_be_holds_nobody_up(file: Path) -> None:
    os.mkfifo(file)
    assert "it is a folder, a pipe or a device" in load(file).problems[0]


def test_a_file_that_is_a_folder(file: Path) -> None:
    file.mkdir()
    assert "cannot be read" in load(file).problems[0]


def test_where_the_store_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config(tmp_path / "config.toml", {"store": "from-config.db"})
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
    assert person(option, Config(file, {"name": name} if name else {}), ("Ana", "Dee")) == who


def test_an_action_s_name_needs_no_quotes_for_its_dots(file: Path) -> None:
    """`move.down` is a name to people, and a table in a table to TOML."""
    file.write_text('[keys]\nmove.down = "J"\n"move.up" = "K"\ntab.next.x = "y"\n')
    found = load(file)
    assert found.keys == {"move.down": "J", "move.up": "K"}
    assert dict(found.key_places) == {"move.down": f"{file}: line 2: ", "move.up": f"{file}: line 3: "}
    [told] = found.problems
    assert told.startswith(f"{file}: line 4: [keys] tab.next = {{...}} is not used; write the keys as one text")


def test_who_says_what_holds(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An option, else the environment, else the file with its line, else the default."""
    file.write_text('store = "s.db"\nname = "ana"\ntheme = "light"\n\nshared = true\n[keys]\nundo = "z"\n')
    monkeypatch.setenv("SLABOARD_USER", "ben")
    found = {one.setting.name: (one.value, one.origin) for one in held(load(file), {"theme": "dark"})}
    assert {name: told for name, told in found.items() if not name.startswith("alerts.")} == {
        "store": ("s.db", "config.toml line 1"),
        "name": ("ben", "SLABOARD_USER"),
        "theme": ("dark", "--theme"),
        "timezone": (None, "default"),
        "shared": (True, "config.toml line 5"),
        "mouse": (True, "default"),
        "browser": ([], "default"),
        "reduce_motion": (False, "default"),
        "wall.seconds": (20, "default"),
        "wall.show": ("", "default"),
        "wall.night": ("", "default"),
        "keys": ({"undo": "z"}, "config.toml line 6"),
    }
    assert found["alerts.bell"] == (True, "default")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("seconds = 30", True), ("seconds = 0", True), ("seconds = -1", False), ("seconds = true", False),
        ("show = 'title customer'", True), ("show = 'owner'", False), ("show = 3", False),
        ("night = '20:00-07:00'", True), ("night = ''", True), ("night = '24:00-07:00'", False),
        ("night = '7-9'", False), ("night = '07:00-07:00'", False),
    ],
)  # fmt: skip
def test_hours_of_the_night_and_the_rest_of_the_wall(file: Path, text: str, right: bool) -> None:
    """What cannot be used is told with its line, and the default holds."""
    file.write_text(f"[wall]\n{text}\n")
    found = load(file)
    assert (found.problems == ()) is right
    assert right or found.problems[0].startswith(f"{file}: line 2: wall.")
