"""Files that a command writes are kept apart from stores: by a wrong name a list must not take the place of one."""

from __future__ import annotations

from pathlib import Path

from slaboard.errors import UsageError
from slaboard.host.place import on_disk, told
from slaboard.store.disk.sibling import beside, real

PARTS = ("", "-wal", "-shm", ".lock", ".watch")


def refuse_store(target: Path, store: Path) -> None:
    """UsageError where `target` is `store` or a part of it, by whatever name, or another store in use."""
    ours = {beside(store, end) for end in PARTS}
    with on_disk(target):
        is_ours, is_in_use = real(target) in ours or _is_same(target, store), beside(target, "-wal").exists()
    if is_ours:
        raise UsageError(f"{told(target)} is the store itself, or a part of it. Name another file.")
    if is_in_use:
        raise UsageError(f"{told(target)} is a store that is in use (it has a log beside it). Name another file.")


def _is_same(target: Path, store: Path) -> bool:
    try:
        return target.samefile(store)
    except OSError:
        return False
