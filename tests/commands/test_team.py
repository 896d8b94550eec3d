"""`slaboard team` as a shell sees it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from slaboard.store.sqlite import SqliteStore
from tests.commands.shell import Run


def test_a_team(path: Path, run: Run) -> None:
    """Letters by themselves, open tickets, skills; who left is in the list for those who ask."""
    assert run("team", "list").out == "Nobody is on the team yet: slaboard team add NAME\n"
    said = run("team", "add", "Ana", "Ben", "Anna Maria")
    assert said.out.splitlines() == [
        "OK Ana is on the team, under a", "OK Ben is on the team, under b", "OK Anna Maria is on the team, under n",
    ]  # fmt: skip
    assert run("team", "skills", "Ana", "+network", "+hyper-v").out == "OK Ana: network, hyper-v\n"
    assert run("team", "skills", "ana", "-hyper-v", "-x").out == "OK Ana: network\n"
    assert run("team", "skills", "Ben").out == "OK Ben: no skills yet\n"
    assert run("team", "key", "Anna Maria", "m").out == "OK m is Anna Maria's\n"
    assert run("team", "remove", "Ben").out == "OK Ben is off the team; b stays theirs\n"
    assert run("team", "list").out == (
        "a  Ana                         0 open  network\n"
        "m  Anna Maria                  0 open\n"
    )  # fmt: skip
    assert "b  Ben                         0 open  left the team" in run("team", "list", "--all").out.splitlines()
    assert run("team", "add", "ben").out == "OK Ben is on the team, under b\n"


def test_who_leaves_tickets_behind(path: Path, run: Run) -> None:
    run("team", "add", "ana")
    said = run("team", "remove", "ana")
    assert said.out == (
        "OK ana is off the team; a stays theirs. 1 open ticket is still theirs: slaboard tickets --filter "
        "'owner:=\"ana\"'\n"
    )


def test_for_programs(path: Path, run: Run) -> None:
    """Each command's own object, and one a line of the list."""
    ana = {"name": "Ana", "key": "a", "skills": ["mail"], "active": True, "pin": False, "open": 0}
    assert run("team", "add", "Ana", "--skill", "mail", "--json").json == ana
    assert run("team", "key", "Ana", "x", "--json").json == ana | {"key": "x"}
    assert run("team", "skills", "Ana", "--json").json == ana | {"key": "x"}
    assert run("team", "remove", "Ana", "--json").json == ana | {"key": "x", "active": False}
    assert run("team", "list", "--json").objects == []
    assert run("team", "list", "--json", "--all").objects == [ana | {"key": "x", "active": False}]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["key", "Ana", "b"], "b is Ben's. Choose another letter, or first give Ben another"),
        (["key", "Ana", "q"], "q cannot be anybody's"),
        (["remove", "Anna"], "Nobody on the roster is called Anna. Is Ana meant?"),
        (["add", "Ana"], "Ana is on the team already, under a."),
        (["add", "Dee", "Eve", "--key", "x"], "--key and --skill are one person's. Add one at a time"),
        (["add", "x\x1b[31m"], "A name is plain text"),
        (["pin", "Ana"], "Nobody can be asked for a PIN here. Say it in SLABOARD_PIN, or with --pin-stdin."),
        (["pin", "Zoe"], "Nobody on the roster is called Zoe."),
        (["pin", "Ana", "--clear", "--pin-stdin"], "--clear and --pin-stdin: choose one of them"),
    ],
    ids=lambda value: " ".join(value).replace("\x1b", "^") if isinstance(value, list) else None,
)
def test_what_is_refused(path: Path, run: Run, words: list[str], sentence: str) -> None:
    """In a sentence, and nothing is changed."""
    run("team", "add", "Ana", "Ben")
    before = run("team", "list", "--all").out
    said = run("team", *words, code=2)
    assert sentence in said.err
    assert "\x1b" not in said.err
    assert run("team", "list", "--all").out == before


def test_a_pin_from_the_environment_or_standard_input(
    path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """It is never printed, and the store has only its hash."""
    run("team", "add", "Ana")
    monkeypatch.setenv("SLABOARD_PIN", "1234")
    assert run("team", "pin", "ana").out == "OK a shared screen asks Ana for a PIN\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO("5678\nmore\n"))
    assert run("team", "pin", "ana", "--pin-stdin", "--json").json["pin"] is True
    assert run("team", "list").out.endswith("PIN\n")
    with SqliteStore(path) as store:
        assert [store.pin_ok("Ana", pin, 0).ok for pin in ("1234", "5678")] == [False, True]
    assert run("team", "pin", "ana", "--clear").out == "OK Ana has no PIN\n"
    assert run("team", "list").out.endswith("0 open\n")


def test_what_is_no_pin(path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("team", "add", "Ana")
    monkeypatch.setenv("SLABOARD_PIN", "12")
    assert run("team", "pin", "Ana", code=2).err == "slaboard: A PIN has 4 to 12 digits and nothing else.\n"


def test_a_pin_is_asked_twice_on_a_terminal(path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until both are the same; nothing of it is echoed."""
    run("team", "add", "Ana")
    typed = iter(["1234", "1243", "1234", "1234"])
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return next(typed)

    monkeypatch.setattr("click.termui.hidden_prompt_func", answer)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    said = run("team", "pin", "Ana")
    assert asked == ["PIN of Ana: ", "Once more: "] * 2
    assert "1234" not in said.out + said.err
    with SqliteStore(path) as store:
        assert store.pin_ok("Ana", "1234", 0).ok
