"""Every command that writes a file refuses the same with the same sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from slaboard.store.sqlite import SqliteStore
from tests.commands.shell import Run

WRITERS = (
    ("tickets", "--format", "csv", "--out"), ("report", "--format", "csv", "--out"),
    ("report", "review", "Tansy", "--format", "json", "--out"), ("backup",),
)  # fmt: skip


@pytest.mark.parametrize("command", WRITERS, ids=" ".join)
def test_a_file_is_written_once_and_over_another_only_by_force(
    path: Path, run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    file = tmp_path / "made.csv"
    assert run(*command, str(file)).out.startswith("OK ")
    made = file.read_bytes()[:16]
    file.write_text("mine")
    said = run(*command, str(file), code=2)
    assert said.err == f"slaboard: {file} is there already and stays as it is. Name another file, or say --force.\n"
    assert file.read_text() == "mine"
    run(*command, str(file), "--force")
    assert file.read_bytes()[:16] == made
    assert [found.name for found in tmp_path.iterdir() if not found.name.startswith("board.db")] == ["made.csv"]


@pytest.mark.parametrize("command", WRITERS, ids=" ".join)
def test_neither_a_store_nor_a_pipe_is_written_over(
    path: Path, run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """`report --out board.db` put a table where the store had been."""
    link, pipe, other = tmp_path / "link.db", tmp_path / "pipe", tmp_path / "other.db"
    link.symlink_to(path)
    os.mkfifo(pipe)
    other.touch()
    other.with_name("other.db-wal").touch()
    is_store = "is the store itself, or a part of it. Name another file."
    for file, sentence in (
        (path, is_store), (link, is_store), (path.with_name("board.db.lock"), is_store),
        (other, "is a store that is in use (it has a log beside it). Name another file."),
        (pipe, "is not a file but a device or a pipe. Name a file."),
    ):  # fmt: skip
        said = run(*command, str(file), "--force", code=2)
        assert said.err == f"slaboard: {file} {sentence}\n"
    with SqliteStore(path) as store:
        assert len(store.stale()) == 0


@pytest.mark.parametrize("command", WRITERS[:-1], ids=" ".join)
def test_a_file_without_a_name_is_none(path: Path, run: Run, command: tuple[str, ...]) -> None:
    assert run(*command, "-", code=2).err == (
        "slaboard: - is no file, but standard output. Name a file, or leave --out away: then it is printed.\n"
    )
    assert "The name of the file is empty." in run(*command, "", code=2).err
