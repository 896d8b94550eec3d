"""What a key does: every mode's keys, from one session to the next. Pure; the screen carries out what comes beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from slaboard.board import keys
from slaboard.board.moves import (
    alerting,
    answering,
    asking,
    choosing,
    exporting,
    going,
    link,
    marks,
    noting,
    palette,
    step,
    travel,
    trending,
    viewing,
    walling,
)
from slaboard.board.moves.acting import Acts
from slaboard.board.moves.effect import Effect as Effect
from slaboard.board.moves.effect import Wish
from slaboard.board.moves.entry import Line, edited, pasted
from slaboard.board.moves.session import Session
from slaboard.board.state import Focus, Mode
from slaboard.board.verb import VERBS
from slaboard.board.views import Tab
from slaboard.text import clean
from slaboard.ticket import Zone

TWICE_MS = 2_000
"""Within this time the second press of the quit key counts."""
MAX_FILTER = 200
"""What may be typed of a filter, in characters."""
FAR = 1_000_000_000
"""Further than any list is long."""


Result = tuple[Session, Acts | Wish | None]
Move = Callable[[Session, int], Result]


def press(session: Session, key: str, character: str | None, bound: Mapping[str, str], ms: int) -> Result:
    """What `key` does now. `character` is what it prints, `bound` the actions by key, `ms` the press's instant."""
    action = bound.get(key)
    if key == "ctrl+q":
        return session, Effect.QUIT
    if action == "quit":
        return _parting(session, ms)
    session, effect = _in_mode(asking.heard(session), key, character, action, ms)
    if isinstance(effect, tuple):  # whoever acts sees what becomes of it where it was
        session = step.touched(session, ms)
    return session, effect


def _in_mode(session: Session, key: str, character: str | None, action: str | None, ms: int) -> Result:
    mode = session.board.mode
    if mode is Mode.FILTER:
        return _filtering(session, key, character, ms), None
    if mode is Mode.VIEWS:
        return viewing.pressed(session, key, character)
    if mode is Mode.EXPORT:
        return exporting.pressed(session, key, character)
    if mode is Mode.COMMANDS:
        return _commanding(session, key, character, ms)
    if mode.is_asking:
        return answering.pressed(session, key, character, ms)
    if mode is Mode.WALL:
        return _on_wall(session, action)
    if mode is Mode.TRENDS:
        return _on_trends(session, action)
    if mode is Mode.NOTES:
        return noting.pressed(session, action, _steps(session, action or "")), None
    if action is None:
        return session, None
    if mode.is_reading:
        return _reading(session, action), None
    return _ACTIONS[action](session, ms)


def paste(session: Session, text: str) -> Session:
    """`text` as if typed where something is being typed, else nothing: pasted letters are no keys."""
    board = session.board
    text = clean(" ".join(text.split()), limit=MAX_FILTER)
    if board.mode is Mode.FILTER:
        return choosing.filtered(session, *_capped(pasted(board.filter_text, board.filter_back, text)))
    if board.mode is Mode.VIEWS:
        return viewing.paste(session, text)
    if board.mode is Mode.EXPORT:
        return exporting.paste(session, text)
    if board.mode.is_typing and board.prompt is not None:
        return asking.typed(asking.heard(session), pasted(board.prompt.text, board.prompt.back, text))
    return session


def _parting(session: Session, ms: int) -> Result:
    if session.parting_ms is not None and ms - session.parting_ms <= TWICE_MS:
        return session, Effect.QUIT
    cap = keys.cap("quit", session.board.keys)
    return step.outcome(replace(session, parting_ms=ms), "QUIT?", f"press {cap} again to quit"), None


# --- typing -----------------------------------------------------------------------------------------------------


def _filtering(session: Session, key: str, character: str | None, ms: int) -> Session:
    board = session.board
    if key == "escape" or (key == "backspace" and not board.filter_text):
        return _mode(choosing.filtered(session, ""), Mode.BOARD)
    if key == "enter":
        return _mode(session, Mode.BOARD)
    steps = {"up": -1, "down": 1, "pageup": -session.rows, "pagedown": session.rows}
    if key in steps:
        return step.by(session, steps[key], ms)
    line = edited(board.filter_text, board.filter_back, key, character)
    return session if line is None else choosing.filtered(session, *_capped(line))


def _commanding(session: Session, key: str, character: str | None, ms: int) -> Result:
    """The palette: typing finds, arrows choose, `enter` does."""
    prompt = session.board.prompt
    if prompt is None or key == "escape" or (key == "backspace" and not prompt.text):
        return palette.closed(session), None
    steps = {"up": -1, "ctrl+p": -1, "shift+tab": -1, "down": 1, "ctrl+n": 1, "tab": 1}
    if key in steps:
        return palette.stepped(session, steps[key]), None
    if key == "enter":
        return _commanded(session, ms)
    line = edited(prompt.text, prompt.back, key, character)
    return (session if line is None else asking.typed(session, line)), None


def _commanded(session: Session, ms: int) -> Result:
    """The chosen command, as if its key had been pressed when the palette was opened."""
    action, prompt = palette.chosen(session.board), session.board.prompt
    if action is None or prompt is None:
        return session, None
    session = palette.closed(session, action)
    if action.id == "quit":
        return session, Effect.QUIT
    board = session.board
    if action.group is keys.Group.ACT and not board.marks and board.cursor != (prompt.ticket or None):
        return step.outcome(
            session, "MOVED", "another ticket came under the cursor meanwhile. Nothing was changed."
        ), None
    return _ACTIONS[action.id](session, ms)


def _capped(line: Line) -> Line:
    text, back = line
    return text[:MAX_FILTER], back


def _mode(session: Session, mode: Mode) -> Session:
    return replace(session, board=replace(session.board, mode=mode, help_top=0, reason_of=None, reason=None))


# --- moving -----------------------------------------------------------------------------------------------------


def _steps(session: Session, action: str) -> int | None:
    """How many lines a move action goes down, None for any other action."""
    page = max(1, session.rows)
    return {
        "move.down": 1,
        "move.up": -1,
        "move.half_down": max(1, page // 2),
        "move.half_up": -max(1, page // 2),
        "move.page_down": page,
        "move.page_up": -page,
        "move.top": -FAR,
        "move.bottom": FAR,
    }.get(action)


def _mover(action: str) -> Move:
    """The move of `action` in the list, the grid or the detail, wherever the hands are."""

    def move(session: Session, ms: int) -> Result:
        lines, board = _steps(session, action) or 0, session.board
        if board.focus is Focus.GRID:
            return step.to_cell(session, lines, 0), None
        if board.focus is Focus.DETAIL:
            return replace(session, board=replace(board, detail_top=max(0, board.detail_top + lines))), None
        return step.by(session, lines, ms), None

    return move


def _sideways(columns: int) -> Move:
    def move(session: Session, ms: int) -> Result:
        return (step.to_cell(session, 0, columns) if session.board.focus is Focus.GRID else session), None

    return move


def _reading(session: Session, action: str) -> Session:
    """The help, the reasons: they scroll, and go when they are asked for again or one goes back."""
    if action in ("back", "help", "reason", "open"):
        return _mode(session, Mode.BOARD)
    lines, board = _steps(session, action), session.board
    return session if lines is None else replace(session, board=replace(board, help_top=max(0, board.help_top + lines)))


# --- the board's actions ----------------------------------------------------------------------------------------


def _open(session: Session, ms: int) -> Result:
    focus = session.board.focus
    if focus is Focus.GRID:
        return choosing.drilled(session), None
    return (going.closed(session, ms) if focus is Focus.DETAIL else going.opened(session)), None


def _back(session: Session, ms: int) -> Result:
    if session.board.marks and session.board.focus is Focus.LIST:
        return marks.cleared(session), None
    before = going.back(session, ms)
    if before is None and travel.can_return(session):
        before = travel.to_now(session)
    return (session, Effect.QUIT) if before is None else (before, None)


def _reason(session: Session, ms: int) -> Result:
    ticket = session.board.cursor
    if ticket is None:
        return step.outcome(session, "NO", "No ticket is under the cursor."), None
    reading = _mode(session, Mode.REASON)
    return replace(reading, board=replace(reading.board, reason_of=ticket)), None


def _wall(session: Session, ms: int) -> Result:
    if session.board.past_at is not None:
        return step.outcome(session, "NO", "The wallboard shows the present. Go back to it first."), None
    return walling.entered(session), None


def _on_wall(session: Session, action: str | None) -> Result:
    if action in ("wall", "back"):
        before = walling.left(session)
        return (session, Effect.QUIT) if before is None else (before, None)
    if action == "acknowledge" and session.board.vigil.shown is not None:
        return alerting.acknowledged(session), None
    return (session, Effect.RELOAD) if action == "reload" else (walling.rested(session), None)


def _trends(session: Session, ms: int) -> Result:
    if session.board.past_at is not None:
        return step.outcome(session, "NO", "History ends now. Go back to the present first."), None
    return trending.entered(session), None


def _on_trends(session: Session, action: str | None) -> Result:
    if action == "reload":
        return trending.asked_again(session), Effect.RELOAD
    return trending.pressed(session, action, _steps(session, action or "")), None


def _step(seconds: int) -> Move:
    return lambda session, ms: (travel.stepped(session, seconds), None)


def _mine(session: Session, ms: int) -> Result:
    return choosing.tabbed(session, Tab.NEEDS if session.board.view.tab is Tab.MINE else Tab.MINE), None


def _zone(zone: Zone | None) -> Move:
    return lambda session, ms: (choosing.zoned(session, zone), None)


def _asker(verb: str) -> Move:
    return lambda session, ms: asking.asked(session, verb, ms)


def _filter(session: Session, ms: int) -> Result:
    return _mode(replace(session, board=replace(session.board, focus=Focus.LIST, detail_open=False)), Mode.FILTER), None


_ACTIONS: Mapping[str, Move] = {
    **{verb.id: _asker(verb.id) for verb in VERBS},
    "menu": lambda session, ms: (asking.menu(session, ms), None),
    "mark.toggle": lambda session, ms: (marks.toggled(session, ms), None),
    "mark.invert": lambda session, ms: (marks.inverted(session), None),
    "mark.clear": lambda session, ms: (marks.cleared(session), None),
    "undo": lambda session, ms: asking.undone(session),
    "open": _open,
    **{action.id: _mover(action.id) for action in keys.ACTIONS if action.id.startswith("move.")},
    "move.left": _sideways(-1),
    "move.right": _sideways(1),
    "focus.next": lambda session, ms: (going.focused(session, 1), None),
    "focus.previous": lambda session, ms: (going.focused(session, -1), None),
    "filter": _filter,
    "tab.next": lambda session, ms: (choosing.next_tab(session, 1), None),
    "tab.previous": lambda session, ms: (choosing.next_tab(session, -1), None),
    "mine": _mine,
    **{f"zone.{zone}": _zone(zone) for zone in Zone},
    "zone.all": _zone(None),
    "need.next": lambda session, ms: (choosing.sought(session, 1, ms), None),
    "need.previous": lambda session, ms: (choosing.sought(session, -1, ms), None),
    "sort.next": lambda session, ms: (choosing.sorted_by_next(session), None),
    "sort.reverse": lambda session, ms: (choosing.turned(session), None),
    "pivot": lambda session, ms: (choosing.pivoted(session), None),
    "clocks": lambda session, ms: (choosing.clocked(session), None),
    "views": viewing.asked,
    "export": exporting.asked,
    "pause": lambda session, ms: (going.paused(session, ms), None),
    "follow": lambda session, ms: (going.followed(session, ms), None),
    "zoom": lambda session, ms: (going.zoomed(session), None),
    "reason": _reason,
    "copy": lambda session, ms: link.copied(session),
    "browse": lambda session, ms: link.browsed(session),
    "past.back": _step(-travel.STEP_S),
    "past.on": _step(travel.STEP_S),
    "past.hour_back": _step(-travel.HOUR_S),
    "past.hour_on": _step(travel.HOUR_S),
    "past.play": lambda session, ms: (travel.played(session), None),
    "past.speed": lambda session, ms: (travel.faster(session), None),
    "past.now": lambda session, ms: (travel.to_now(session), None),
    "acknowledge": lambda session, ms: (alerting.acknowledged(session), None),
    "identity": lambda session, ms: (asking.identified(session), None),
    "wall": _wall,
    "history": _trends,
    "reload": lambda session, ms: (session, Effect.RELOAD),
    "mouse": lambda session, ms: (session, Effect.MOUSE),
    "commands": lambda session, ms: (asking.heard(palette.opened(session, ms)), None),
    "notes": lambda session, ms: (noting.opened(session), None),
    "help": lambda session, ms: (_mode(session, Mode.HELP), None),
    "back": _back,
}
"""Every action of `keys.ACTIONS` but `quit`, which works in every mode."""
