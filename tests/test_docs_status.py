"""docs/status.md: each snippet does what it says, in the program it is for or as that one runs it."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest

from tests.sla.story import situation
from tests.stores import GREEN, ORANGE, RED, YELLOW, make

PAGE = (Path(__file__).parent.parent / "docs" / "status.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent

pytestmark = pytest.mark.skipif(not (BIN / "slaboard").exists(), reason="slaboard is not installed beside this Python")


def snippets(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.S)


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """An account whose store has a red ticket, an orange and a yellow one."""
    store = make(tmp_path / "s.db", int(time.time()), [GREEN, YELLOW, ORANGE, RED])  # noqa: TID251 as the program will
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(tmp_path), "SLABOARD_STORE": str(store), "TERM": "xterm-256color"}


def sh(script: str, surroundings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["/bin/sh", "-c", script], env=surroundings, capture_output=True, text=True, check=False)


def test_the_examples_are_lines_of_that_form(surroundings: dict[str, str]) -> None:
    """But for the numbers and the id."""
    [block] = snippets("console")
    examples = re.findall(r"^\$ (.*)\n(.*)$", block, re.M)
    assert len(examples) == 3
    for command, line in examples:
        said = sh(command, surroundings).stdout.rstrip("\n")
        blank = [re.sub(r"(?<!colour)(?<!\d)\d+(?!\d)|T-\d+", "N", text) for text in (said, line)]
        assert blank[0] == blank[1]


@pytest.mark.parametrize(
    ("ages", "sentence", "code"),
    [
        situation("calm", [GREEN, YELLOW], "no hurry", 0),
        situation("orange", [ORANGE], "somebody has to claim", 1),
        situation("red", [RED], "somebody has to claim", 2),
        situation("no store", None, "the board cannot be read", 3),
    ],
)
def test_the_scripts(
    tmp_path: Path, surroundings: dict[str, str], ages: list[int] | None, sentence: str, code: int
) -> None:
    """One says it to people, the other to Nagios, whose codes are its own."""
    there = surroundings | {"SLABOARD_STORE": str(tmp_path / "other.db")}
    if ages is not None:
        make(tmp_path / "other.db", int(time.time()), ages)  # noqa: TID251 as the program will
    for_people, for_nagios = snippets("sh")
    assert sh(for_people, there).stdout == f"{sentence}\n"
    assert sh(for_nagios, there).returncode == code


def test_starship(surroundings: dict[str, str], tmp_path: Path) -> None:
    """It runs both in the named shell, and shows the output only where `when` succeeds."""
    [text] = snippets("toml")
    module = tomllib.loads(text)["custom"]["sla"]
    assert module["shell"] == ["sh"]
    assert sh(module["when"], surroundings).returncode == 0
    assert sh(module["command"], surroundings).stdout.startswith("R 1  O 1  Y 1  G 1  next ")
    make(tmp_path / "calm.db", int(time.time()), [GREEN])  # noqa: TID251 as the program will
    assert sh(module["when"], surroundings | {"SLABOARD_STORE": str(tmp_path / "calm.db")}).returncode == 1
    assert sh(module["when"], surroundings | {"PATH": "/nowhere"}).returncode == 1


def test_i3blocks(surroundings: dict[str, str]) -> None:
    """One line; of a store that is not there, too."""
    [text] = snippets("ini")
    config = configparser.RawConfigParser()
    config.read_string(text)
    command = config["sla"]["command"]
    assert sh(command, surroundings).stdout.startswith("R 1  O 1  Y 1  G 1")
    done = sh(command, surroundings | {"SLABOARD_STORE": "/nowhere/s.db"})
    assert (done.stdout, done.returncode) == ("SLA ?\n", 0)


def test_waybar(surroundings: dict[str, str]) -> None:
    """Its `text` and `class`, and each class that the style sheet names is one of ours."""
    [text] = snippets("json")
    module = json.loads(text)["custom/sla"]
    assert module["return-type"] == "json"
    shown = json.loads(sh(module["exec"], surroundings).stdout)
    assert (shown["text"], shown["class"]) == ("R 1  O 1  Y 1  G 1", "red")
    [style] = snippets("css")
    assert set(re.findall(r"#custom-sla\.(\w+)", style)) <= {"green", "yellow", "orange", "red"}


@pytest.mark.skipif(shutil.which("tmux") is None, reason="no tmux here")
@pytest.mark.parametrize("store", ["s.db", "none.db"])
def test_tmux(surroundings: dict[str, str], tmp_path: Path, store: str) -> None:
    """In the status line of a tmux inside a tmux, in its colours; `SLA ?` for a store that is not there."""
    [text] = snippets("tmux")
    (tmp_path / "tmux.conf").write_text("set -g status-right ''\n" + text)
    there = surroundings | {"SLABOARD_STORE": str(tmp_path / store)}

    def tmux(server: str, *words: str) -> str:
        config = str(tmp_path / "tmux.conf") if server == "inner" else os.devnull
        command = ["tmux", "-S", str(tmp_path / server), "-f", config, *words]
        return subprocess.run(command, env=there, capture_output=True, text=True, check=True).stdout

    try:
        tmux("inner", "new-session", "-d", "-x", "100", "-y", "10", "sleep 1000")
        attach = shlex.join(["env", "-u", "TMUX", "tmux", "-S", str(tmp_path / "inner"), "attach"])
        tmux("outer", "new-session", "-d", "-x", "100", "-y", "12", attach)
        wanted = "\x1b[38;5;160mR1 \x1b[38;5;208mO1 \x1b[38;5;220mY1" if store == "s.db" else "SLA ?"
        end = time.monotonic() + 60
        while wanted not in (seen := tmux("outer", "capture-pane", "-p", "-e")):
            assert time.monotonic() < end, seen
            time.sleep(0.05)
    finally:
        for server in ("outer", "inner"):
            with suppress(subprocess.CalledProcessError):
                tmux(server, "kill-server")
