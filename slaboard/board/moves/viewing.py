"""Saved views on the board: picked by number or arrow, saved, renamed and deleted. Pure; the app does the writing."""

from __future__ import annotations

from msgspec.structs import replace

from slaboard.board import saved
from slaboard.board.moves.choosing import turned_by, viewed
from slaboard.board.moves.effect import Effect, Keep
from slaboard.board.moves.entry import Line, edited, pasted
from slaboard.board.moves.session import Session
from slaboard.board.moves.step import outcome, touched
from slaboard.board.saved import SavedView, in_order, named
from slaboard.board.state import Board, Mode, Prompt
from slaboard.board.views import Tab

PICK, SAVE, SAVE_TEAM, RENAME, DELETE = "views", "views.save", "views.team", "views.rename", "views.delete"
Result = tuple[Session, Effect | Keep | None]
_TITLES = {
    SAVE: "Save what is shown as a view of yours", SAVE_TEAM: "Save what is shown as a view of the team",
    RENAME: "Rename {}", DELETE: "Delete {}?",
}  # fmt: skip


def asked(session: Session, ms: int) -> Result:
    """Ask the app to read one's own views; `opened` shows them."""
    return touched(session, ms), Effect.VIEWS


def opened(session: Session, own: tuple[SavedView, ...], problems: tuple[str, ...]) -> Session:
    """The views to pick from, one's own first; `problems` says which files cannot be used."""
    board = replace(session.board, views=own, view_problems=problems, mode=Mode.VIEWS, outcome=None)
    return replace(session, board=replace(board, prompt=Prompt(PICK, "", "Saved views")))


def offered(board: Board) -> tuple[SavedView, ...]:
    """All of them in the order in which they are shown."""
    return in_order((*board.views, *board.team_views))


def current(board: Board, name: str, *, is_team: bool = False) -> SavedView:
    """What the board shows now, as a view."""
    return SavedView(name, board.filter_text.strip(), board.view.tab, board.view.sort, board.pivot, is_team)


def pressed(session: Session, key: str, character: str | None) -> Result:
    """What `key` does while views are shown or a name is typed."""
    prompt = session.board.prompt
    if prompt is None or key == "escape":
        return _closed(session), None
    if prompt.verb == PICK:
        return _picking(session, prompt, key, character)
    if prompt.verb == DELETE:
        return _deleting(session, prompt, character)
    if key == "enter":
        return _named(session, prompt)
    line = edited(prompt.text, prompt.back, key, character)
    return (session if line is None else _typed(session, prompt, line)), None


def paste(session: Session, text: str) -> Session:
    """`text` in the name that is typed."""
    prompt = session.board.prompt
    if prompt is None or prompt.verb in (PICK, DELETE):
        return session
    return _typed(session, prompt, pasted(prompt.text, prompt.back, text))


# --- picking ----------------------------------------------------------------------------------------------------


def _picking(session: Session, prompt: Prompt, key: str, character: str | None) -> Result:
    found = offered(session.board)
    steps = {"up": -1, "k": -1, "shift+tab": -1, "down": 1, "j": 1, "tab": 1}
    if key in steps and found:
        return _asking(session, replace(prompt, chosen=(prompt.chosen + steps[key]) % len(found))), None
    if character in ("q", "v"):
        return _closed(session), None
    if character in ("s", "t"):
        return _begun(session, SAVE if character == "s" else SAVE_TEAM), None
    place = int(character) - 1 if character and character in "123456789" else prompt.chosen
    if not 0 <= place < len(found):
        return session, None
    if key == "enter" or (character and character in "123456789"):
        return shown(_closed(session), found[place]), None
    if character in ("r", "d"):
        return _begun(session, RENAME if character == "r" else DELETE, found[place]), None
    return session, None


def _begun(session: Session, verb: str, view: SavedView | None = None) -> Session:
    """Ask for the name, or whether it shall go; a board that is only looked at changes nothing of the team's."""
    board = session.board
    is_team = verb == SAVE_TEAM if view is None else view.is_team
    if is_team and (board.read_only or board.freshness.is_stale(board.now)):
        return outcome(_closed(session), "NO", "The team's views are in the store, which cannot be written from here.")
    name = "" if view is None else view.name
    title = _TITLES[verb].format(name)
    about = current(board, "").about if view is None else view.about
    prompt = Prompt(verb, "", title, about, text=name if verb == RENAME else "", owner=name, default=name)
    return _asking(session, replace(prompt, choices=("team",) if is_team else ()))


def shown(session: Session, view: SavedView) -> Session:
    """The board as the view has it: list, filter, order and grid."""
    board = session.board
    if view.tab is Tab.MINE and (board.shared or board.person is None):
        return outcome(session, "NO", "Nobody acts on this screen, so it has no tickets of mine.")
    session = turned_by(session, view.pivot)
    board = replace(session.board, filter_text=view.filter, filter_back=0)
    session = viewed(replace(session, board=board), view.view(board.person), stay=False)
    return outcome(session, "OK", f"{view.name}: {view.about}")


# --- naming and deleting ----------------------------------------------------------------------------------------


def _named(session: Session, prompt: Prompt) -> Result:
    """The name that was typed; one that is taken is only used when it is said again."""
    name, board = " ".join(prompt.text.split()), session.board
    if not name:
        return session, None
    if problem := saved.name_problem(name):
        return _asking(session, replace(prompt, hint=problem)), None
    is_team = bool(prompt.choices)
    there = named((view for view in offered(board) if view.is_team is is_team), name)
    is_itself = prompt.verb == RENAME and saved.is_same(name, prompt.default)
    if there is not None and not is_itself and prompt.verb == RENAME:
        return _asking(session, replace(prompt, hint=f"{there.name} is there already: choose another name")), None
    if there is not None and not is_itself and prompt.said != name:
        hint = f"{there.name} is there already: enter again puts this in its place"
        return _asking(session, replace(prompt, hint=hint, said=name)), None
    if prompt.verb == RENAME:
        before = named((view for view in offered(board) if view.is_team is is_team), prompt.default)
        return _closed(session), Keep("rename", before or SavedView(prompt.default), name) if before else None
    return _closed(session), Keep("save", current(board, name, is_team=is_team), who=board.person or "")


def _deleting(session: Session, prompt: Prompt, character: str | None) -> Result:
    if character in ("n", "q"):
        return _closed(session), None
    if character != "y":
        return session, None
    is_team = bool(prompt.choices)
    view = named((view for view in offered(session.board) if view.is_team is is_team), prompt.default)
    return _closed(session), None if view is None else Keep("remove", view)


def _typed(session: Session, prompt: Prompt, line: Line) -> Session:
    text, back = line
    return _asking(session, replace(prompt, text=text[: saved.MAX_NAME], back=back, hint="", said=None))


def _asking(session: Session, prompt: Prompt) -> Session:
    return replace(session, board=replace(session.board, prompt=prompt))


def _closed(session: Session) -> Session:
    return replace(session, board=replace(session.board, mode=Mode.BOARD, prompt=None))
