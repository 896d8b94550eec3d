"""What has happened today, for the wallboard: it reads the day's results and claims, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slaboard.board.wall import Claimed, Today
from slaboard.text import clean

if TYPE_CHECKING:
    from slaboard.store.sqlite import SqliteStore

LAST = 5
_PROMISES = "('response', 'resplan', 'resolution', 'total_resolution')"
_VALID = """o.withdrawn = 0 AND NOT EXISTS (SELECT 1 FROM outcomes l WHERE l.ticket_id = o.ticket_id
    AND l.bucket = o.bucket AND l.cycle = o.cycle AND l.revision > o.revision)"""
# Results of today, as they stand: kept when the clock was yellow or orange already and the ticket somebody's; and
# not kept although due today.
RESULTS = f"""
    SELECT count(*) FILTER (WHERE o.met = 1 AND o.zone IN ('yellow', 'orange') AND o.owner IS NOT NULL),
        count(*) FILTER (WHERE o.met = 0 AND o.due_at >= :since)
    FROM outcomes o INDEXED BY outcomes_stopped
    WHERE o.stopped_at >= :since AND o.stopped_at <= :now AND o.bucket IN {_PROMISES} AND {_VALID}"""  # noqa: S608
# Clocks that turned red today and still run.
RED = f"""
    SELECT count(*) FROM clocks INDEXED BY clocks_red
    WHERE place = 1 AND place > 0 AND bucket IN {_PROMISES} AND red_at > :since AND red_at <= :now"""  # noqa: S608
# The claims of today that were not undone, newest first.
CLAIMS = """
    SELECT e.at, e.actor, e.ticket_id FROM events e
    WHERE e.kind IN ('claim', 'takeover') AND e.at >= :since AND e.at <= :now
        AND NOT EXISTS (SELECT 1 FROM events u INDEXED BY events_ticket
            WHERE u.ticket_id = e.ticket_id AND u.at >= e.at AND u.kind = 'undo'
                AND u.caused_by IN (e.id, '#' || e.seq))
    ORDER BY e.at DESC, e.seq DESC"""


def today(store: SqliteStore, since: int, now: int) -> Today:
    """What has happened from `since` to `now`."""
    [(saved, missed)] = store.ask(RESULTS, {"since": since, "now": now})
    [(red,)] = store.ask(RED, {"since": since, "now": now})
    claims = store.ask(CLAIMS, {"since": since, "now": now})
    last = tuple(Claimed(at, clean(who or "?"), clean(ticket)) for at, who, ticket in claims[:LAST])
    return Today(len(claims), saved, missed + red, last)
