"""Hindsight: one thread that counts what the history screen shows, on a connection of its own.

Over a million results that takes seconds. On the feed's thread every claim would wait for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from slaboard.board.trends import Counted, Want
from slaboard.errors import SlaboardError


class Hindsight:
    """Answers the last question only. Every answer goes to `post`, called on a thread of its own."""

    def __init__(self, post: Callable[[Counted], None], *, read_only: bool = False) -> None:
        self._post, self._read_only = post, read_only
        self._lock = threading.Lock()
        self._path = Path()
        self._want: Want | None = None
        self._counted: Want | None = None
        """The figures that were counted last, without what was listed."""
        self._listed: Want | None = None
        self._is_busy = False

    def look(self, path: Path, want: Want | None) -> None:
        """The screen shows `want` of the store at `path`; None when it is not on. Never waits."""
        with self._lock:
            if want == self._want and path == self._path:
                return
            if path != self._path:
                self._counted = self._listed = None
            self._path, self._want = path, want
            if want is None or self._is_busy:
                return
            self._is_busy = True
        threading.Thread(target=self._run, name="slaboard-hindsight", daemon=True).start()

    def _run(self) -> None:
        while (found := self._next()) is not None:
            path, want = found
            try:
                self._answer(path, want)
            except SlaboardError as error:
                self._post(Counted(want, trouble=str(error)))
            except Exception as error:  # what nobody foresaw must not leave the screen counting for ever
                from slaboard.host.crash import unforeseen

                self._post(Counted(want, trouble=unforeseen(error, path)))

    def _next(self) -> tuple[Path, Want] | None:
        """The question that is open; with None the thread ends."""
        with self._lock:
            want = self._want
            if want is not None and (replace(want, part=None) != self._counted or self._is_unlisted(want)):
                return self._path, want
            self._is_busy = False
            return None

    def _is_unlisted(self, want: Want) -> bool:
        return want.part is not None and (self._listed is None or self._listed.part != want.part)

    def _answer(self, path: Path, want: Want) -> None:
        from slaboard.store.reports.trends import behind, figures
        from slaboard.store.sqlite import SqliteStore

        asked = replace(want, part=None)
        is_unlisted, is_uncounted = self._is_unlisted(want), asked != self._counted
        with self._lock:  # what fails is not asked again before somebody wants something else
            self._counted, self._listed = asked, want
        with SqliteStore(path, read_only=True) as store:
            if want.part is not None and is_unlisted:
                self._post(Counted(want, items=behind(store, want.part, want.timezone)))
            if is_uncounted:
                self._post(Counted(asked, figures=figures(store, want.at, want.timezone)))

    def close(self) -> None:
        """Answer nothing any more."""
        with suppress(RuntimeError):
            self.look(self._path, None)
