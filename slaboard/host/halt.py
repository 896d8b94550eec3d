"""Whoever asks a command to end: ctrl+c, `kill`, a terminal that is closed. It leaves nothing half done and says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

SIGINT = 2
_asked: list[int] = []


def listen() -> None:
    """From now on SIGINT, SIGTERM and SIGHUP end what the main thread does as ctrl+c does; who ignores one goes on so.

    Python ends at the last two as it stands: copies of whole stores stayed where they were made.
    """
    import signal  # its names cost a status line 2 ms

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is None or signal.getsignal(number) not in (signal.SIG_DFL, signal.default_int_handler):
            continue
        with suppress(ValueError):  # not on the main thread
            signal.signal(number, _heard)


def is_asked() -> bool:
    """True once somebody has asked; what SQLite calls back into Python may have lost the exception."""
    return bool(_asked)


def exit_code() -> int:
    """128 and the number of the signal."""
    return 128 + (_asked[0] if _asked else SIGINT)


@contextmanager
def telling(stays: Callable[[], str]) -> Iterator[None]:
    """Who is stopped in the block is told in a sentence what `stays` of the work, and how it is gone on with."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise KeyboardInterrupt(stays()) from error


def _heard(number: int, _: object) -> None:
    _asked.append(number)
    raise KeyboardInterrupt
