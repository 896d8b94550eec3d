"""What a board last counted in a large store, kept for the next board: it begins there and reads the ledger.

Counting a million tickets and their owners takes 0.3 s of a processor, and every board would begin with that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from slaboard.board.counting import Tallies
from slaboard.board.views import Filter
from slaboard.store.disk import shelf
from slaboard.store.read.census import Count, Entry
from slaboard.ticket import Bucket, Zone

KIND = "baseline-1"
LARGE = 10_000
"""With more open tickets than this it is kept: fewer are counted in 5 ms."""
FRESH_ENTRIES, FRESH_S = 2_000, 60
"""So many entries of the ledger, or seconds, later it is kept anew."""

Loads = tuple[Entry, Mapping[str, int]]
"""Open tickets per owner as of an entry of the ledger, names as the store writes them."""


class Baseline:
    """One store's. What is kept is only believed where the ledger goes on from it."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._last: tuple[int, int] | None = None
        """The entry and the instant that this board has kept."""

    def take(self) -> tuple[Count, Loads] | None:
        """What was kept; None where nothing was, or nothing that can be read."""
        try:
            found = json.loads(shelf.read(self._store, KIND) or "")
            tallies = Tallies()
            for priority, part in found["parts"].items():
                for tally in tallies.both(priority):
                    tally.cells.update({(Bucket(b), Zone(z)): int(number) for b, z, number in part["cells"]})
                    tally.free.update({Zone(z): int(number) for z, number in part["free"]})
                    tally.waiting += int(part["waiting"])
                    tally.no_sla += int(part["no_sla"])
            grid = tallies.grid(int(found["at"]), uses_update=bool(found["uses_update"]))
            loads = {str(owner): int(number) for owner, number in found["loads"].items()}
            count = Count(Filter(), grid, _entry(found["entry"]), int(found["version"]))
            return count, (_entry(found["loads_entry"]), loads)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None

    def put(self, count: Count, loads: Loads) -> None:
        """Keep the count of all open tickets, if that is worth it and was not just done."""
        seq, at = count.last.seq, count.grid.at
        entry, instant = self._last or (-FRESH_ENTRIES, 0)
        is_fresh = 0 <= seq - entry < FRESH_ENTRIES and abs(at - instant) < FRESH_S
        if count.grid.open <= LARGE or is_fresh:
            return
        self._last = (seq, at)
        parts = {
            priority: {
                "cells": [(bucket, zone, number) for (bucket, zone), number in tally.cells.items() if number],
                "free": [(zone, number) for zone, number in tally.free.items() if number],
                "waiting": tally.waiting, "no_sla": tally.no_sla,
            }
            for priority, tally in Tallies(count.grid).parts.items()
        }  # fmt: skip
        facts = {
            "entry": count.last, "version": count.version, "at": at, "uses_update": count.grid.uses_update,
            "parts": parts, "loads_entry": loads[0], "loads": dict(loads[1]),
        }  # fmt: skip
        shelf.write(self._store, KIND, json.dumps(facts))


def _entry(found: list[int]) -> Entry:
    seq, mark = map(int, found)
    return Entry(seq, mark)
