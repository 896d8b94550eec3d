"""What `--help` says: each command in its place, nothing cut at 80 columns; for a mistyped one, what is meant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from slaboard.cli import BOARD_ONLY, COMMANDS, MEANT, SUMMARIES, slaboard
from tests.commands.shell import Run, shell
from tests.store.desk import desk

WIDTH = 80


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    with shell(capsys) as runner:
        yield runner


def every(group: click.Group, *words: str) -> Iterator[tuple[str, ...]]:
    """The words of each command below `group`, those of groups too."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*words, name)
        if isinstance(command, click.Group):
            yield from every(command, *words, name)


def test_every_command_stands_once_in_the_help_of_all() -> None:
    named = [name for summaries in SUMMARIES.values() for name in summaries]
    assert sorted(named) == sorted(COMMANDS)


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_no_help_is_cut_or_wider_than_a_terminal(run: Run, flag: str) -> None:
    """The option that is mistyped most is there in both ways; `import list` and `undo` are words of `import`."""
    pages = [(), *every(slaboard), ("import", "list"), ("import", "undo")]
    assert len(pages) > 60
    for words in pages if flag == "-h" else pages[:3]:
        said = run(*words, flag).out
        assert said.startswith("Usage: slaboard"), words
        summaries = said.partition("\nCommands:\n")[2].splitlines()
        assert not [line for line in summaries if line.endswith("...")], words
        assert max(map(len, said.splitlines())) <= WIDTH, words


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("clam", "There is no command clam. Perhaps claim is meant."),
        ("ticket", "Perhaps tickets or show is meant."),
        ("export", "Perhaps tickets --out FILE is meant."),
        ("xyzzy", "There is no command xyzzy. slaboard --help lists them all."),
    ],
)
def test_a_mistyped_command_is_told_what_is_meant(run: Run, typed: str, told: str) -> None:
    assert told in run(typed, code=2).err


def test_what_other_programs_call_it_is_no_word_of_ours_and_means_one() -> None:
    assert not set(MEANT) & set(COMMANDS)
    assert {meant.split()[0] for several in MEANT.values() for meant in several} <= {*COMMANDS, "--help"}


@pytest.mark.parametrize(
    "words", [["report"], ["report", "review", "Contoso"], ["handover"], ["status"], ["tickets"]], ids=" ".join
)
def test_json_is_asked_for_in_one_way_everywhere(run: Run, tmp_path: Path, words: list[str]) -> None:
    """`--json`; where there are several forms `--format` knows it, too (a list of tickets is lines of it: ndjson)."""
    desk(tmp_path / "board.db").close()
    store = ["--store", str(tmp_path / "board.db")]
    short = run(*words, "--json", *store)
    form = "ndjson" if words == ["tickets"] else "json"
    long = run(*words, "--format", form, *store)
    assert list(json.loads(short.out)) == list(json.loads(long.out))


def test_an_option_of_the_board_alone_is_told_where_it_stands(run: Run) -> None:
    assert "--wall belongs to the board: slaboard board --wall" in run("--wall", code=2).err
    assert "No such option" in run("--wal", code=2).err
    board = slaboard.get_command(click.Context(slaboard), "board")
    assert board is not None
    options = {name for option in board.params for name in option.opts}
    above = {name for option in slaboard.params for name in option.opts}
    assert set(BOARD_ONLY) == options - above
