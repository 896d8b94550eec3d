"""How a board rings besides the bell: tmux's status line, the terminal's own notification, the desktop's."""

from __future__ import annotations

import html
import shutil
from collections.abc import Iterator, Mapping

from slaboard.alerts.alert import DESKTOP, OSC9, TMUX, Rules
from slaboard.alerts.messenger import Messenger
from slaboard.text import clean

PATIENCE_S = 5.0
"""How long tmux or the desktop may take."""
SHOWN_MS = 6_000
"""How long a message stays in tmux's status line."""
LONGEST = 300
"""Characters of a notification."""
NOTIFIER = "notify-send"


def notification(text: str, environment: Mapping[str, str]) -> str:
    """The sequence that makes the terminal notify, passed through tmux where that is around us.

    OSC 9 (iTerm2, WezTerm, ghostty, kitty, Windows Terminal), or OSC 777 for terminals that know only that.
    """
    said = clean(text, limit=LONGEST)
    if _knows_777(environment):
        sequence = f"\x1b]777;notify;SLA;{said.replace(';', ',')}\x07"
    else:
        sequence = f"\x1b]9;SLA: {said}\x07"
    if environment.get("TMUX"):
        return f"\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}\x1b\\"
    return sequence


def _knows_777(environment: Mapping[str, str]) -> bool:
    """foot, rxvt, Konsole and those made with VTE; in tmux their variables are those of whoever started its server."""
    is_named = environment.get("TERM", "").startswith(("foot", "rxvt"))
    return is_named or any(environment.get(name) for name in ("VTE_VERSION", "KONSOLE_VERSION"))


def tmux_arguments(text: str) -> list[str]:
    """What shows `text` in tmux's status line: nothing in it is a format, a style or a time to tmux."""
    said = clean(text, limit=LONGEST).replace("#", "").replace("%", "%%")
    return ["tmux", "display-message", "-d", str(SHOWN_MS), f"SLA: {said}"]


def desktop_arguments(summary: str, body: str, *, is_urgent: bool) -> list[str]:
    """What shows a notification on the desktop; its body is markup to some, so it is escaped."""
    urgency = "critical" if is_urgent else "normal"
    said = html.escape(clean(body, limit=LONGEST), quote=False)
    return [NOTIFIER, f"--urgency={urgency}", "--app-name=slaboard", "--", clean(summary, limit=LONGEST), said]


def show_in_tmux(messenger: Messenger, text: str) -> None:
    """A message in the status line of whoever looks at this tmux session."""
    arguments = tmux_arguments(text)
    messenger.send("tmux display-message", lambda: messenger.run(arguments, PATIENCE_S))


def show_on_desktop(messenger: Messenger, summary: str, body: str, *, is_urgent: bool) -> None:
    """A notification on the desktop that this process belongs to."""
    arguments = desktop_arguments(summary, body, is_urgent=is_urgent)
    messenger.send(NOTIFIER, lambda: messenger.run(arguments, PATIENCE_S))


def problems(rules: Rules, environment: Mapping[str, str]) -> Iterator[str]:
    """Ways that are wanted and do not work here, each as a sentence."""
    if TMUX in rules.ways and not environment.get("TMUX"):
        yield "alerts.tmux is on, but this is not in tmux: no message is shown there."
    if OSC9 in rules.ways and environment.get("STY"):
        yield "alerts.osc9 is on, but GNU screen is around the board and passes no notification on."
    if DESKTOP in rules.ways and shutil.which(NOTIFIER, path=environment.get("PATH")) is None:
        yield f"alerts.desktop is on, but {NOTIFIER} is not installed here (on Debian: apt install libnotify-bin)."
