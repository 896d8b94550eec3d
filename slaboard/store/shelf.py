"""Files in the account's cache that save counting a large store anew: what cannot be read there was never there."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from slaboard.resources import cache_dir

LONGEST_NAME = 200
"""Bytes of a file's name: of a store with a longer path nothing is kept."""
MOST_BYTES = 256 * 1024
"""More is not kept and not read."""


def read(store: Path, kind: str) -> str | None:
    """What was kept of `store` under `kind`."""
    try:
        with _file(store, kind).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        return data.decode() if len(data) <= MOST_BYTES else None
    except (OSError, ValueError, RuntimeError):  # RuntimeError: nobody's home
        return None


def write(store: Path, kind: str, text: str) -> None:
    """Keep `text`, in place of what was kept; where that cannot be done, nothing is lost but time."""
    with suppress(OSError, ValueError, RuntimeError):
        file, data = _file(store, kind), text.encode()
        if len(data) > MOST_BYTES:
            return
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        fresh.write_bytes(data)
        fresh.replace(file)


def _file(store: Path, kind: str) -> Path:
    name = os.fspath(store.resolve()).replace("%", "%25").replace("/", "%2F").replace("\\", "%5C").replace(":", "%3A")
    if len(os.fsencode(name)) > LONGEST_NAME:
        raise ValueError("a path of that length has no file of its own")
    return cache_dir() / f"{name}.{kind}"
