"""Finished results judged anew since a date (rule 15), page by page: how far it has come stands in the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from slaboard.errors import Refused
from slaboard.store.disk.driver import Connection

PAGE = 1_000
"""Tickets that one turn looks at, at most: of a million only a few may have finished something since."""

Ask = Callable[[str], list[Any]]

# Since when the policy in force judges anew, and the last ticket that is done; nothing when nothing is left to do.
_UNDER_WAY = """
    SELECT p.rejudged_since, s.rejudged_to, p.version FROM state s JOIN policies p ON p.version = s.policy_version
    WHERE s.rejudged_to IS NOT NULL"""
_NOTE = "UPDATE state SET rejudged_to = ?"
# The next tickets, and whether anything of theirs has finished since. What an import holds back is judged by its end.
_PAGE = """
    SELECT t.id, t.stale = 0 AND (t.ended_at >= :since OR EXISTS (
        SELECT 1 FROM clocks c WHERE c.ticket_id = t.id AND c.stopped_at >= :since))
    FROM tickets t WHERE t.id > :after ORDER BY t.id LIMIT :page"""
# Of how many tickets anything has finished since.
HOW_MANY = """
    SELECT count(*) FROM tickets t WHERE t.ended_at >= :since OR EXISTS (
        SELECT 1 FROM clocks c WHERE c.ticket_id = t.id AND c.stopped_at >= :since)"""
# How many tickets nobody has looked at yet.
LEFT = "SELECT count(*) FROM tickets WHERE id > (SELECT rejudged_to FROM state)"


def is_under_way(ask: Ask) -> bool:
    """True while results wait to be judged anew."""
    return bool(ask(_UNDER_WAY))


def refuse_two(connection: Connection) -> None:
    """Refused while results are judged anew under the policy in force: a newer one would judge the rest of them."""
    for _, _, version in connection.execute(_UNDER_WAY).fetchall():
        raise Refused(
            f"Results are still being judged anew under version {version}, so nothing was applied. Boards go on with "
            "that, and so does each slaboard policy apply: try it again."
        )


def begin(connection: Connection) -> None:
    """From the next turn on the results since the date of the policy in force are judged anew."""
    connection.execute(_NOTE, ("",))


def go_on(connection: Connection, most: int, judge: Callable[[Sequence[str], int], object]) -> tuple[int, int]:
    """Have the next tickets, `most` at most, judged since that date.

    How many were looked at, 0 when all is done, and how many of them were judged.
    """
    rows = connection.execute(_UNDER_WAY).fetchall()
    if not rows:
        return 0, 0
    since, after, _ = rows[0]
    found = connection.execute(_PAGE, {"since": since, "after": after, "page": PAGE}).fetchall()
    looked, due = 0, list[str]()
    for ticket, has_finished in found:
        if has_finished and len(due) == most:
            break
        looked += 1
        due += [ticket] * bool(has_finished)
    if due:
        judge(due, since)
    is_over = looked == len(found) < PAGE
    connection.execute(_NOTE, (None if is_over else found[looked - 1][0],))
    return looked, len(due)
