"""A small disk of its own: a memory file system in a mount namespace, which is gone when its keeper ends."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

KEEPER = 'mount -t tmpfs -o size="$1" tmpfs "$2" && echo ready && read -r _'
FILLER = "filler"


class Room:
    """A folder that only processes started `within` it see as a disk; `inside` is the same folder seen from here."""

    def __init__(self, folder: Path, keeper: int, *, is_root: bool) -> None:
        self.folder, self.inside = folder, Path(f"/proc/{keeper}/root{folder}")
        rights = () if is_root else ("-U", "--preserve-credentials")
        self.within = ("nsenter", "-t", str(keeper), *rights, "-m")

    def taken_out(self, name: str) -> Path:
        """A copy, which can be opened from outside, of a store that nobody has open any more."""
        there = self.folder.with_name("outside")
        there.mkdir()
        for file in self.inside.glob(f"{name}*"):
            shutil.copy(file, there)
        return there / name

    def fill(self) -> None:
        """Leave no byte free."""
        with (self.inside / FILLER).open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                return

    def make_room(self) -> None:
        """Take the filling out again."""
        (self.inside / FILLER).unlink()

    def remount(self, how: str) -> None:
        """`ro` or `rw`."""
        subprocess.run([*self.within, "mount", "-o", f"remount,{how}", str(self.folder)], check=True)


@contextmanager
def room(folder: Path, size: str = "1m") -> Iterator[Room]:
    """A disk of that size at `folder`; skips the test where nobody may mount one."""
    folder.mkdir()
    is_root = os.geteuid() == 0
    if shutil.which("unshare") is None or shutil.which("nsenter") is None:
        pytest.skip("no unshare and nsenter here, so no disk can be made for the test")
    with subprocess.Popen(
        ["unshare", "-m" if is_root else "-rm", "sh", "-c", KEEPER, "sh", size, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as keeper:  # fmt: skip
        try:
            assert keeper.stdout is not None
            if keeper.stdout.readline() != "ready\n":
                pytest.skip("this machine lets nobody mount a disk for the test")
            yield Room(folder, keeper.pid, is_root=is_root)
        finally:
            keeper.kill()
