"""What a status line shows, read without the rest of the house, and in a large store not counted again each time.

A status line asks every few seconds, each time in a new process, and waits for whatever is imported here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from operator import add
from pathlib import Path

from slaboard.store.disk.driver import Connection, sentences
from slaboard.store.disk.opening import is_writable, opened
from slaboard.store.read.tally import Tally, keep, kept

TYPE_CHECKING = False  # as in typing, whose import takes 4 ms
if TYPE_CHECKING:
    from typing import Any

    from slaboard.store.read.tally import Numbers

LARGE = 10_000
"""With more clocks than this the numbers are kept: to count so many takes 2 ms."""
FRESH_ENTRIES, FRESH_S = 500, 60
"""So many entries of the ledger, and seconds, may come between what is kept and now before it is kept anew."""

# Whether tickets must be recomputed first: another program wrote them, or an import was broken off.
BEHIND = """
    SELECT EXISTS (SELECT 1 FROM tickets INDEXED BY tickets_stale WHERE stale <> -1 AND stale <> 0)
        OR EXISTS (SELECT 1 FROM state WHERE held_until BETWEEN 1 AND :now)"""
# Everything counted anew, in the order of a tally's numbers. FILTER: five sums took 27 ms of 100,000 tickets, not 15.
ANEW = """
    SELECT count(*), count(*) FILTER (WHERE yellow_at <= :now), count(*) FILTER (WHERE orange_at <= :now),
        count(*) FILTER (WHERE red_at <= :now),
        count(*) FILTER (WHERE owner IS NULL AND yellow_at <= :now AND red_at > :now),
        (SELECT count(*) FROM clocks INDEXED BY clocks_grid WHERE place = 2 AND place > 0),
        (SELECT count(*) FROM tickets INDEXED BY tickets_no_sla WHERE no_sla IS NOT NULL)
    FROM clocks INDEXED BY clocks_grid WHERE place = 1 AND place > 0"""
# The ledger's last entry, and what it says has come and gone since :seq, as it stood at :at; the same order.
LAST_ENTRY = "SELECT seq, mark FROM ledger ORDER BY seq DESC LIMIT 1"
MOVED = """
    SELECT total(sign) FILTER (WHERE place = 1), total(sign) FILTER (WHERE place = 1 AND yellow_at <= :at),
        total(sign) FILTER (WHERE place = 1 AND orange_at <= :at),
        total(sign) FILTER (WHERE place = 1 AND red_at <= :at),
        total(sign) FILTER (WHERE place = 1 AND owner IS NULL AND yellow_at <= :at AND red_at > :at),
        total(sign) FILTER (WHERE place = 2), total(sign) FILTER (WHERE place = 0)
    FROM ledger WHERE seq > :seq"""
# Whether the ledger still holds the entry :seq with its :mark, and tells all that came after it.
CONTINUES = """
    SELECT EXISTS (SELECT 1 FROM ledger WHERE seq = :seq AND mark = :mark)
        AND NOT EXISTS (SELECT 1 FROM ledger WHERE seq > :seq AND sign = 0)"""
# The clocks that crossed an edge in (:at, :now], and how many of them are nobody's.
_CROSSED = """SELECT count(*), count(*) FILTER (WHERE owner IS NULL) FROM clocks INDEXED BY clocks_{0}
    WHERE {1}{0}_at > :at AND {0}_at <= :now AND place = 1 AND place > 0"""
_BUCKETS = ("response", "resplan", "resolution", "total_resolution")
_ANY_BUCKET = f"bucket IN {_BUCKETS} AND "
CROSSED = (_CROSSED.format("yellow", ""), _CROSSED.format("orange", ""), _CROSSED.format("red", _ANY_BUCKET))
# The ticket whose clock turns red next: the first of each bucket is one step away.
_NEXT_OF = """SELECT * FROM (SELECT red_at, ticket_id FROM clocks INDEXED BY clocks_red
    WHERE place = 1 AND place > 0 AND bucket = '{0}' AND red_at > :now ORDER BY red_at, ticket_id LIMIT 1)"""
NEXT = f"""SELECT ticket_id FROM ({" UNION ALL ".join(map(_NEXT_OF.format, _BUCKETS))})
    ORDER BY red_at, ticket_id LIMIT 1"""  # noqa: S608 our own words


class Glance:
    """One look at the store at `path` at `now`, in the caller's transaction; only what is asked for is read."""

    def __init__(self, path: Path, connection: Connection, now: int) -> None:
        self._path, self._connection, self._now = path, connection, now
        self._numbers: Numbers | None = None

    def zones(self) -> dict[str, int]:
        """Tickets by zone, those that wait or have no SLA left out."""
        count, yellow, orange, red, *_ = self._counted()
        return {"green": count - yellow, "yellow": yellow - orange, "orange": orange - red, "red": red}

    def beside(self) -> tuple[int, int, int]:
        """Tickets that wait, those without SLA, and how many of the others need claiming."""
        *_, needs, waiting, no_sla = self._counted()
        return waiting, no_sla, needs

    def next(self) -> str | None:
        """The id of the ticket that turns red next, as it came; None when none will."""
        rows = self._ask(NEXT, {"now": self._now})
        return rows[0][0] if rows else None

    def _counted(self) -> Numbers:
        """A tally's numbers: in a large store the last ones moved on, else counted anew."""
        if self._numbers is None:
            before = kept(self._path)
            moved = self._moved(before) if before is not None else None
            self._numbers = moved if moved is not None else tuple(self._ask(ANEW, {"now": self._now})[0])
            [(seq, mark)] = self._ask(LAST_ENTRY, {})
            if before is None or moved is None:
                is_due = self._numbers[0] > LARGE
            else:
                is_due = seq - before.seq > FRESH_ENTRIES or self._now - before.at > FRESH_S
            if is_due:
                keep(self._path, Tally(seq, mark, self._now, self._numbers))
        return self._numbers

    def _moved(self, before: Tally) -> Numbers | None:
        """`before` moved on to what the ledger says and to now; None where it must be counted anew."""
        at = {"seq": before.seq, "mark": before.mark, "at": before.at, "now": self._now}
        if before.at > self._now or not self._ask(CONTINUES, at)[0][0]:
            return None
        moves = map(int, self._ask(MOVED, at)[0])
        count, yellow, orange, red, needs, waiting, no_sla = map(add, before.numbers, moves)
        (to_yellow, free), (to_orange, _), (to_red, late) = (self._ask(sql, at)[0] for sql in CROSSED)
        return count, yellow + to_yellow, orange + to_orange, red + to_red, needs + free - late, waiting, no_sla

    def _ask(self, sql: str, values: Mapping[str, int]) -> list[Any]:
        return self._connection.execute(sql, values).fetchall()


@contextmanager
def glance(path: Path, now: int) -> Iterator[Glance | None]:
    """A look at the store at `path`; None when some of its tickets have to be recomputed first."""
    read_only = path.exists() and not is_writable(path)
    with closing(opened(path, read_only)) as connection, sentences(path):
        connection.execute("BEGIN")
        is_behind = not read_only and connection.execute(BEHIND, {"now": now}).fetchall()[0][0]
        yield None if is_behind else Glance(path, connection, now)
        connection.execute("COMMIT")
