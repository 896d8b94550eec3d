"""Textual's driver for a terminal that shows a picture already: it takes the screen over as it is."""

from __future__ import annotations

from textual.driver import Driver

from slaboard.tui.curtain import ENTER, Curtain


def driver_for(curtain: Curtain) -> type[Driver]:
    """The driver's class that goes on from `curtain`, which is up."""
    from textual.drivers.linux_driver import LinuxDriver

    class Seamless(LinuxDriver):
        """Entering the other screen once more would blank it in some terminals, for as long as a start takes."""

        def start_application_mode(self) -> None:
            """Textual is to give back the keyboard as the curtain found it; until then no key is echoed or lost."""
            self._goes_on = goes_on = curtain.is_ours
            curtain.is_ours = False
            super().start_application_mode()  # type: ignore[no-untyped-call]
            if goes_on:
                self.attrs_before = curtain.attributes

        def write(self, data: str) -> None:
            """All but the first sequence that enters the other screen."""
            if self._goes_on and data == ENTER:
                self._goes_on = False
                return
            super().write(data)

    return Seamless
