"""Files as lines: plain, packed, damaged, too long."""

from __future__ import annotations

import gzip
import io
import sys
import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import pytest

from slaboard.connectors.base import MAX_LINE, BrokenInput
from slaboard.connectors.files import open_lines
from slaboard.connectors.ndjson import Ndjson
from slaboard.connectors.ticket_csv import TicketCsv
from slaboard.errors import UsageError

TEXT = b"".join(b"line %d\r\n" % number for number in range(5000)) + b"last"


@pytest.fixture(params=["plain", "gzip", "two gzip members"])
def packed(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """TEXT in a file whose name says nothing about how it is packed."""
    path = tmp_path / "file.csv"
    path.write_bytes(
        {
            "plain": TEXT,
            "gzip": gzip.compress(TEXT),
            "two gzip members": gzip.compress(TEXT[:999]) + gzip.compress(TEXT[999:]),
        }[request.param]
    )
    return path


def test_lines_come_whole(packed: Path) -> None:
    """Lines keep their ends, and the last needs none."""
    with open_lines(packed) as lines:
        assert lines.head == b"line 0\r\n"
        assert list(lines) == TEXT.splitlines(keepends=True)


def test_progress_counts_the_bytes_of_the_file(packed: Path) -> None:
    """`on_bytes` ends at the file's size, as it is packed."""
    seen: list[int] = []
    with open_lines(packed, seen.append) as lines:
        list(lines)
    assert seen == sorted(seen)
    assert seen[-1] == packed.stat().st_size


@pytest.mark.parametrize("data", [TEXT, gzip.compress(TEXT)], ids=["plain", "gzip"])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """`-` is standard input, which stays open."""
    stream = io.BytesIO(data)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=stream))
    with open_lines("-") as lines:
        assert b"".join(lines) == TEXT
    assert not stream.closed


def test_head_skips_blank_lines(tmp_path: Path) -> None:
    """`head` goes on to the first line that is not blank, and every line is still read."""
    path = tmp_path / "blank"
    path.write_bytes(b"\n\n{}\n{}\n")
    with open_lines(path) as lines:
        assert lines.head == b"\n\n{}\n"
        assert list(lines) == [b"\n", b"\n", b"{}\n", b"{}\n"]


def test_a_gzip_cut_short_gives_what_stands_before(tmp_path: Path) -> None:
    """The events before the cut are read; the last thing read is the problem, in the place where it is."""
    event = b'{"ticket":"A-%d","at":1767603600,"kind":"note"}\n'
    path = tmp_path / "cut.ndjson.gz"
    path.write_bytes(gzip.compress(b"".join(event % number for number in range(20_000)))[:-5000])
    with open_lines(path) as lines:
        found = list(Ndjson().read(lines))
    assert len(found) > 1000
    assert all(parsed.events for parsed in found[:-1])
    assert [parsed.line for parsed in found] == list(range(1, len(found) + 1))
    assert found[-1].problem is not None
    assert "is cut short or damaged here" in found[-1].problem
    assert "Fetch the file again." in found[-1].problem


def test_a_wrong_checksum_is_told(tmp_path: Path) -> None:
    """A gzip whose checksum is wrong is read, and said to be damaged at its end; so for a table."""
    data = bytearray(gzip.compress(b"id,title\nA-1,x\n"))
    data[-6] ^= 0xFF
    path = tmp_path / "bad.csv.gz"
    path.write_bytes(bytes(data))
    with open_lines(path) as lines:
        good, bad = TicketCsv().read(lines)
    assert good.snapshot is not None
    assert bad.line == 3
    assert "damaged" in (bad.problem or "")


def test_garbage_in_a_gzip_from_the_start(tmp_path: Path) -> None:
    """A file that cannot be read at all is an error for a person, not a traceback."""
    path = tmp_path / "garbage"
    path.write_bytes(b"\x1f\x8bnot a gzip at all")
    with pytest.raises(BrokenInput, match="is cut short or damaged"), open_lines(path):
        pass


def test_a_bomb_is_skipped_in_bounded_memory(tmp_path: Path) -> None:
    """64 MiB on one line, packed into 64 KiB, costs a few MiB; the lines around it are read."""
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb") as file:
        file.write(b"first\n")
        for _ in range(64):
            file.write(b"0" * MAX_LINE)
        file.write(b"\nlast\n")
    tracemalloc.start()
    with open_lines(path) as lines:
        found = [line if len(line) < 10 else len(line) for line in lines]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [b"first\n", MAX_LINE + 1, b"last\n"]
    assert peak < 8 * MAX_LINE


def test_a_line_of_just_the_limit_is_whole(tmp_path: Path) -> None:
    """The limit counts the line's end; the next line is not touched."""
    path = tmp_path / "limit"
    path.write_bytes(b"x" * (MAX_LINE - 1) + b"\n" + b"y" * MAX_LINE + b"\nz")
    with open_lines(path) as lines:
        assert [len(line) for line in lines] == [MAX_LINE, MAX_LINE + 1, 1]


@pytest.mark.parametrize("name", ["missing", "."])
def test_a_file_that_cannot_be_opened(tmp_path: Path, name: str) -> None:
    """A missing file and a folder are told as such."""
    with pytest.raises(UsageError, match=r"cannot be read: .*directory"), open_lines(tmp_path / name):
        pass
