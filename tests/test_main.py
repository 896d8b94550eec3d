"""The one door: what it says goes out whatever the other end can show."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from slaboard.__main__ import say_anything
from tests.stores import YELLOW, make

TITLE = "Größe → 漢字 \U0001f525"


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("encoding", "there", "said"),
    [
        pytest.param("latin-1", Terminal, "Größe ? ?? ?".encode("latin-1"), id="a Latin-1 terminal"),
        pytest.param("latin-1", io.BytesIO, TITLE.encode(), id="a file where the locale is Latin-1"),
        pytest.param("ascii", Terminal, TITLE.encode(), id="a terminal of which nobody has said anything"),
        pytest.param("utf-8", Terminal, TITLE.encode(), id="a terminal of today"),
    ],
)
def test_every_title_can_be_said(encoding: str, there: type[io.BytesIO], said: bytes) -> None:
    buffer = there()
    stream = io.TextIOWrapper(buffer, encoding=encoding)
    say_anything(stream, None)
    stream.write(TITLE)
    stream.flush()
    assert buffer.getvalue() == said


def test_a_list_under_an_old_locale(tmp_path: Path) -> None:
    """With Python's own rules the first such title ended the command with a crash log."""
    path = make(tmp_path / "board.db", 1_767_600_000, [YELLOW], titles=[TITLE])
    done = subprocess.run(
        [sys.executable, "-m", "slaboard", "tickets", "--csv", "--store", path], capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert TITLE in done.stdout.decode()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no device here that is always full")
@pytest.mark.parametrize("command", [["grid"], ["status", "--format", "json"]], ids=lambda command: command[0])
def test_output_into_a_full_disk_is_a_sentence(tmp_path: Path, command: list[str]) -> None:
    """No crash log, and no word on the store: an act is done before it is told."""
    path = make(tmp_path / "board.db", 1_767_600_000, [YELLOW])
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "slaboard", *command], stdout=full, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "SLABOARD_STORE": str(path)},
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("slaboard: The output cannot be written: No space left on device.")
    assert len(done.stderr.splitlines()) == 1
