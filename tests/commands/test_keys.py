"""`slaboard keys`: what holds, whoever has set it."""

from __future__ import annotations

from pathlib import Path

from slaboard.board.keys import ACTIONS
from tests.commands.shell import Run


def _config(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "config" / "slaboard" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return file


def test_every_action_with_its_keys(run: Run) -> None:
    """One line each, under the help's headings."""
    lines = run("keys").out.splitlines()
    assert "  claim           c                   Claim it: become its owner." in lines
    assert "  engage          x e (menu)          Engage:" in "\n".join(lines)
    assert "  mouse           : mouse (palette)   The mouse" in "\n".join(lines)
    assert [line.split()[0] for line in lines if line.startswith("  ")] == [action.id for action in ACTIONS]


def test_own_keys_say_which_line_sets_them(tmp_path: Path, run: Run) -> None:
    """So do those that lost a key to another, and those that have none."""
    _config(tmp_path, '[keys]\nclaim = "c f2"\nrelease = "j"\ntakeover = ""\n')
    found = {one["id"]: one for one in run("keys", "--json").json["keys"]}
    assert (found["claim"]["keys"], found["claim"]["origin"]) == (["c", "f2"], "config.toml line 2")
    assert (found["move.down"]["keys"], found["move.down"]["origin"]) == (
        ["down"],
        "default, but for keys given to others",
    )
    assert (found["takeover"]["keys"], found["takeover"]["origin"]) == ([], "config.toml line 4")
    assert (found["help"]["keys"], found["help"]["origin"]) == (["?"], "default")
    assert (
        "  takeover        x t (menu)          Take it over from its owner, after a question.  (config.toml line 4)"
        in run("keys").out.splitlines()
    )


def test_mistakes_are_told_with_their_line(tmp_path: Path, run: Run) -> None:
    """What nobody knows, what another action has, what tmux or the terminal keeps, and what the file gets wrong."""
    file = _config(
        tmp_path,
        'them = "dark"\n[keys]\ncalim = "c"\nclaim = "bogus_key"\nundo = "Z"\n'
        'release = "Z"\nhelp = "ctrl+b"\nmine = 5\n',
    )
    told = [line.removeprefix(f"slaboard: {file}: ") for line in run("keys").err.splitlines()]
    assert [line.split(":")[0] for line in told] == [f"line {number}" for number in (1, 8, 3, 4, 6, 7)]
    assert told[-1] == (
        "line 7: [keys] help: ctrl+b may never arrive, for tmux keeps it for itself: it is its prefix where nobody "
        "chose another."
    )
    assert len(run("keys", "--json").json["problems"]) == 6
