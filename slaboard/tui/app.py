"""The board as a program: keys and the feed's reports in, lines out. What they mean is decided in `slaboard.board`."""

from __future__ import annotations

import os
from contextlib import suppress

from msgspec.structs import replace
from textual import events
from textual.app import App, ComposeResult

from slaboard import themefile, viewfile
from slaboard.board.errand import Answer
from slaboard.board.moves import (
    acting,
    asking,
    exporting,
    noting,
    pointer,
    press,
    proving,
    seeing,
    step,
    travel,
    trending,
    viewing,
)
from slaboard.board.moves.acting import Acts
from slaboard.board.moves.effect import Browse, Copy, Export, Keep, Proof
from slaboard.board.moves.session import Session
from slaboard.board.render import render
from slaboard.board.sight import Refresh, Sight
from slaboard.board.state import Board, Mode
from slaboard.board.theme import Parsed
from slaboard.board.trends import Counted
from slaboard.errors import SlaboardError
from slaboard.follow.absence import Absence
from slaboard.follow.feed import Acted, Entered, Proved, Report, Trouble
from slaboard.host import crash, machine, place
from slaboard.store.base import Act
from slaboard.text import clean
from slaboard.ticket import PROMISES
from slaboard.tui import chore, seamless, start, terminal
from slaboard.tui.belfry import Belfry
from slaboard.tui.courier import Courier, Delivery
from slaboard.tui.messages import Delivered, Heard, Redressed
from slaboard.tui.overture import NIGHT, Overture, homely, is_dim, ms
from slaboard.tui.tailor import Tailor
from slaboard.tui.widgets.palette import Palette
from slaboard.tui.widgets.sheet import Sheet

WHEEL_LINES = 3
SPREAD_S = 0.2
"""Boards of one host tick within so long after a second began: twenty at once keep two cores busy for 60 ms."""
ANSWER_S = 0.05
"""For so long the screen waits for what becomes of an act: painting before that would only delay it."""


def run(overture: Overture) -> int:
    """Show the board until somebody leaves it; the exit code."""
    app = BoardApp(overture)
    try:
        app.run(mouse=overture.settings.mouse)
    finally:
        if app.titled is not None:
            terminal.say(terminal.GIVE_TITLE_BACK)
    if app.obituary is not None:
        terminal.say(f"{app.obituary}\n")
    return app.return_code or 0


class BoardApp(App[None], inherit_bindings=False):
    """One screen of lines over one feed. There is no other widget, no focus and no animation."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    AUTO_FOCUS = None
    CSS = "Screen { background: transparent; overflow: hidden; }"

    def __init__(self, overture: Overture) -> None:
        # Native ANSI: a colour that a theme leaves out is the terminal's own, and with NO_COLOR there is none at all.
        curtain = overture.curtain
        driver = seamless.driver_for(curtain) if curtain is not None and curtain.is_ours else None
        super().__init__(ansi_color=True, driver_class=driver)
        self.settings = overture.settings
        self.titled: str | None = None
        """The window's title, once it is ours."""
        self.obituary: str | None = None
        """What to say when the board has ended by itself."""
        self._overture = overture
        self._clock, self._keys, self._feed = overture.clock, overture.keys, overture.feed
        self._session = overture.session
        self._sheet = Sheet(Palette(overture.dress))
        self._theme, self._is_night = overture.theme, overture.is_night
        self._tailor = Tailor(overture.settings.theme, self._redress)
        self._belfry = Belfry(overture.settings.alerts, self._sound)
        self._courier = Courier(overture.settings.browser, self._delivered)
        self._absence: Absence | None = None
        self._sight: Sight | None = None
        self._logged: set[str] = set()
        self._late_s = os.getpid() % 23 / 23 * SPREAD_S

    @property
    def board(self) -> Board:
        """What is shown."""
        return self._session.board

    @property
    def lines(self) -> list[str]:
        """What is shown, as text."""
        return self._sheet.text()

    # --- the app's life ---------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """The one widget."""
        yield self._sheet

    def on_mount(self) -> None:
        """Go on from what the overture has shown; the first picture does not wait for the store."""
        terminal.on_signals(lambda code: self.exit(return_code=code))
        self.app_resume_signal.subscribe(self, lambda _: self._sheet.refresh())
        reports = self._overture.give_way(self._post)
        self._session = self._overture.session
        for report in reports:
            self._take(report)
        self._tick()
        if self._overture.asked_to_leave is not None:
            self.exit(return_code=self._overture.asked_to_leave)
        if not terminal.without_colours():
            self._tailor.start()

    def on_board_resized(self) -> None:
        """The same board at another size."""
        self._paint()

    def on_unmount(self) -> None:
        """Let go of the store."""
        self._feed.close()
        self._tailor.close()

    def _post(self, report: Report) -> None:
        with suppress(RuntimeError):  # the loop has ended while the feed was still reading
            self.post_message(Heard(report))

    def _dim(self) -> None:
        """The night's theme on a wallboard at night, one's own at any other time."""
        is_night = is_dim(self.board)
        if is_night != self._is_night:
            self._is_night = is_night
            self._sheet.dress(Palette(themefile.load(NIGHT)[0] if is_night else self._theme))

    def _redress(self, found: Parsed) -> None:
        with suppress(RuntimeError):
            self.post_message(Redressed(found))

    def on_board_redressed(self, message: Redressed) -> None:
        """The new colours; with a mistake in the file the old ones stay and it is said."""
        if message.found.theme is not None:
            self._theme = message.found.theme
            if not self._is_night:
                self._sheet.dress(Palette(self._theme))
        self._session = step.outcome(self._session, "NOTE", "The theme is as its file says now.")
        if message.found.problems:
            self._session = noting.added(self._session, tuple(message.found.problems))
        self._paint()

    def _delivered(self, delivery: Delivery) -> None:
        with suppress(RuntimeError):
            self.post_message(Delivered(delivery))

    def on_board_delivered(self, message: Delivered) -> None:
        """What was copied or opened, and how; some of it only the terminal can do."""
        delivery = message.delivery
        if delivery.sequence and self._driver is not None:
            self._driver.write(delivery.sequence)
        self._session = step.outcome(self._session, delivery.word, delivery.text)
        self._paint()

    def _tick(self) -> None:
        """Every second of the wall clock, soon after it begins: the one timer of the board."""
        now = self._clock()
        session = step.ticked(self._session, int(now), self._feed.age_s(), ms())
        self._session = self._belfry.ring(travel.driven(asking.remembered(session)))
        self._feed.tick()
        self._dim()
        self._paint()
        self.set_timer(1.0 - (now - self._late_s) % 1 + 0.001, self._tick)

    # --- what comes from the store ----------------------------------------------------------------------------

    def on_board_heard(self, message: Heard) -> None:
        """Show what the feed says."""
        self._take(message.report)
        self._paint()

    def _take(self, report: Report) -> None:
        if isinstance(report, Refresh):
            self._seen(report)
        elif isinstance(report, Acted):
            if report.seen is not None:
                self._seen(report.seen)
            self._session = _outcome(self._session, report)
        elif isinstance(report, Proved):
            self._session, acts = _proved(self._session, report)
            self._act(acts or ())
        elif isinstance(report, Trouble):
            self._session = _troubled(self._session, report)
            self._write_down(report.cause)
        elif isinstance(report, Counted):
            self._session = trending.counted(self._session, report)
        elif isinstance(report, Entered):
            self._session = self._belfry.heard(self._session, report.burst)
        elif isinstance(report, Absence):
            self._absence = report

    def _seen(self, seen: Refresh) -> None:
        self._absence = None
        self._session = seeing.refreshed(self._session, seen, ms())

    def _write_down(self, cause: Exception | None) -> None:
        if cause is not None and repr(cause) not in self._logged:
            self._logged.add(repr(cause))
            crash.crash_log(cause, int(self._clock()))

    def _sound(self, sequence: str) -> None:
        """Straight to the terminal, beside what is painted."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(sequence)

    # --- what comes from the hands ----------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Keys and pasted text are ours alone; everything else is Textual's."""
        if isinstance(event, events.Key):
            self._pressed(event)
        elif isinstance(event, events.Paste):
            self._session = press.paste(self._session, event.text)
            self._paint()
        else:
            await super().on_event(event)

    def _pressed(self, event: events.Key) -> None:
        if event.key == "ctrl+z":
            self.action_suspend_process()
            return
        if (
            (absence := self._absence) is not None
            and self.board.mode is not Mode.NOTES
            and (self._choose(absence, event.character) or not self._is_of_use(event.key))
        ):
            return
        character = event.character if event.is_printable else None
        self._session, effect = press.press(self._session, event.key, character, self._keys.actions, ms())
        if isinstance(effect, tuple):
            self._act(effect)
            self._look()
            self.set_timer(ANSWER_S, self._paint)
            return
        if effect is press.Effect.QUIT:
            self.exit()
        elif effect is press.Effect.RELOAD:
            self._feed.reload()
            self._sheet.refresh()  # all of it: whatever else wrote on the screen goes
        elif effect is press.Effect.MOUSE:
            self._session = step.outcome(self._session, "OK", terminal.switched_mouse(self._driver))
        elif effect is press.Effect.VIEWS:
            own = viewfile.load()
            self._session = viewing.opened(self._session, own.views, tuple(map(homely, own.problems)))
        elif isinstance(effect, Export) and not effect.replaces and place.is_taken(effect.file):
            self._session = exporting.refused(self._session, effect)
        elif isinstance(effect, Keep | Export):
            chore.begin(effect, self._feed.path, int(self._clock()), self._delivered)
        elif isinstance(effect, Proof):
            self._feed.prove(effect.name, effect.digits, effect.number)
        elif isinstance(effect, Copy | Browse):
            self._courier.take(effect)
        self._paint()

    def _act(self, acts: Acts) -> None:
        if not acts:
            return
        via = machine.via("personal" if not self.settings.shared else "PIN shared" if acts[0].is_proven else "shared")
        made = (
            Act(a.verb, a.ticket, a.who, text=a.text, changes=dict(a.changes) or None, via=via, seq=a.seq) for a in acts
        )
        self._feed.act(*made)

    def _choose(self, absence: Absence, character: str | None) -> bool:
        """A key of the start screen; False for keys that mean the same everywhere."""
        if character not in {key for key, _ in start.choices(absence)}:
            return False
        if character == "n":
            self._feed.create(self.settings.person or machine.via("board"))
        elif character == "o" and absence.suggestion is not None:
            self._feed.open(absence.suggestion)
            board = replace(self.board, store_name=clean(absence.suggestion.stem), store_path=str(absence.suggestion))
            self._session = replace(self._session, board=board)
        elif character == "r":
            self._feed.reload()
        else:
            self._session = step.outcome(self._session, "DEMO", start.DEMO)
        self._paint()
        return True

    def _is_of_use(self, key: str) -> bool:
        """False on the start screen for keys of a board that is not there: a filter would be typed unseen."""
        return key == "ctrl+q" or self._keys.actions.get(key) in ("back", "quit", "reload")

    def on_click(self, event: events.Click) -> None:
        """A click selects what is under it and never changes anything."""
        x, y = int(event.screen_x), int(event.screen_y)
        if self._absence is None and 0 <= y < len(self.lines):
            self._session = pointer.clicked(self._session, x, y, self.lines[y], ms())
            self._paint()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls what is under it."""
        self._wheel(event, WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls what is under it."""
        self._wheel(event, -WHEEL_LINES)

    def _wheel(self, event: events.MouseEvent, lines: int) -> None:
        self._session = pointer.wheeled(self._session, int(event.screen_x), int(event.screen_y), lines, ms())
        self._paint()

    # --- painting ---------------------------------------------------------------------------------------------

    def _paint(self) -> None:
        """Show the session: read what it misses, paint what has changed."""
        width, height = self._sheet.size
        if not width or not height:
            return
        self._look()
        if self._absence is not None and self.board.mode is not Mode.NOTES:
            lines = start.lines(self._absence, self.board, self.settings.store_from, width, height)
        else:
            lines = render(self.board, width, height)
        self._sheet.show(lines)
        self._entitle()

    def _look(self) -> None:
        """Fit the session to the screen, and read what it misses."""
        width, height = self._sheet.size
        self._session = step.fitted(self._session, width, height)
        sight = step.sight(self._session)
        if sight != self._sight:
            self._sight = sight
            self._feed.look(sight)

    def _entitle(self) -> None:
        """The window's title: the counts, in tmux's window list a board of its own. Written only when it changes."""
        grid = self.board.grid
        if self._driver is None or self.is_headless or grid is None or not terminal.has_title():
            return
        red, orange, yellow = (sum(grid.row(bucket)[column] for bucket in PROMISES) for column in (3, 2, 1))
        past = "PAST " if self.board.past_at is not None else ""
        text = f"{past}R{red} O{orange} Y{yellow} {self.board.store_name}"
        if text != self.titled:
            keep = terminal.KEEP_TITLE if self.titled is None else ""
            self.titled = text
            self._driver.write(keep + terminal.title(text))

    # --- ending badly -----------------------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        """Textual would print the values of variables: tickets, on a screen that everybody sees."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error  # Pilot raises it again
            self._exception_event.set()
            log = crash.crash_log(error, int(self._clock()))
            self.obituary = crash.obituary(error, log)
        self._close_messages_no_wait()


def _outcome(session: Session, report: Acted) -> Session:
    act, result = report.act, report.result
    if isinstance(result, SlaboardError):
        answer = Answer(act.ticket, result.word, str(result))
    else:
        answer = Answer(act.ticket, "OK", result.text, result.seq)
    return acting.answered(session, act.verb, act.who, answer)


def _proved(session: Session, report: Proved) -> tuple[Session, Acts | None]:
    result = report.result
    if isinstance(result, SlaboardError):
        said = step.outcome(asking.cancelled(session), result.word, str(result))
        return (said if proving.awaits(session, report.number) else session), None
    return asking.proven(session, report.number, None if result.ok else result.sentence, result.wait_s)


def _troubled(session: Session, report: Trouble) -> Session:
    freshness = replace(session.board.freshness, error=report.sentence, attempt=report.attempt, retry_s=report.retry_s)
    return replace(session, board=replace(session.board, freshness=freshness))
