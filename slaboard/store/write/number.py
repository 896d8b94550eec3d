"""A free id for a ticket that was given none: `T-` and a number."""

from __future__ import annotations

from slaboard.store.disk.driver import Connection

# A deleted ticket's events may still be there.
KNOWN = "SELECT 1 FROM tickets WHERE id = :id UNION ALL SELECT 1 FROM events WHERE ticket_id = :id LIMIT 1"
# The highest number behind `T-` that a ticket has or had, by two indexes alone.
LAST = """
    SELECT max(number) FROM (
        SELECT max(CAST(substr(id, 3) AS INTEGER)) AS number FROM tickets
            WHERE id >= 'T-0' AND id < 'T-:' AND length(id) < 12
        UNION ALL SELECT max(CAST(substr(ticket_id, 3) AS INTEGER)) FROM events
            WHERE ticket_id >= 'T-0' AND ticket_id < 'T-:' AND length(ticket_id) < 12)"""


def free(connection: Connection, last: int) -> str:
    """`T-` and the next number after `last` that nobody took meanwhile."""
    number = last + 1
    while connection.execute(KNOWN, {"id": f"T-{number}"}).fetchall():
        number += 1
    return f"T-{number}"
