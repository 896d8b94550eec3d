"""Files in the account's cache that save counting a large store anew: what cannot be read there was never there."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG

from slaboard.resources import cache_dir

LONGEST_NAME = 200
"""Bytes of a file's name: of a store with a longer path nothing is kept."""
MOST_BYTES = 256 * 1024
"""More is not kept and not read."""
PRIME = (1 << 61) - 1
"""What the text's bytes leave when divided by it stands before them: one that was damaged would be believed for long.
zlib would say as much, and a status line would wait half a millisecond for its import."""


def read(store: Path, kind: str) -> str | None:
    """What was kept of `store` under `kind`."""
    try:
        # A pipe in its place would keep us waiting for somebody who writes.
        handle = os.open(_file(store, kind), os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
        with open(handle, "rb") as file:
            if not S_ISREG(os.fstat(handle).st_mode):
                return None
            data = file.read(MOST_BYTES + 1)
        said, _, text = data.partition(b"\n")
        return text.decode() if len(data) <= MOST_BYTES and said == _rest(text) else None
    except (OSError, ValueError, RuntimeError):  # RuntimeError: nobody's home
        return None


def write(store: Path, kind: str, text: str) -> None:
    """Keep `text`, in place of what was kept; where that cannot be done, nothing is lost but time."""
    with suppress(OSError, ValueError, RuntimeError):
        file, data = _file(store, kind), text.encode()
        data = _rest(data) + b"\n" + data
        if len(data) > MOST_BYTES:
            return
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        try:
            fresh.write_bytes(data)
            fresh.replace(file)
        except OSError:
            fresh.unlink(missing_ok=True)


def _rest(data: bytes) -> bytes:
    return b"%016x" % (int.from_bytes(data, "big") % PRIME)


def _file(store: Path, kind: str) -> Path:
    name = os.fspath(store.resolve()).replace("%", "%25").replace("/", "%2F").replace("\\", "%5C").replace(":", "%3A")
    if len(os.fsencode(name)) > LONGEST_NAME:
        raise ValueError("a path of that length has no file of its own")
    return cache_dir() / f"{name}.{kind}"
