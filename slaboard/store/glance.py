"""What a status line shows, counted in one pass over the covering index and without the rest of the house.

A status line asks every few seconds, each time in a new process, and waits for whatever is imported here.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from slaboard.store.driver import Connection, sentences
from slaboard.store.opening import is_writable, opened

# Whether tickets must be recomputed first: another program wrote them, or an import was broken off.
BEHIND = """
    SELECT EXISTS (SELECT 1 FROM tickets INDEXED BY tickets_stale WHERE stale <> -1 AND stale <> 0)
        OR EXISTS (SELECT 1 FROM state WHERE held_until BETWEEN 1 AND :now)"""
# The cells of the three promises added up by zone, and the unclaimed that are yellow or orange.
ZONES = """
    SELECT count(*), sum(yellow_at <= :now), sum(orange_at <= :now), sum(red_at <= :now),
        sum(owner IS NULL AND yellow_at <= :now AND red_at > :now)
    FROM clocks INDEXED BY clocks_grid WHERE place = 1 AND place > 0"""
# Tickets that wait for somebody else, and those that nothing is promised for.
BESIDE = """
    SELECT (SELECT count(*) FROM clocks INDEXED BY clocks_grid WHERE place = 2 AND place > 0),
        (SELECT count(*) FROM tickets WHERE no_sla IS NOT NULL)"""
# The ticket whose clock turns red next.
NEXT = """
    SELECT ticket_id FROM clocks INDEXED BY clocks_red WHERE place = 1 AND place > 0 AND red_at > :now
    ORDER BY red_at, ticket_id LIMIT 1"""


class Glance:
    """One look at a store at `now`."""

    def __init__(self, path: Path, connection: Connection, now: int) -> None:
        """Reads everything in one transaction; StoreError when it cannot."""
        at = {"now": now}
        with sentences(path):
            connection.execute("BEGIN")
            try:
                zones, beside = (connection.execute(sql, at).fetchall()[0] for sql in (ZONES, BESIDE))
                ahead = connection.execute(NEXT, at).fetchall()
            finally:
                connection.execute("COMMIT")
        count, yellow, orange, red, self.needs = (number or 0 for number in zones)
        self.zones = {"green": count - yellow, "yellow": yellow - orange, "orange": orange - red, "red": red}
        self.waiting, self.no_sla = beside
        self.open: int = count + self.waiting + self.no_sla
        self.next: str | None = ahead[0][0] if ahead else None
        """The id of the ticket that turns red next, as it came."""


def glance(path: Path, now: int) -> Glance | None:
    """A look at the store at `path`; None when some of its tickets have to be recomputed first."""
    read_only = path.exists() and not is_writable(path)
    with closing(opened(path, read_only)) as connection:
        if not read_only:
            with sentences(path):
                if connection.execute(BEHIND, {"now": now}).fetchall()[0][0]:
                    return None
        return Glance(path, connection, now)
