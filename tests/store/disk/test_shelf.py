"""What is kept to save time may be anything when it is read again: it is believed only as it was written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from slaboard.store.disk import shelf


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where `12 34` is kept of a store."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shelf.write(tmp_path / "board.db", "tally", "12 34")
    [found] = (tmp_path / "cache" / "slaboard").iterdir()
    return found


def test_it_is_read_as_it_was_written(file: Path, tmp_path: Path) -> None:
    assert shelf.read(tmp_path / "board.db", "tally") == "12 34"
    assert file.parent.stat().st_mode & 0o777 == 0o700, "it names who holds how many tickets"


def test_any_changed_byte_is_seen(file: Path, tmp_path: Path) -> None:
    """One digit more would be counted on, and kept again, for as long as the ledger goes on."""
    whole = file.read_bytes()
    for at in range(len(whole)):
        for byte in (b"9", b"", b"\xff", b"-"):
            file.write_bytes(whole[:at] + byte + whole[at + 1 :])
            assert shelf.read(tmp_path / "board.db", "tally") == ("12 34" if file.read_bytes() == whole else None)


def test_what_is_no_file_keeps_nobody_waiting(file: Path, tmp_path: Path) -> None:
    """A pipe, an endless device, a folder, a link to somebody's file: which is not written either."""
    theirs = tmp_path / "letter"
    theirs.write_text("Dear Sir")
    for place in ("pipe", "device", "folder", "link"):
        file.unlink()
        if place == "pipe":
            os.mkfifo(file)
        elif place == "folder":
            (file / "inside").mkdir(parents=True)
        else:
            file.symlink_to(theirs if place == "link" else "/dev/zero")
        assert shelf.read(tmp_path / "board.db", "tally") is None
        shelf.write(tmp_path / "board.db", "tally", "56")
        if place == "folder":
            assert shelf.read(tmp_path / "board.db", "tally") is None
            assert list(file.parent.iterdir()) == [file], "and nothing is left lying beside it"
            (file / "inside").rmdir()
            file.rmdir()
            shelf.write(tmp_path / "board.db", "tally", "56")
        assert shelf.read(tmp_path / "board.db", "tally") == "56"
    assert theirs.read_text() == "Dear Sir"
