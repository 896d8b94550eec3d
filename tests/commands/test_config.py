"""A person's settings at the shell: which hold and why, every mistake at once, and the file itself."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path

import pytest

from slaboard.board.keymap import keymap
from slaboard.board.keys import ACTIONS
from slaboard.commands.config import written
from slaboard.config import SETTINGS, load
from tests.commands.shell import Run
from tests.sla.story import situation


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the account's config file is, or would be."""
    return tmp_path / "config" / "slaboard" / "config.toml"


def save(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


# --- the default file -------------------------------------------------------------------------------------------


def test_every_setting_is_in_the_default_file_and_nothing_else() -> None:
    """Each once, as a comment; and every action under [keys]."""
    names = re.findall(r"^# ([\w.]+) = ", written(), re.M)
    actions = [action.id for action in ACTIONS if action.id != "quit"]
    assert names == [*(setting.name for setting in SETTINGS if not setting.is_open), *actions]
    tables = re.findall(r"^\[(.+)\]$", written(), re.M)
    assert tables == [setting.name for setting in SETTINGS if setting.is_open]


def test_the_default_file_says_nothing(file: Path) -> None:
    """Who has made it has the same board as before."""
    found = load(save(file, written()))
    assert (found.said, found.problems) == ({"keys": {}}, ())


def test_every_default_that_it_shows_is_one(file: Path) -> None:
    """With the comments taken away the file is whole, and what has a default has that one."""
    found = load(save(file, re.sub(r"^# (?=[\w.]+ = )", "", written(), flags=re.M)))
    assert found.problems == ()
    for setting in SETTINGS:
        if setting.default is not None and not setting.is_open:
            assert found.said[setting.name] == setting.default, setting.name
    assert keymap(found.keys).actions == keymap({}).actions


def test_what_is_said_stands_in_its_place() -> None:
    """As `init` writes it, whatever is in it."""
    text = written({"store": 'C:\\teams\\"one"\n.db', "name": "Ana [b] \\1"})
    assert tomllib.loads(text) == {"store": 'C:\\teams\\"one"\n.db', "name": "Ana [b] \\1", "keys": {}}


# --- path, show -------------------------------------------------------------------------------------------------


def test_where_the_file_is(file: Path, run: Run) -> None:
    assert run("config", "path").out == f"{file}\n"


def test_each_value_with_who_says_so(file: Path, path: Path, run: Run) -> None:
    save(file, 'name = "ana"\nshared = true\n[keys]\nundo = "z"\nmove.down = "J"\n')
    lines = run("--theme", "light", "config", "show").out.splitlines()
    assert [line.split(maxsplit=2) for line in lines if not line.startswith("alerts.")] == [
        ["store", f'"{path}"', "SLABOARD_STORE"],
        ["name", '"ana"', "config.toml line 1"],
        ["theme", '"light"', "--theme"],
        ["timezone", '"' + run("config", "show", "--json").json["settings"]["timezone"]["value"] + '"', "default"],
        ["shared", "true", "config.toml line 2"],
        ["mouse", "true", "default"],
        ["browser", "[]", "default"],
        ["reduce_motion", "false", "default"],
        ["wall.seconds", "20", "default"],
        ["wall.show", '""', "default"],
        ["wall.night", '""', "default"],
        ["keys.undo", '"z"', "config.toml line 4"],
        ["keys.move.down", '"J"', "config.toml line 5"],
    ]  # fmt: skip


def test_the_same_for_programs(file: Path, path: Path, run: Run) -> None:
    save(file, 'name = "ana\\u001b[31m"\n')
    found = run("config", "show", "--json").json
    assert found["path"] == str(file)
    assert found["settings"]["name"] == {"value": "ana\x1b[31m", "origin": "config.toml line 1"}
    assert found["settings"]["store"] == {"value": str(path), "origin": "SLABOARD_STORE"}
    assert "\x1b" not in run("config", "show").out


def test_who_the_login_is_on_the_roster(path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody said who acts: the one of that login does, else nobody."""
    assert run("config", "show", "--json").json["settings"]["name"]["value"] is None
    monkeypatch.setenv("USER", "dee")
    run("team", "add", "Dee")
    assert run("config", "show", "--json").json["settings"]["name"] == {"value": "Dee", "origin": "default"}


# --- check ------------------------------------------------------------------------------------------------------


def test_all_mistakes_at_once(file: Path, path: Path, run: Run) -> None:
    """Of the file, its keys and its theme, each with the line."""
    save(file, 'theme = "nowhere"\nstor = "x"\n[keys]\ncalim = "c"\nundo = "ctrl+s"\nclaim = "Z"\nrelease = "Z"\n')
    said = run("config", "check", code=2)
    told = [line.removeprefix(f"{file}: ") for line in said.err.splitlines()]
    assert told[0].startswith('line 2: stor = "x" is not used; perhaps store is meant')
    assert told[1] == "line 4: [keys] calim is no action; did you mean claim?"
    assert told[2].startswith("line 5: [keys] undo: ctrl+s may never arrive")
    assert told[3] == "line 7: [keys] release: Z is claim's already."
    assert told[4].startswith("line 1: There is no theme nowhere; there are ")
    assert told[5].startswith(f"slaboard: {file} has 5 problems;")
    assert said.out == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        situation("right", 'theme = "light"\n', "OK {file} has no problems.\n"),
        situation("not there", None, "OK {file} is not there: the defaults hold.\n"),
    ],
)
def test_nothing_wrong(file: Path, path: Path, run: Run, text: str | None, sentence: str) -> None:
    if text is not None:
        save(file, text)
    assert run("config", "check").out == sentence.format(file=file)


def test_another_file(tmp_path: Path, path: Path, run: Run) -> None:
    """Before it is put in place."""
    other = save(tmp_path / "new.toml", "mouse = 1\n")
    said = run("config", "check", str(other), code=2).err
    assert said.startswith(f"{other}: line 1: mouse = 1 is not used; write")
    assert said.endswith(f"slaboard: {other} has 1 problem; where one is, the default holds.\n"), "edit opens another"
    gone = str(tmp_path / "gone.toml")
    assert run("config", "check", gone, code=2).err == (
        f"slaboard: There is no file {gone}; slaboard config path says where yours is.\n"
    )


# --- edit -------------------------------------------------------------------------------------------------------


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """EDITOR: a script, to be written by the test; it gets an option and the file."""
    script = tmp_path / "my editor"
    script.touch(mode=0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"'{script}' --wait")
    return script


def test_the_first_edit_begins_with_every_default(file: Path, path: Path, run: Run, editor: Path) -> None:
    editor.write_text('#!/bin/sh\necho "theme = \'light\'" > "$2.new"; cat "$2" >> "$2.new"; mv "$2.new" "$2"\n')
    assert run("config", "edit").out == (
        f"OK {file} is new; every line that is commented out says what holds.\nOK {file} has no problems.\n"
    )
    assert file.read_text() == f"theme = 'light'\n{written()}"


def test_another_edit_goes_on_with_what_is_there_and_is_checked(file: Path, path: Path, run: Run, editor: Path) -> None:
    save(file, 'theme = "light"\n')
    editor.write_text('#!/bin/sh\necho "mouse = no" >> "$2"\n')
    said = run("config", "edit", code=2)
    assert "line 2: this is not TOML" in said.err
    assert file.read_text() == 'theme = "light"\nmouse = no\n'


def test_visual_wins_over_editor(
    file: Path, path: Path, run: Run, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "true")
    editor.write_text("#!/bin/sh\nexit 1\n")
    run("config", "edit")


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        situation("fails", "false", "The editor false ended with 1; "),
        situation("is not there", "/nowhere/ed", "The editor /nowhere/ed cannot be run: No such file or directory."),
        situation("an open quote", "'ed", "EDITOR has a quotation mark that is not closed: 'ed"),
    ],
)
def test_an_editor_that_fails(
    path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, command: str, sentence: str
) -> None:  # fmt: skip
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", command)
    assert sentence in run("config", "edit", code=2).err


def test_no_editor_at_all(path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", "")
    assert "No editor is known here. Set EDITOR" in run("config", "edit", code=2).err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_nobody_may_write(file: Path, path: Path, run: Run, editor: Path) -> None:
    file.parent.mkdir(parents=True)
    file.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert f"{file} cannot be written: Permission denied." in run("config", "edit", code=2).err


def test_a_file_where_the_folder_should_be(file: Path, path: Path, run: Run, editor: Path) -> None:
    save(file.parent, "")
    assert f"{file} cannot be written: " in run("config", "edit", code=2).err
