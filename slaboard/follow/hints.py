"""Hints that a store's files have changed: sooner than polling would notice, and never needed."""

from __future__ import annotations

import os
import select
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from io import FileIO
from pathlib import Path

APART_S = 0.05
"""Two hints are at least so far apart; what is written in between is one more hint at the end."""
STEP_MS = 10
"""Where there is no inotify, how often watchfiles looks: 5 ms cost 1 % of a core when idle, 20 ms come late."""
_WAKE_S = 1.0
"""How often the thread looks whether it is to stop."""

# <sys/inotify.h>
_MODIFY, _MOVED_TO, _CREATE, _DELETE = 0x2, 0x80, 0x100, 0x200
_OVERFLOW, _IGNORED = 0x4000, 0x8000
_EVENT = struct.Struct("iIII")
"""Watch, mask, cookie, length of the name that follows."""


def hints(store: Path, stop: threading.Event) -> Iterator[bool]:
    """For each change of the store's file or its log: whether it was the file. Ends when `stop` is set.

    OSError where nothing can be watched. Hints come before the commit that they announce can be read.
    """
    return _from_kernel(store, stop) if sys.platform == "linux" else _from_watchfiles(store, stop)


def _from_kernel(store: Path, stop: threading.Event) -> Iterator[bool]:
    """inotify itself: it wakes nobody while nothing happens, and at once when something does.

    watchfiles looks a hundred times a second, which was a third of what an idle board costs, and told of a commit 10 to
    20 ms late.
    """
    store = store.resolve()
    file, log = os.fsencode(store.name), os.fsencode(f"{store.name}-wal")
    with closing(_watch(store.parent)) as events:
        while not stop.is_set():
            if not select.select([events], [], [], _WAKE_S)[0]:
                continue
            masks, names = _read(events)
            if masks & _IGNORED:
                return  # the folder is gone
            if file in names or log in names or masks & _OVERFLOW:
                yield file in names
                stop.wait(APART_S)


def _watch(folder: Path) -> FileIO:
    """What is done to the files in `folder`, to be read as events."""
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    handle = library.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
    if handle < 0:
        raise OSError(ctypes.get_errno(), "no inotify")
    events = FileIO(handle)
    if library.inotify_add_watch(handle, os.fsencode(folder), _MODIFY | _MOVED_TO | _CREATE | _DELETE) < 0:
        events.close()
        raise OSError(ctypes.get_errno(), f"{folder} cannot be watched")
    return events


def _read(events: FileIO) -> tuple[int, set[bytes]]:
    """All that is there: the masks of all events together, and the names of their files."""
    data = events.read(65_536) or b""
    masks, names, at = 0, set(), 0
    while at < len(data):
        _, mask, _, length = _EVENT.unpack_from(data, at)
        at += _EVENT.size
        masks |= mask
        names.add(data[at : at + length].rstrip(b"\0"))
        at += length
    return masks, names


def _from_watchfiles(store: Path, stop: threading.Event) -> Iterator[bool]:
    """The same from a library that knows other systems."""
    from watchfiles import watch

    store = store.resolve()
    ours = {str(store), f"{store}-wal"}
    for changes in watch(
        store.parent, watch_filter=lambda _, name: name in ours, recursive=False, step=STEP_MS,
        debounce=int(APART_S * 1000), stop_event=stop, raise_interrupt=False,
    ):  # fmt: skip
        yield any(name == str(store) for _, name in changes)
