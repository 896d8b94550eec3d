"""The tailor: a thread that watches a person's own themes and says what the one that is on looks like now."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from slaboard import themefile
from slaboard.board.theme import Parsed

STEP_MS = 300
"""How often watchfiles looks: soon enough for eyes that have just saved a file, and nothing to an idle board."""


class Tailor:
    """Follows the theme `name`. What its file gives goes to `post`, called on the tailor's own thread."""

    def __init__(self, name: str, post: Callable[[Parsed], None]) -> None:
        self._name, self._post = name, post
        self._stop = threading.Event()

    def start(self) -> None:
        """Begin, where there is a folder of one's own themes; without one nothing is imported or watched."""
        if themefile.own_folder().is_dir():
            threading.Thread(target=self._watch, name="slaboard-themes", daemon=True).start()

    def close(self) -> None:
        """Stop following."""
        self._stop.set()

    def _watch(self) -> None:
        before = self._fitted()
        with suppress(Exception):  # no inotify left, a folder that went away: the theme stays as it is
            from watchfiles import watch

            for _ in watch(
                themefile.own_folder(), recursive=False, step=STEP_MS, debounce=4 * STEP_MS, stop_event=self._stop,
                raise_interrupt=False,
            ):  # fmt: skip
                now = self._fitted()
                if now is not None and now != before:
                    before = now
                    self._post(now)

    def _fitted(self) -> Parsed | None:
        """What the file gives now; None where there is none, which editors cause for a moment when they save."""
        with suppress(OSError):
            found = themefile.theme_files().get(self._name)
            return None if found is None else themefile.read(found)
        return None
