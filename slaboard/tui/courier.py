"""The courier: takes texts to the clipboard and links to a browser on its own thread, and says what came of it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Callable, Mapping

from msgspec import Struct

from slaboard.board.moves.effect import Browse, Copy

TMUX_S = 2.0
"""So long tmux has for taking a text."""
BROWSER_S = 3.0
"""A browser that still runs by then has the link; one that ends sooner says by its exit code whether it has."""


class Delivery(Struct, frozen=True):
    """What came of it, in words; `sequence` is still to be written to the terminal."""

    word: str
    text: str
    sequence: str = ""


class Courier:
    """Carries what it is given. What came of it goes to `post`, called on the courier's own threads."""

    def __init__(
        self, browser: tuple[str, ...], post: Callable[[Delivery], None], environment: Mapping[str, str] = os.environ
    ) -> None:
        self._browser, self._post, self._environment = browser, post, environment

    def take(self, wish: Copy | Browse) -> None:
        """Carry it, without keeping anybody waiting."""
        threading.Thread(target=lambda: self._post(self.carried(wish)), name="slaboard-courier", daemon=True).start()

    def carried(self, wish: Copy | Browse) -> Delivery:
        """Carry it now; a link that no browser takes goes to the clipboard instead."""
        if isinstance(wish, Copy):
            return self._copied(wish.text, wish.what)
        by, missing = self.opener()
        if by:
            missing = self._opened(by, wish.url)
        if not missing:
            return Delivery("OK", f"gave the link of {wish.ticket} to {os.path.basename(by[0])}")
        return self._copied(wish.url, f"the link of {wish.ticket}", f"{missing}: ")

    # --- the clipboard ----------------------------------------------------------------------------------------

    def _copied(self, text: str, what: str, before: str = "") -> Delivery:
        if self._environment.get("TMUX"):
            if self._is_in_tmux(text):
                return Delivery("OK", f"{before}copied {what} (tmux buffer)")
            return Delivery("NO", f"{before}{what} was not copied: tmux did not take it.")
        if self._environment.get("STY"):
            return Delivery("NO", f"{before}{what} was not copied: screen passes no clipboard on.")
        if self._environment.get("TERM", "") == "linux":
            return Delivery("NO", f"{before}{what} was not copied: this console has no clipboard.")
        sequence = f"\x1b]52;c;{b64encode(text.encode()).decode('ascii')}\x07"
        return Delivery("OK", f"{before}copied {what} (OSC 52; a terminal does not say whether it took it)", sequence)

    def _is_in_tmux(self, text: str) -> bool:
        """True once tmux has it: with -w, which it knows since 3.2, for the clipboard too where tmux.conf lets it."""
        for arguments in (["-w", "-"], ["-"]):
            try:
                done = subprocess.run(
                    ["tmux", "load-buffer", *arguments], input=text.encode(), capture_output=True, timeout=TMUX_S,
                    check=False,
                )  # fmt: skip
            except (OSError, subprocess.SubprocessError):
                return False
            if done.returncode == 0:
                return True
        return False

    # --- the browser ------------------------------------------------------------------------------------------

    def opener(self) -> tuple[list[str], str]:
        """The command that opens a link, or why there is none. What people name wins, also over SSH."""
        said = self._environment.get("BROWSER", "").partition(os.pathsep)[0].strip()
        if self._browser:
            return list(self._browser), ""
        if said:
            try:
                return shlex.split(said), ""
            except ValueError:
                return [], "BROWSER cannot be read"
        if self._environment.get("SSH_CONNECTION") or self._environment.get("SSH_TTY"):
            return [], "no browser over SSH"
        if sys.platform == "darwin":
            return ["open"], ""
        if shutil.which("wslview"):
            return ["wslview"], ""
        has_screen = self._environment.get("DISPLAY") or self._environment.get("WAYLAND_DISPLAY")
        return (["xdg-open"], "") if has_screen and shutil.which("xdg-open") else ([], "no browser here")

    def _opened(self, command: list[str], url: str) -> str:
        """Why it was not opened, empty when it was. No shell reads it, and a browser of the terminal's finds none.

        `webbrowser` would start lynx or w3m in the board's own terminal, and let any browser write on it.
        """
        name = os.path.basename(command[0])
        whole = [part.replace("%s", url) for part in command]
        try:
            process = subprocess.Popen(
                whole if "%s" in " ".join(command) else [*whole, url], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
            code = process.wait(timeout=BROWSER_S)
        except subprocess.TimeoutExpired:
            return ""
        except (OSError, ValueError):
            return f"{name} cannot be run"
        return f"{name} ended with {code}" if code else ""
