"""A file is put in its place whole or not at all, and never over another unasked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from slaboard.errors import UsageError
from slaboard.host import place
from tests.sla.story import situation


def names(folder: Path) -> list[str]:
    return sorted(found.name for found in folder.iterdir())


def test_a_file_that_is_there_stays_unless_it_is_forced(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("mine")
    with pytest.raises(place.Taken) as caught:
        place.write(path, ["theirs"])
    assert str(caught.value) == f"{path} is there already and stays as it is. Name another file, or say --force."
    assert path.read_text() == "mine"
    place.write(path, ["theirs"], force=True)
    assert path.read_text() == "theirs\n"
    assert names(tmp_path) == ["x.csv"]


def test_who_might_not_read_the_file_before_may_not_read_this(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.touch(mode=0o600)
    place.write(path, ["a"], force=True)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_link_goes_on_to_lead_to_the_file(tmp_path: Path) -> None:
    path, file = tmp_path / "link.csv", tmp_path / "file.csv"
    file.write_text("before")
    path.symlink_to(file)
    place.write(path, ["after"], force=True)
    assert path.is_symlink()
    assert file.read_text() == "after\n"


def test_one_that_comes_meanwhile_stays_too(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"

    def lines() -> Iterator[str]:
        path.write_text("theirs")
        yield "mine"

    with pytest.raises(place.Taken):
        place.write(path, lines())
    assert path.read_text() == "theirs"
    assert names(tmp_path) == ["x.csv"]


def test_one_board_writes_the_same_file_twice_at_once(tmp_path: Path) -> None:
    """Who is ready first has it; the other neither spoils it nor takes its place."""
    path = tmp_path / "x.csv"

    def lines() -> Iterator[str]:
        yield "first"
        place.write(path, ["second"])

    with pytest.raises(place.Taken):
        place.write(path, lines())
    assert path.read_text() == "second\n"
    assert names(tmp_path) == ["x.csv"]


@pytest.mark.parametrize("force", [False, True])
def test_what_breaks_off_leaves_what_was_there(tmp_path: Path, force: bool) -> None:
    path = tmp_path / "x.csv"
    if force:
        path.write_text("before")

    def lines() -> Iterator[str]:
        yield "a"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        place.write(path, lines(), force=force)
    assert names(tmp_path) == (["x.csv"] if force else [])
    assert not force or path.read_text() == "before"


def test_a_disk_that_is_full_leaves_what_was_there(tmp_path: Path) -> None:
    """Here only so much fits into a file."""
    path = tmp_path / "x.csv"
    path.write_text("before")
    code = """
import resource, signal, sys
from pathlib import Path
from slaboard.errors import UsageError
from slaboard.host import place
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    place.write(Path(sys.argv[1]), ["x" * 99] * 1000, force=True)
except UsageError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == f"{path} cannot be written: File too large. Nothing was changed.\n"
    assert path.read_text() == "before"
    assert names(tmp_path) == ["x.csv"]


NOTHING = " Nothing was changed."


def a_folder(path: Path) -> None:
    path.mkdir()


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/null")


@pytest.mark.parametrize(
    ("name", "make", "sentence"),
    [
        situation("a folder", "x", a_folder, "{path} is a folder. Name a file in it: {path}/list.csv"),
        situation("a pipe", "x", a_pipe, "{path} is not a file but a device or a pipe. Name a file."),
        situation(
            "a device", "x", a_link_to_a_device, "{path} is not a file but a device or a pipe. Name a file.",
        ),
        situation("no folder", "no/x", None, "{path} cannot be written: No such file or directory." + NOTHING),
        situation("a long name", "x" * 300, None, "{path} cannot be written: File name too long." + NOTHING),
        situation("a null", "x\0y", None, "{path} cannot be written: embedded null byte." + NOTHING),
    ],
)  # fmt: skip
@pytest.mark.parametrize("force", [False, True])
def test_what_not_even_force_puts_it_over(
    tmp_path: Path, name: str, make: Callable[[Path], None] | None, sentence: str, force: bool
) -> None:
    """A device that was renamed over was gone for everybody on the host."""
    path = tmp_path / name
    if make is not None:
        make(path)
    before = names(tmp_path)
    with pytest.raises(UsageError) as caught:
        place.write(path, ["a"], force=force) if make is not a_folder else place.refuse(
            path, force=force, such="list.csv"
        )
    assert str(caught.value) == sentence.format(path=place.told(path))
    assert names(tmp_path) == before
    assert Path("/dev/null").is_char_device()


def test_a_folder_that_one_may_not_write_is_told_before_anything_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(UsageError, match=r"x\.csv cannot be written: Permission denied\. Nothing was changed\."):
        place.refuse(tmp_path / "x.csv", force=False)


def test_names_are_a_person_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert place.path_of("~/x.csv") == place.path_of("x.csv") == tmp_path / "x.csv"
    for file, said in (("~nobody-has-this-name/x", "no name for a file"), ("-", "standard output"), (" ", "is empty")):
        with pytest.raises(UsageError, match=said):
            place.path_of(file)
    os.symlink("nowhere", tmp_path / "link.csv")
    assert place.is_taken("link.csv")
    assert not place.is_taken("a\0b")


LEFT = """
import sys, threading
from pathlib import Path
from slaboard.host import place
begun = threading.Event()
def lines():
    while True:
        yield "x"
        begun.set()
threading.Thread(target=place.write, args=(Path(sys.argv[1]), lines()), daemon=True).start()
begun.wait()
"""


def test_a_board_that_is_closed_meanwhile_leaves_nothing(tmp_path: Path) -> None:
    """A list of a million takes minutes, on a thread that nobody waits for."""
    subprocess.run([sys.executable, "-c", LEFT, str(tmp_path / "x.csv")], check=True)
    assert names(tmp_path) == []
