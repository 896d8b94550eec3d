"""A feed that reads while the rest of a board is still being imported: counting tickets leaves Python free for that."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from slaboard.alerts.alert import Rules
from slaboard.board.pivot import Pivot
from slaboard.board.saved import SavedView
from slaboard.board.sight import Sight
from slaboard.board.views import View
from slaboard.config import Settings
from slaboard.follow.feed import Feed, Report

Listener = Callable[[Report], None]


class Early:
    """The feed of a board, and what it says until somebody listens. `lock` is held while a report is heard."""

    def __init__(self, settings: Settings, clock: Callable[[], float], saved: SavedView | None = None) -> None:
        self.lock = threading.Lock()
        zones = (settings.alerts or Rules()).zones
        self.feed = Feed(settings.store, self._hear, lambda: int(clock()), read_only=settings.read_only, zones=zones)
        self._person = None if settings.shared else settings.person
        self._past_at = settings.past_at
        self._saved = saved
        self._has_begun = False
        self._listener: Listener | None = None
        self._waiting: list[Report] = []

    def begin(self, sight: Sight | None = None) -> None:
        """Read what is in `sight`; before it is known, what every board begins with."""
        self.feed.look(self._first() if sight is None else sight)
        if not self._has_begun:
            self._has_begun = True
            self.feed.start()

    def _first(self) -> Sight:
        view = View(person=self._person) if self._saved is None else self._saved.view(self._person)
        by = Pivot.STAGE if self._saved is None else self._saved.pivot
        return Sight(view, by, person=self._person, past_at=self._past_at)

    def listen(self, listener: Listener) -> None:
        """From now on `listener` hears every report, on the feed's thread; first, on this one, those that wait."""
        with self.lock:
            self._listener = listener
            waiting, self._waiting = self._waiting, []
            for report in waiting:
                listener(report)

    def _hear(self, report: Report) -> None:
        with self.lock:
            if self._listener is None:
                self._waiting.append(report)
            else:
                self._listener(report)


def wall_clock() -> float:
    """Epoch seconds."""
    return time.time()  # noqa: TID251 the one place beside the commands' clock that reads it
