"""Stores that could not be let go of: what stands in their log alone would be lost with the connection, or mixed up.

A log that was deleted, or whose store was replaced, is known only to those who have it open. Where it cannot be carried
over at that moment (no room, somebody stands in the way), the connection stays, and nothing else is opened at its path
by this process before it could be.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from slaboard.errors import StoreError


class Heir(Protocol):
    """A store that tries again to let go."""

    path: Path

    def carry_over(self) -> None:
        """Put what stands in the log alone into the store; StoreError where that cannot be done."""

    def release(self) -> None:
        """Close the connection."""


_KEPT: list[Heir] = []


def keep(store: Heir) -> None:
    """`store` could not be let go of."""
    _KEPT.append(store)


def settle(path: Path) -> None:
    """Let go of what is kept of the store at `path`; StoreError as long as that cannot be done."""
    for store in [store for store in _KEPT if store.path == path]:
        try:
            store.carry_over()
        except StoreError as error:
            raise type(error)(
                f"Leave this open: what was done last stands in a log that was deleted or replaced, and cannot be "
                f"carried over yet. {error}"
            ) from error
        _KEPT.remove(store)
        store.release()
