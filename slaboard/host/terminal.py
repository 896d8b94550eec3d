"""The terminal around us: what it says of itself and what tmux has set, and what that means for a board."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from slaboard.host.finding import Finding

try:
    import termios
    import tty
except ImportError:  # Windows
    termios = tty = None  # type: ignore[assignment]

ANSWER_S = 1.0
"""How long a terminal has for its answers; over a slow line they take half of that."""
TMUX_S = 2.0
SLOW_ESCAPE_MS = 100
"""tmux waits so long behind an escape for the rest of a key; its default of 500 is felt at each Esc."""

# Its name; whether it knows synchronized output and focus events; its ground; what it is, which every terminal says,
# so that nobody waits for answers that never come.
_QUESTIONS = b"\x1b[>0q\x1b[?2026$p\x1b[?1004$p\x1b]11;?\x1b\\\x1b[c"
_LAST = re.compile(rb"\x1b\[\?([\d;]*)c")
_NAME = re.compile(rb"\x1bP>\|([^\x1b]{1,80})\x1b\\")
_MODE = re.compile(rb"\x1b\[\?(2026|1004);(\d)\$y")
_GROUND = re.compile(
    rb"\x1b\]11;rgb:([0-9a-fA-F]{2})[0-9a-fA-F]{0,2}/([0-9a-fA-F]{2})[0-9a-fA-F]{0,2}/([0-9a-fA-F]{2})"
)
_CLIPBOARD = b"52"
"""Among the attributes of a terminal that copies what OSC 52 gives it."""

_OPTIONS = (
    "version", "escape-time", "set-clipboard", "focus-events", "allow-passthrough", "mouse", "bell-action",
    "monitor-bell", "prefix", "prefix2", "client_termfeatures",
)  # fmt: skip


class Terminal(Struct, frozen=True):
    """What is known of it. None is: it did not say."""

    is_one: bool = True
    term: str = ""
    colorterm: str = ""
    no_color: bool = False
    encoding: str = "utf-8"
    columns: int = 80
    lines: int = 24
    name: str | None = None
    """By its own word: `kitty 0.32.1`."""
    has_sync: bool | None = None
    has_focus: bool | None = None
    has_clipboard: bool | None = None
    ground: str | None = None
    """Its background colour, `#rrggbb`."""
    tmux: Mapping[str, str] | None = None
    """tmux's options by name; None outside of it."""
    is_screen: bool = False
    """GNU screen is around it."""

    @property
    def colours(self) -> str:
        """How many a board has here."""
        if self.no_color:
            return "none (NO_COLOR)"
        if self.colorterm in ("truecolor", "24bit"):
            return "24 bit"
        return "256" if "256" in self.term or self.term.endswith("-direct") else "16"


def look() -> Terminal:
    """Ask the environment, the terminal itself and tmux; takes a second at the most where nobody answers."""
    size = shutil.get_terminal_size()
    is_one = sys.stdin.isatty() and sys.stdout.isatty()
    around = Terminal(
        is_one=is_one,
        term=os.environ.get("TERM", ""),
        colorterm=os.environ.get("COLORTERM", ""),
        no_color=bool(os.environ.get("NO_COLOR")),
        encoding=sys.stdout.encoding or "",
        columns=size.columns,
        lines=size.lines,
        tmux=_tmux() if os.environ.get("TMUX") else None,
        is_screen=bool(os.environ.get("STY")),
    )
    return understood(around, _answers()) if is_one and around.term not in ("", "dumb") else around


def _answers() -> bytes:
    """What the terminal says to our questions, until it has said what it is or time is up."""
    if termios is None:
        return b""
    said = b""
    with suppress(OSError, termios.error):
        device = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
        before = termios.tcgetattr(device)
        try:
            tty.setraw(device)
            os.write(device, _QUESTIONS)
            end = time.monotonic() + ANSWER_S
            while not _LAST.search(said) and (left := end - time.monotonic()) > 0:
                if select.select([device], [], [], left)[0]:
                    said += os.read(device, 4096)
        finally:
            termios.tcsetattr(device, termios.TCSAFLUSH, before)  # an answer that is late is no key
            os.close(device)
    return said


def understood(terminal: Terminal, said: bytes) -> Terminal:
    """`terminal` with what it says of itself; as it was when it has not said what it is."""
    if (last := _LAST.search(said)) is None:
        return terminal
    modes = {found[1]: found[2] in (b"1", b"2", b"3") for found in _MODE.finditer(said)}
    name, ground = _NAME.search(said), _GROUND.search(said)
    return replace(
        terminal,
        name=name[1].decode("ascii", "replace") if name else None,
        has_sync=modes.get(b"2026", False),
        has_focus=modes.get(b"1004", False),
        has_clipboard=_CLIPBOARD in last[1].split(b";"),
        ground="#" + b"".join(ground.groups()).decode().lower() if ground else None,
    )


def _tmux() -> Mapping[str, str]:
    """tmux's options by name, those left out that it does not know; empty when it does not answer."""
    asked = "\t".join(f"#{{{name}}}" for name in _OPTIONS)
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            ["tmux", "display-message", "-p", asked], capture_output=True, text=True, timeout=TMUX_S, check=True
        )  # fmt: skip
        values = done.stdout.rstrip("\n").split("\t")
        if len(values) == len(_OPTIONS):
            return {name: value for name, value in zip(_OPTIONS, values, strict=True) if value}
    return {}


# --- what it means ----------------------------------------------------------------------------------------------


def findings(terminal: Terminal, keys: Mapping[str, str]) -> Iterator[Finding]:
    """What is well and what could be better; `keys` are the board's actions by key, as Textual names keys."""
    if not terminal.is_one:
        yield _warn("terminal", "no terminal here: `slaboard` prints one board instead of opening it")
    yield from _itself(terminal)
    yield from _colours(terminal)
    if terminal.tmux is None:
        yield from _plain(terminal)
    else:
        yield from _in_tmux(terminal, terminal.tmux, keys)


def _ok(about: str, text: str, do: str = "") -> Finding:
    return Finding("ok", about, text, do)


def _warn(about: str, text: str, do: str = "") -> Finding:
    return Finding("warn", about, text, do)


def _itself(terminal: Terminal) -> Iterator[Finding]:
    named = f" ({terminal.name})" if terminal.name else ""
    term = terminal.term or "(TERM is not set)"
    size = f"{terminal.columns}x{terminal.lines}"
    yield _ok("terminal", f"terminal {term}{named}, {size}, colours: {terminal.colours}")
    if terminal.term in ("", "dumb"):
        what = f"TERM is {terminal.term or 'not set'}, so the board prints itself once instead of opening"
        yield _warn("terminal", what, "In a real terminal: export TERM=xterm-256color")
    if "UTF8" not in terminal.encoding.upper().replace("-", ""):
        what = f"the terminal's encoding is {terminal.encoding or 'unknown'}, not UTF-8: some characters will be wrong"
        yield _warn("terminal", what, "export LANG=C.UTF-8")
    if terminal.is_screen:
        yield _ok("terminal", "screen keeps ctrl+a for itself, and passes neither the clipboard nor notifications on")


def _colours(terminal: Terminal) -> Iterator[Finding]:
    if terminal.no_color:
        yield _ok("terminal", "NO_COLOR is heeded: zones are letters and places, bold and reverse")
    elif terminal.colours == "16" and terminal.term not in ("", "dumb"):
        more = "If it has more: export TERM=xterm-256color, or COLORTERM=truecolor"
        yield _warn("terminal", "16 colours only: orange and yellow come near each other", more)
    if terminal.ground is not None:
        red, green, blue = (int(terminal.ground[at : at + 2], 16) for at in (1, 3, 5))
        kind = "light" if 0.299 * red + 0.587 * green + 0.114 * blue > 128 else "dark"
        yield _ok("terminal", f"its background is {terminal.ground}, a {kind} one: slaboard themes lists those for it")


def _plain(terminal: Terminal) -> Iterator[Finding]:
    """Outside of tmux: what the terminal has said of itself."""
    if terminal.has_sync is not None:
        yield _sync(terminal, "terminal", "not offered")
        focus = "told" if terminal.has_focus else "not told"
        yield _ok("terminal", f"focus events are {focus}; the board needs none")
        if terminal.has_clipboard:
            yield _ok("terminal", "the clipboard takes what is copied on the board (OSC 52)")
        else:
            yield _ok(
                "terminal", "whether the clipboard takes what is copied on the board (OSC 52) is not said; most do"
            )
    if terminal.is_one:
        yield _ok("terminal", r"the bell is the terminal's own: printf '\a' tries it")


def _sync(terminal: Terminal, about: str, otherwise: str) -> Finding:
    offered = "offered: pictures appear whole" if terminal.has_sync else f"{otherwise}: only changed lines are drawn"
    return _ok(about, f"synchronized output is {offered}")


def _in_tmux(terminal: Terminal, options: Mapping[str, str], keys: Mapping[str, str]) -> Iterator[Finding]:
    if not options:
        yield _warn("tmux", "TMUX is set, but tmux does not answer", "Is the server of this pane still there?")
        return
    yield _ok("tmux", f"tmux {options.get('version', 'of an unknown version')}")
    if not terminal.term.startswith(("tmux", "screen")):
        what = f"TERM is {terminal.term or 'not set'}, but tmux is no such terminal: keys and colours may be wrong"
        yield _warn("tmux", what, "In ~/.tmux.conf: set -g default-terminal tmux-256color")
    if not terminal.no_color and terminal.colours != "24 bit":
        yield _tmux_colours(options)
    yield _sync(terminal, "tmux", "not offered by this tmux (newer ones than 3.6 do)")
    yield from _tmux_keys(options, keys)
    yield from _tmux_channels(options)


def _tmux_colours(options: Mapping[str, str]) -> Finding:
    if "RGB" in options.get("client_termfeatures", "").split(","):
        return _ok("tmux", "tmux passes 24-bit colours on, but 256 are used", "For all: export COLORTERM=truecolor")
    more = "in ~/.tmux.conf: set -as terminal-features ',*:RGB' and in the shell: export COLORTERM=truecolor"
    return _ok("tmux", "tmux shows 256 colours", f"For all, where the terminal has them, {more}")


def _tmux_keys(options: Mapping[str, str], keys: Mapping[str, str]) -> Iterator[Finding]:
    escape = options.get("escape-time", "")
    if escape.isdecimal() and int(escape) > SLOW_ESCAPE_MS:
        what = f"escape-time is {escape}: tmux waits so many milliseconds behind each esc"
        yield _warn("tmux", what, "In ~/.tmux.conf: set -sg escape-time 20; q does the same as esc without the wait")
    elif escape:
        yield _ok("tmux", f"escape-time is {escape}: esc is quick")
    for name in ("prefix", "prefix2"):
        key = _key(options.get(name, ""))
        if key in keys:
            what = f"{key} is tmux's {name}, so `{keys[key]}` hears it only when it is pressed twice"
            yield _warn("tmux", what, "Give that action another key: slaboard config edit")
    where = "reaches the board" if _is_on(options.get("mouse", "")) else "stays with tmux; for clicks: set -g mouse on"
    yield _ok("tmux", f"the mouse {where}")


def _tmux_channels(options: Mapping[str, str]) -> Iterator[Finding]:
    """What reaches the terminal around tmux: focus, the clipboard, notifications, the bell."""
    focus = "told" if _is_on(options.get("focus-events", "")) else "not told"
    yield _ok("tmux", f"focus events are {focus}; the board needs none")
    clipboard = options.get("set-clipboard", "")
    if clipboard == "off":
        what = "set-clipboard is off: what is copied on the board stays in tmux (prefix ] pastes it)"
        yield _warn("tmux", what, "For the clipboard: set -s set-clipboard external")
    elif clipboard:
        yield _ok("tmux", f"set-clipboard is {clipboard}: what is copied goes into tmux and to the clipboard")
    if _is_on(options.get("allow-passthrough", "")):
        yield _ok("tmux", "allow-passthrough is on: desktop notifications (OSC 9) reach the terminal")
    else:
        what = "allow-passthrough is off: desktop notifications (OSC 9) stay in tmux; the bell does not"
        yield _ok("tmux", what, "Only for those: set -g allow-passthrough on")
    bell = options.get("bell-action", "any")
    if bell == "none" or not _is_on(options.get("monitor-bell", "1")):
        what = "tmux hides the bell, so a board in another window cannot call anybody"
        yield _warn("tmux", what, "In ~/.tmux.conf: set -g bell-action any, and setw -g monitor-bell on")
    else:
        yield _ok("tmux", f"bell-action is {bell}: the bell is heard and marks the board's window")


def _is_on(value: str) -> bool:
    return value in ("1", "on", "all")


def _key(name: str) -> str:
    """tmux's name of a key as Textual's: `C-b` as `ctrl+b`."""
    modifiers = {"C-": "ctrl+", "M-": "alt+", "S-": "shift+"}
    prefix = ""
    while name[:2] in modifiers and len(name) > 2:
        prefix, name = prefix + modifiers[name[:2]], name[2:]
    return prefix + name.lower() if prefix else name
