"""What a status line shows, counted in one pass over the covering index and without the rest of the house.

A status line asks every few seconds, each time in a new process, and waits for whatever is imported here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from slaboard.store.driver import Connection, sentences
from slaboard.store.opening import is_writable, opened

TYPE_CHECKING = False  # as in typing, whose import takes 4 ms
if TYPE_CHECKING:
    from typing import Any

# Whether tickets must be recomputed first: another program wrote them, or an import was broken off.
BEHIND = """
    SELECT EXISTS (SELECT 1 FROM tickets INDEXED BY tickets_stale WHERE stale <> -1 AND stale <> 0)
        OR EXISTS (SELECT 1 FROM state WHERE held_until BETWEEN 1 AND :now)"""
# The cells of the three promises added up by zone. FILTER: five sums took 27 ms of 100,000 tickets, this takes 15.
ZONES = """
    SELECT count(*), count(*) FILTER (WHERE yellow_at <= :now), count(*) FILTER (WHERE orange_at <= :now),
        count(*) FILTER (WHERE red_at <= :now)
    FROM clocks INDEXED BY clocks_grid WHERE place = 1 AND place > 0"""
# Tickets that wait for somebody else, those that nothing is promised for, and the unclaimed yellow and orange ones.
BESIDE = """
    SELECT (SELECT count(*) FROM clocks INDEXED BY clocks_grid WHERE place = 2 AND place > 0),
        (SELECT count(*) FROM tickets WHERE no_sla IS NOT NULL),
        (SELECT count(*) FROM clocks INDEXED BY clocks_grid
            WHERE place = 1 AND place > 0 AND yellow_at <= :now AND red_at > :now AND owner IS NULL)"""
# The ticket whose clock turns red next: the first of each bucket is one step away.
_NEXT_OF = """SELECT * FROM (SELECT red_at, ticket_id FROM clocks INDEXED BY clocks_red
    WHERE place = 1 AND place > 0 AND bucket = '{0}' AND red_at > :now ORDER BY red_at, ticket_id LIMIT 1)"""
_BUCKETS = ("response", "resplan", "resolution", "total_resolution")
NEXT = f"""SELECT ticket_id FROM ({" UNION ALL ".join(map(_NEXT_OF.format, _BUCKETS))})
    ORDER BY red_at, ticket_id LIMIT 1"""  # noqa: S608 our own words


class Glance:
    """One look at a store at `now`, in the caller's transaction; only what is asked for is read."""

    def __init__(self, connection: Connection, now: int) -> None:
        self._connection, self._now = connection, now

    def zones(self) -> dict[str, int]:
        """Tickets by zone, those that wait or have no SLA left out."""
        [(count, yellow, orange, red)] = self._ask(ZONES)
        return {"green": count - yellow, "yellow": yellow - orange, "orange": orange - red, "red": red}

    def beside(self) -> tuple[int, int, int]:
        """Tickets that wait, those without SLA, and how many of the others need claiming."""
        [(waiting, no_sla, needs)] = self._ask(BESIDE)
        return waiting, no_sla, needs

    def next(self) -> str | None:
        """The id of the ticket that turns red next, as it came; None when none will."""
        rows = self._ask(NEXT)
        return rows[0][0] if rows else None

    def _ask(self, sql: str) -> list[Any]:
        return self._connection.execute(sql, {"now": self._now}).fetchall()


@contextmanager
def glance(path: Path, now: int) -> Iterator[Glance | None]:
    """A look at the store at `path`; None when some of its tickets have to be recomputed first."""
    read_only = path.exists() and not is_writable(path)
    with closing(opened(path, read_only)) as connection, sentences(path):
        connection.execute("BEGIN")
        is_behind = not read_only and connection.execute(BEHIND, {"now": now}).fetchall()[0][0]
        yield None if is_behind else Glance(connection, now)
        connection.execute("COMMIT")
