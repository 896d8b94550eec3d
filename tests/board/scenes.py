"""The boards that are drawn as pictures, by name."""

from __future__ import annotations

from functools import cache

from msgspec.structs import replace

from slaboard.alerts.alert import Alert, Burst, Entry, Vigil
from slaboard.board.errand import Answer
from slaboard.board.pivot import Pivot, Pivoted, Turned, pivoted
from slaboard.board.saved import SavedView
from slaboard.board.state import Board, Focus, Freshness, Grid, Mode, Outcome, Page, Prompt, Report
from slaboard.board.trends import Figures, Section, Trends
from slaboard.board.verb import WAITS
from slaboard.board.views import Sort, SortBy, Tab, View
from slaboard.board.wall import Claimed, New, Show, Today, Wall
from slaboard.ticket import Bucket, Zone
from tests.board import weeks
from tests.board.factory import GRID, NOW, all_open, busy, filtered

REASON = (
    "T-10302  Resplan  running, orange",
    "  promised   4:00:00 by policy Gold (version 3), calendar office",
    "  version    3, applied Mon 2025-11-03 09:00:00 +01:00 (Mon 08:00:00) by Ana",
    "  hours      mon-fri 08:00-17:00 Europe/Berlin",
    "  times      Europe/Berlin, the calendar's zone; in brackets Europe/London, yours",
    "  start      Thu 2025-11-20 16:30:00 +01:00 (Thu 15:30:00), creation of customer Tansy",
    "  + open     Thu 2025-11-20 16:30:00 +01:00 to 17:00:00            0:30:00  sum 0:30:00",
    "    wait     Thu 2025-11-20 17:00:00 +01:00 to Fri 2025-11-21 12:14:24 +01:00    4:14:24  not counted: waited for user",  # noqa: E501
    "  + open     Fri 2025-11-21 12:14:24 +01:00 to 15:44:24            3:30:00  sum 4:00:00",
    "  = due      Fri 2025-11-21 15:44:24 +01:00 (Fri 14:44:24)",
    "    yellow   Fri 2025-11-21 13:44:24 +01:00 (Fri 12:44:24), 2:00:00 used: 50 %",
    "    orange   Fri 2025-11-21 15:14:24 +01:00 (Fri 14:14:24), 3:30:00 used: 0:30:00 left",
    "    red      Fri 2025-11-21 15:44:25 +01:00 (Fri 14:44:25), first open second past due",
    "",
    "T-10302  Response  met, green",
    "  promised   1:00:00 by policy Gold (version 3), calendar office",
    "  message    Thu 2025-11-20 16:31:00 +01:00 by autoreply: no response, it is automatic and only the ticket's "
    "creation caused it",
)

REPORT = Report(
    "2 of 5 claimed by Ben; 1 LOST, 1 GONE, 1 NO",
    (
        Answer(
            "T-10376",
            "LOST",
            "T-10376 was taken by Ana 2 seconds ago (from ana@pc-07 /dev/pts/3 personal). Nothing changed.",
        ),
        Answer("T-10413", "GONE", "T-10413 was resolved by Chi just now. Nothing changed."),
        Answer("T-10450", "NO", "T-10450 is green; the policy lets people claim yellow, orange, red. Nothing changed."),
        Answer("T-10302", "OK", "T-10302 is Ben's (1m19s before breach)", 7),
        Answer("T-10339", "OK", "T-10339 is Ben's (3m07s before breach)", 8),
    ),
)

COMMANDS = (
    "pause sort.reverse claim release menu engage respond wait resume resolve reopen note priority open reason filter "
    "mine zone.red zone.all sort.next follow zoom wall reload help quit past.back past.play move.down"
)

NOTES = (
    '~/.config/slaboard/config.toml: line 2: theem = "dusk" is not used; perhaps theme is meant',
    "~/.config/slaboard/config.toml: line 9: [keys] clame is no action; did you mean claim?",
    "~/.config/slaboard/config.toml: line 11: [keys] undo: ctrl+s may never arrive, for many terminals stop their "
    "output on it until ctrl+q.",
    "~/.config/slaboard/themes/dusk.toml: line 14: ink.green has a contrast of 2.1; at least 4.5 is readable",
    "SQLite 3.40.1 can damage a file that many processes write. Install pysqlite3: pip install slaboard[sqlite]",
)


CUSTOMERS = {
    "Kestrel Yard": (31, 12, 6, 2), "Café Zürn": (24, 9, 1, 1), "Quillfeather & Daughters (North Quay)": (40, 3, 4, 0),
    "日本語のチケット": (4, 4, 2, 1), "": (2, 0, 0, 1), "Harbour Lights": (22, 30, 11, 0), "Tansy Bakery": (9, 2, 0, 0),
    "Brackenfell Foods": (12, 1, 0, 0), "Mole & Vole": (3, 0, 0, 0), "Otter Post": (1, 0, 0, 0),
    "Sable Freight": (6, 1, 1, 0), "Fen Clinic": (4, 2, 1, 0), "North Quay": (3, 1, 1, 0), "Wren Hall": (8, 0, 0, 0),
}  # fmt: skip
VIEWS = (
    SavedView("Morning round", 'p1 o: cust:"North Quay"', Tab.NEEDS, Sort(SortBy.DUE, True), Pivot.OWNER),
    SavedView("Mine by customer", "", Tab.MINE, Sort(SortBy.CUSTOMER)),
    SavedView("Service desk", "board:=Desk", is_team=True),
    SavedView("日本語のチケット", "cust:=日本語", Tab.BREACHED, is_team=True),
)
OWNERS = {"ana": (20, 9, 4, 1), "ben": (18, 2, 0, 0), "": (61, 31, 16, 6), "chi": (9, 1, 1, 0)}
CLOCKS = {"response": (34, 11, 20, 5), "resplan": (90, 31, 14, 2), "resolution": (260, 66, 31, 9)}


def turned(board: Board, by: Pivot, hits: dict[str, tuple[int, int, int, int]] | None = None) -> Board:
    """`board` with its grid turned."""
    rows = {Pivot.CLOCKS: CLOCKS, Pivot.OWNER: OWNERS}.get(by, CUSTOMERS)
    labels = {name.lower(): name.capitalize() if by is Pivot.OWNER else name for name in rows}
    whole = Turned({name.lower(): row for name, row in rows.items()}, labels)
    found = pivoted(by, whole, None if hits is None else Turned(hits), is_filtered=hits is not None)
    return replace(board, pivot=by, pivoted=found)


ALERT = Alert(
    NOW - 47,
    Burst(
        {Zone.ORANGE: 5, Zone.RED: 2},
        {
            Zone.ORANGE: Entry("T-10339", Bucket.RESPONSE, Zone.ORANGE, NOW - 40, NOW + 187),
            Zone.RED: Entry("T-10265", Bucket.RESPLAN, Zone.RED, NOW - 40, NOW - 41, None, "Tansy Bakery", "P1"),
        },
    ),
)


def wall(board: Board, show: Show) -> Board:
    """`board` across the room, with customers and titles: the whole of the picture."""
    claims = (
        Claimed(NOW - 90, "Ben", "T-10377"),
        Claimed(NOW - 300, "Ana", "T-10371"),
        Claimed(NOW - 640, "Chi", "T-1"),
    )
    shown = Wall(shows=frozenset({"customer", "title"}), held=show, held_until=NOW + 18)
    return replace(board, mode=Mode.WALL, wall=shown, today=Today(31, 29, 4, claims))


def trends(board: Board) -> dict[str, Board]:
    """The history screen: each of its parts, a list behind a figure, one of its tickets, and when there is nothing."""
    looking = replace(board, mode=Mode.TRENDS, trends=weeks.LOOKING, shared=False, person="Ben")
    at = weeks.LOOKING
    shown = {
        "trends_kept": replace(at, row=2, column=1),
        "trends_today": replace(at, section=Section.TODAY, row=2),
        "trends_hours": replace(at, section=Section.HOURS, row=4, column=10),
        "trends_people": replace(at, section=Section.PEOPLE, row=1, column=1),
        "trends_list": replace(at, part=weeks.PART, items=weeks.ITEMS, index=4),
        "trends_ticket": replace(at, part=weeks.PART, items=weeks.ITEMS, opened=board.cursor),
        "trends_counting": Trends(since=NOW),
        "trends_empty": Trends(Figures(NOW, weeks.ZONE), since=NOW),
    }
    return {name: replace(looking, trends=state) for name, state in shown.items()}


@cache
def scenes() -> dict[str, Board]:
    """Each a moment that a user of the board knows."""
    full = busy()
    first = full.page.rows[2]
    return {
        "busy": full,
        "all": replace(
            full,
            view=View(tab=Tab.ALL),
            page=Page(rows=all_open(), total=370),
            cursor="T-10377",
            cursor_index=1,
            shared=False,
            person="Ben",
        ),
        "empty": Board(
            now=NOW,
            store_name="brightwater-msp",
            store_path="/srv/team/board.db",
            grid=Grid(at=NOW),
            counts=dict.fromkeys(Tab, 0),
            freshness=Freshness(as_of=NOW),
            person="Ben",
            timezone="Europe/Berlin",
        ),
        "loading": Board(now=NOW, store_name="brightwater-msp", person="Ben", timezone="Europe/Berlin"),
        "filtered": filtered(),
        "typing": replace(filtered(), mode=Mode.FILTER),
        "nomatch": replace(filtered(), page=Page(), counts={Tab.NEEDS: 46, Tab.ALL: 370}, cursor=None),
        "saved": replace(
            full,
            grid=replace(GRID, breached_unclaimed=0),
            page=Page(),
            cursor=None,
            counts={Tab.NEEDS: 0, Tab.ALL: 370},
        ),
        "stale": replace(
            full,
            freshness=Freshness(
                as_of=NOW - 47, error="Cannot read /srv/team/board.db: database is locked.", attempt=6, retry_s=3
            ),
        ),
        "claim": replace(
            full,
            mode=Mode.WHO,
            cursor=first.id,
            cursor_index=2,
            prompt=Prompt(
                verb="claim",
                ticket=first.id,
                title=f"Claim {first.id}",
                about=f"{first.customer} · {first.title}",
                closes_at=NOW + 9,
                last="Ben",
                last_age_s=14,
            ),
        ),
        "pin": replace(
            full,
            mode=Mode.PIN,
            cursor=first.id,
            cursor_index=2,
            last=("Ana", NOW - 14),
            prompt=Prompt(
                verb="claim",
                ticket=first.id,
                title=f"Claim {first.id}",
                about=f"{first.customer} · {first.title}",
                closes_at=NOW + 9,
                text="12",
                who="Ben",
                hint="That is not Ben's PIN.",
            ),
        ),
        "takeover": replace(
            full,
            mode=Mode.CONFIRM,
            prompt=Prompt(
                verb="takeover",
                ticket="T-10403",
                title="Take over T-10403",
                about="Kestrel Yard · Wi-Fi gone",
                owner="Ana",
            ),
        ),
        "name": replace(
            full, mode=Mode.NAME, prompt=Prompt(verb="identity", ticket="", title="Who acts here?", text="Flor")
        ),
        "menu": replace(
            full,
            mode=Mode.MENU,
            shared=False,
            person="Ben",
            prompt=Prompt(
                verb="menu", ticket=first.id, title=f"{first.id}: what now?", about=f"{first.customer} · {first.title}"
            ),
        ),
        "commands": replace(
            full,
            mode=Mode.COMMANDS,
            shared=False,
            person="Ben",
            prompt=Prompt(
                "commands",
                first.id,
                "Commands",
                text="re",
                chosen=1,
                choices=tuple(COMMANDS.split()),
            ),
        ),
        "notes": replace(full, mode=Mode.NOTES, notes=NOTES, shared=False, person="Ben"),
        "wait": replace(
            full,
            mode=Mode.TEXT,
            prompt=Prompt(
                verb="wait",
                ticket=first.id,
                title=f"Wait on {first.id}",
                about=f"{first.customer} · {first.title}",
                text="change window",
                back=7,
                hint="Wait for whom",
                choices=WAITS,
                default=WAITS[0],
                closes_at=NOW + 28,
            ),
        ),
        "marked": replace(
            full, marks={ticket.id: ticket for ticket in full.page.rows[3:40:5]}, shared=False, person="Ben"
        ),
        "paused": replace(full, paused_at=NOW - 47, held_new=3, held_gone=2, follow=None),
        "alert": replace(full, vigil=Vigil(ALERT)),
        "sorted": replace(full, view=View(tab=Tab.NEEDS, sort=Sort(SortBy.CUSTOMER))),
        "followed": replace(full, follow=full.cursor, shared=False, person="Ben"),
        "report": replace(full, mode=Mode.REPORT, report=REPORT),
        "detail": replace(full, detail_open=True, focus=Focus.DETAIL, shared=False, person="Ana"),
        "help": replace(full, mode=Mode.HELP),
        "held": replace(
            full,
            held_new=3,
            outcome=Outcome(
                word="OK",
                text="T-10302 is Ben's since 15:41:02 (3m 17s before breach)",
                at=NOW - 5,
                undo_until=NOW + 25,
            ),
        ),
        "grid": replace(
            full, focus=Focus.GRID, cell=(1, 2), grid=replace(GRID, uses_update=True), nearest=full.page.rows[:3]
        ),
        "by_customer": replace(
            turned(full, Pivot.CUSTOMER), focus=Focus.GRID, cell=(1, 2), nearest=full.page.rows[1:4]
        ),
        "by_customer_filtered": turned(filtered(), Pivot.CUSTOMER, {"tansy bakery": (1, 2, 0, 0), "": (0, 1, 2, 0)}),
        "by_customer_below": replace(turned(full, Pivot.CUSTOMER), focus=Focus.GRID, cell=(12, 0)),
        "by_owner": turned(full, Pivot.OWNER),
        "clocks": turned(full, Pivot.CLOCKS),
        "too_many": replace(full, pivot=Pivot.CUSTOMER, pivoted=Pivoted(Pivot.CUSTOMER, is_counted=False)),
        "views": replace(
            full,
            mode=Mode.VIEWS,
            views=VIEWS[:2],
            team_views=VIEWS[2:],
            prompt=Prompt("views", "", "Saved views", chosen=1),
            view_problems=(
                "~/.config/slaboard/views/bad.toml: line 2: filtr is no part of a view; perhaps filter is meant",
            ),
        ),
        "no_views": replace(full, mode=Mode.VIEWS, prompt=Prompt("views", "", "Saved views")),
        "save_view": replace(
            full,
            mode=Mode.VIEWS,
            views=VIEWS[:2],
            prompt=Prompt(
                "views.save",
                "",
                "Save what is shown as a view of yours",
                VIEWS[0].about,
                text="morning round",
                hint="Morning round is there already: enter again puts this in its place",
            ),
        ),
        "export": replace(
            full,
            mode=Mode.EXPORT,
            prompt=Prompt(
                "export",
                "",
                "Export 46 tickets",
                "What is listed, in its order: every one, not only those on the screen.",
                text="brightwater-msp-needs-20251121-1541.csv",
                back=4,
                hint="CSV for spreadsheets, NDJSON for programs: the name's end says which",
            ),
        ),
        "past": replace(full, past_at=NOW - 86_400, now=NOW - 86_400, shared=False, person="Ben"),
        "playing": replace(full, past_at=NOW - 86_400, now=NOW - 86_400, past_speed=300, held_new=0),
        **trends(full),
        **{f"wall_{show}": wall(full, show) for show in Show},
        "wall_new": replace(
            wall(full, Show.ZONES),
            wall=Wall(new=(New(Bucket.RESPLAN, Zone.RED, 2, NOW - 1), New(Bucket.RESPONSE, Zone.ORANGE, 1, NOW - 9))),
        ),
        "wall_stale": replace(wall(full, Show.ZONES), freshness=Freshness(as_of=NOW - 47, error="database is locked")),
        "wall_blind": replace(wall(full, Show.NEXT), freshness=Freshness(as_of=NOW - 240)),
        "reason": replace(full, mode=Mode.REASON, reason_of="T-10302", reason=REASON),
    }
