"""What happens to a store in a while, by chance."""

from __future__ import annotations

import random
from contextlib import suppress

from slaboard.errors import SlaboardError
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore

HOUR = 3_600
VERBS = ("claim", "release", "respond", "wait", "resume", "resolve", "reopen", "takeover")
# A ticket that another program writes.
_FOREIGN = "INSERT INTO tickets (id, priority, opened_at, owner) VALUES (?, ?, ?, ?)"


def bustle(store: SqliteStore, dice: random.Random, now: int) -> int:
    """Some acts on T-0 to T-119, now and then another program's ticket, and time that goes by: the new now."""
    for _ in range(dice.randrange(4)):
        with suppress(SlaboardError):  # rules say no to many of these
            act = Act(dice.choice(VERBS), f"T-{dice.randrange(120)}", dice.choice(("ana", "ben")), any_zone=True)
            store.act(act, now)
    if not dice.randrange(4):
        with store.writing() as connection:
            ticket = (f"F-{dice.random()}", dice.choice(("P1", "P4", "P9")), now - 7_000, dice.choice((None, "chi")))
            connection.execute(_FOREIGN, ticket)
        store.catch_up(now)
    return now + dice.choice((0, 1, 600, 9 * HOUR))
