"""What can be said about a store that is not there."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path

from msgspec import Struct

from slaboard.store.disk.driver import APPLICATION_ID


class Absence(Struct, frozen=True):
    """There is no store to open: why, and what the place is like."""

    path: Path
    sentence: str
    folder: str
    """`/srv/team exists, writable by you`."""
    is_missing: bool
    """Nothing is there; else there is something that is no store we can open."""
    can_create: bool
    suggestion: Path | None = None
    """A store beside it with a name like it, or the only one there."""


def absence(path: Path, sentence: str) -> Absence:
    """Look at where the store should be. Never raises."""
    path = path.absolute()
    folder = path.parent
    if not folder.is_dir():
        parent = next((above for above in folder.parents if above.is_dir()), folder)
        state, can_write = "does not exist yet", os.access(parent, os.W_OK)
    else:
        can_write = os.access(folder, os.W_OK)
        state = f"exists, {'' if can_write else 'not '}writable by you"
    is_free = not os.path.lexists(path)
    suggestion = _similar(path) if is_free else None
    return Absence(path, sentence, f"{folder} {state}", is_free, is_free and can_write, suggestion)


def _similar(path: Path) -> Path | None:
    try:
        stores = {found.name: found for found in sorted(path.parent.iterdir()) if _is_store(found)}
    except OSError:
        return None
    names = get_close_matches(path.name, stores, n=1) or (list(stores) if len(stores) == 1 else [])
    return stores[names[0]] if names else None


def _is_store(path: Path) -> bool:
    """True when the file's header says so. We have no connection to it, so reading it drops no lock of ours."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(72)[68:] == APPLICATION_ID.to_bytes(4, "big")
    except OSError:
        return False
