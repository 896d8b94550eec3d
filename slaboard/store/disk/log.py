"""The log (WAL) is kept short: begun anew now and then, also when boards read all the time.

SQLite begins it anew when a commit finds nobody reading in it. Three readers in turns prevent that: at 300 commits a
second the log grew to 22 MB in six seconds. So whoever makes it longer than it should be waits a moment for those who
read, while new ones find all they need in the store itself. One who never leaves (a board that was stopped) cannot be
waited for: the log grows until it goes on.
"""

from __future__ import annotations

from contextlib import suppress

from slaboard.store.disk.driver import LOG_LIMIT, Connection, module

BULK_PAGES = 500
"""From how many pages of the log on a bulk writer carries them into the store, for a claim waits until all are written,
each far from the next. Of 1,000 pages that took up to 200 ms of an import; at 250 a changed policy took half as long
again."""
MUCH, TOO_MUCH = LOG_LIMIT * 3 // 2, LOG_LIMIT * 2
"""Bytes from which one waits longer, and from which that was of no use."""
SHORT_MS, LONG_MS = 100, 500
"""How long one waits: the others wait for their turn meanwhile, and a key press waits two seconds at most."""
STEP, STRIDE = 1 << 20, 8 << 20
"""Bytes by which the log grows between two attempts, and between two when it was of no use."""


def keep_short(connection: Connection, before: int, after: int, usual_ms: int) -> None:
    """Begin the log anew if our commit made it too long: `before` and `after` are its bytes.

    For those whose turn it is, outside of a transaction. `usual_ms` is the connection's `busy_timeout`.
    """
    step = STEP if after <= TOO_MUCH else STRIDE
    if after <= LOG_LIMIT or after // step == before // step:
        return
    patience_ms = LONG_MS if MUCH < after <= TOO_MUCH else SHORT_MS
    connection.execute(f"PRAGMA busy_timeout={patience_ms}").fetchall()
    with suppress(module().Error):  # what was committed is safe in the log; the next one tries again
        connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
    connection.execute(f"PRAGMA busy_timeout={usual_ms}").fetchall()
