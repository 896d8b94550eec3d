"""Textual's driver for a terminal that shows a picture already: it takes the screen over as it is."""

from __future__ import annotations

from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from textual.driver import Driver

from slaboard.tui.curtain import ENTER, Curtain


def _forgiving(encoding: str) -> Callable[[], IncrementalDecoder]:
    """A decoder that puts U+FFFD where a byte is no text."""
    return partial(getincrementaldecoder(encoding), errors="replace")


def driver_for(curtain: Curtain) -> type[Driver]:
    """The driver's class that goes on from `curtain`, which is up."""
    from textual.drivers import linux_driver

    # Bytes that are no UTF-8 come from Latin-1 terminals and noisy lines; Textual's own decoder ends the app at one.
    linux_driver.getincrementaldecoder = _forgiving  # type: ignore[assignment,attr-defined]

    class Seamless(linux_driver.LinuxDriver):
        """Entering the other screen once more would blank it in some terminals, for as long as a start takes."""

        def start_application_mode(self) -> None:
            """Textual is to give back the keyboard as the curtain found it; until then no key is echoed or lost."""
            self._goes_on = goes_on = curtain.is_ours
            curtain.is_ours = False
            super().start_application_mode()  # type: ignore[no-untyped-call]
            if goes_on:
                self.attrs_before = curtain.attributes

        def run_input_thread(self) -> None:
            """Go on after a sequence that Textual's parser breaks on, such as a key of the number 999999999999."""
            while not self.exit_event.is_set():
                with suppress(ValueError, OverflowError):
                    super().run_input_thread()
                    break

        def write(self, data: str) -> None:
            """All but the first sequence that enters the other screen."""
            if self._goes_on and data == ENTER:
                self._goes_on = False
                return
            super().write(data)

    return Seamless
