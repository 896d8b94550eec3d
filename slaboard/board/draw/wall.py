"""Draws the wallboard: what a room has to know, in numbers that can be read from five metres."""

from __future__ import annotations

from collections.abc import Iterable

from slaboard.board import cells, durations, keys
from slaboard.board.draw import block
from slaboard.board.draw.grid import EMPTY, number
from slaboard.board.draw.line import Line, Span, fit, restyle, spread, width
from slaboard.board.face import NAMES, SHORT, binding, face
from slaboard.board.instant import age, day, hm
from slaboard.board.state import Board, Next
from slaboard.board.views import Tab
from slaboard.board.wall import BLIND_AFTER_S, Show, Today, is_flashing, new_in, offset, remaining_s, showing
from slaboard.ticket import PROMISES, ZONES, Bucket, Zone

_GRID_WIDTH, _GRID_HEIGHT = 72, 18
"""Below either there are four numbers, one a zone, instead of three rows of them."""
_FOOT_HEIGHT = 10
"""Below, the top line has to say how to leave."""
_CLAIMS = 5
Cell = tuple[str, str, str]
"""What stands over a big number, the number, and its style."""


def lines(board: Board, into: int, height: int) -> list[Line]:
    """The whole picture, a little elsewhere every few minutes."""
    x, y, free_x, free_y = (0, 0, 0, 0) if board.wall.is_paper else offset(board.now, into, height)
    inner, inner_height = into - free_x, height - free_y
    drawn = _picture(board, inner, inner_height)
    blank = fit([], into)
    moved = [fit([(" " * x, "text"), *line], into) for line in drawn]
    return [*[blank] * y, *moved, *[blank] * free_y][:height]


def _picture(board: Board, into: int, height: int) -> list[Line]:
    """The top bar, the view that is on, and the line that says how to leave."""
    head = _head(board, into, height)
    foot = [_foot(board, into)] if height >= _FOOT_HEIGHT and not board.wall.is_paper else []
    room = max(0, height - len(head) - len(foot))
    show = showing(board.wall, board.now)
    drawer = {Show.ZONES: _zones, Show.NEXT: _next, Show.TODAY: _today}[show]
    body = [fit(line, into) for line in drawer(board, into, room)][:room]
    if board.freshness.is_stale(board.now):
        body = [restyle(line, lambda name: "dim") for line in body]
    body += [fit([], into)] * (room - len(body))
    return [*head, *body, *foot][:height]


# --- top and bottom -----------------------------------------------------------------------------------------------


def _head(board: Board, into: int, height: int) -> list[Line]:
    """How old the numbers are, and the time; old ones are said as large as there is room for."""
    freshness = board.freshness
    time = (f"{day(board.now, board.timezone)} " if into >= 60 else "") + hm(board.now, board.timezone)
    if freshness.as_of <= 0:
        state: Span = ("NO STORE", "top.stale") if freshness.error else ("reading", "top.live")
    else:
        is_stale = freshness.is_stale(board.now)
        state = (f"{'STALE' if is_stale else 'LIVE'} {_old(board)}", "top.stale" if is_stale else "top.live")
    title = " SLA by Status · " if into >= _GRID_WIDTH else " "
    name = (title + cells.cut(board.store_name, max(0, into - width([state]) - len(time) - len(title) - 5)), "top.name")
    right: list[Span] = [state, ("  ", "text"), (time, "top.clock"), (" ", "text")]
    left: list[Span] = [name]
    if height < _FOOT_HEIGHT and not board.wall.is_paper:
        leaving: Span = (f" {_leaves(board)}", "dim")
        left = [name, (" ", "text"), leaving] if width([name, leaving, *right]) + 2 < into else [leaving]
    top = spread(left, right, into)
    if state[1] != "top.stale":
        return [top]
    text = f"STALE {_old(board)}" if freshness.as_of > 0 else "STALE"
    scale = block.scale_for([text], into - 2, max(1, height // 4))
    if scale is None or height < 20:
        return [fit([(cells.fit(f" {state[0]}  {time}", into), "top.stale")], into)]
    blank = (" " * into, "top.stale")
    return [top, (blank,), *(((_centred(row, into), "top.stale"),) for row in block.drawn(text, scale)), (blank,)]


def _old(board: Board) -> str:
    return age(board.freshness.age(board.now))


def _foot(board: Board, into: int) -> Line:
    views = tuple(Show)
    index = views.index(showing(board.wall, board.now)) + 1
    rest = remaining_s(board.wall, board.now)
    left = f" {index}/{len(views)}" + (f", next in {rest}s" if rest else "")
    right = ("wallboard, for looking only: " if into >= 72 else "") + f"{_leaves(board)} "
    return spread([(left, "dim")], [(right, "dim")], into)


def _leaves(board: Board) -> str:
    """`q leaves`, by the key as it is set; empty where there is none."""
    cap = keys.cap("back", board.keys)
    return f"{cap} leaves" if cap else ""


# --- numbers by zone ------------------------------------------------------------------------------------------------


def _zones(board: Board, into: int, height: int) -> list[Line]:
    """Each promise's tickets by zone; in little room the tickets of each zone."""
    if into < _GRID_WIDTH or height < _GRID_HEIGHT:
        return _square(board, into, height) if height >= 6 else [_four(board, into)]
    label = 14 if into >= 100 else 11
    cell = (into - label) // 4
    below = _below(board, into, height)
    each = (height - 1 - len(below)) // len(PROMISES)
    counts = [_count(board, bucket, zone) for bucket in PROMISES for zone in ZONES]
    scale = block.scale_for(counts, cell - 4, each - 1)
    # Black numbers at the edge of their ground run into a black screen: then the line between two is ground, too.
    size = each if scale is not None and block.height(scale) == each - 1 else each - 1
    headings = [(cells.fit(f"{zone.letter}  {zone.upper()}", cell), "head") for zone in ZONES]
    drawn: list[Line] = [((" " * label, "text"), *headings)]
    for bucket in PROMISES:
        row = [(_count(board, bucket, zone), _style(board, bucket, zone)) for zone in ZONES]
        for y in range(size):
            name = NAMES[bucket] if y == size // 2 else ""
            spans = [(cells.fit(f" {name}", label), "strong")]
            for zone, (text, style) in zip(ZONES, row, strict=True):
                line = _row_of(text, scale, cell - 1, size, y)
                spans += [(_told_new(board, bucket, zone, line) if y == 0 else line, style), (" ", "text")]
            drawn.append(tuple(spans))
        drawn += [()] * (each - size)
    return [*drawn, *below]


def _four(board: Board, into: int) -> Line:
    """The tickets of each zone in one line, the worst first."""
    spans: list[Span] = []
    for zone in reversed(ZONES):
        spans += [(f" {zone.letter}", "head"), (f" {_count(board, None, zone)}", _style(board, None, zone))]
        spans.append((_new(board, None, zone), "key.new"))
    return fit(spans, into)


def _count(board: Board, bucket: Bucket | None, zone: Zone) -> str:
    """How many; two dashes where nobody knows or the numbers are too old."""
    if board.grid is None or board.freshness.age(board.now) >= BLIND_AFTER_S:
        return "--"
    count = board.grid.zone(zone) if bucket is None else board.grid.cells.get((bucket, zone), 0)
    return number(max(0, count), 3)


def _style(board: Board, bucket: Bucket | None, zone: Zone, family: str = "grid") -> str:
    """That of its zone; another one in the moments in which a new red flashes."""
    if _count(board, bucket, zone) in ("0", "--"):
        return "grid.zero"
    return "strong" if is_flashing(board.wall, bucket, zone, board.now) else f"{family}.{zone}"


def _new(board: Board, bucket: Bucket | None, zone: Zone) -> str:
    """`+2`: how many have come just now; empty where none have."""
    count = sum(new.count for new in new_in(board.wall, bucket, zone, board.now))
    return f"+{number(count, 3)}" if count and _count(board, bucket, zone) != "--" else ""


def _told_new(board: Board, bucket: Bucket, zone: Zone, line: str) -> str:
    """The first line of a cell: `+2 new` in its corner, where the number leaves room."""
    new = _new(board, bucket, zone)
    said = next((text for text in (f" {new} new ", f" {new} ") if line.startswith(" " * len(text))), "")
    return said + line[len(said) :] if new else line


def _square(board: Board, into: int, height: int) -> list[Line]:
    """The tickets of each zone in four numbers, two by two, the worst first; under its letter what is new."""
    zones = tuple(reversed(ZONES))
    texts = [_count(board, None, zone) for zone in zones]
    cell, each = into // 2, height // 2
    lead = 3 if cell >= 18 else 2
    scale = block.scale_for(texts, cell - lead - 1, each)
    # On a ground as high as they are black numbers run into a black screen: then they have their colour and no ground.
    family = "ink" if scale is not None and block.height(scale) == each else "grid"
    four = [(zone, text, _style(board, None, zone, family)) for zone, text in zip(zones, texts, strict=True)]
    drawn: list[Line] = []
    for pair in (four[:2], four[2:]):
        for y in range(each):
            spans: list[Span] = []
            for zone, text, style in pair:
                beside: Span = ((" " if lead > 2 else "") + zone.letter, "head")
                if y != each // 2:
                    beside = (_new(board, None, zone) if y == each // 2 + 1 else "", "key.new")
                line = _row_of(text, scale, cell - lead - 1, each, y, is_tight=True)
                spans += [*fit([beside], lead), (line, style), (" ", "text")]
            drawn.append(tuple(spans))
    return drawn


def _row_of(text: str, scale: block.Scale | None, columns: int, height: int, y: int, *, is_tight: bool = False) -> str:
    """The line `y` of a big number in the middle of `columns` x `height` cells."""
    if scale is None:
        return _centred(text if y == (height - 1) // 2 else "", columns)
    return _centred(block.within(text, scale, height, is_tight=is_tight)[y], columns)


def _centred(text: str, columns: int) -> str:
    return cells.fit(" " * max(0, (columns - cells.width(text)) // 2) + text, columns)


def _below(board: Board, into: int, height: int) -> list[Line]:
    """What is due next and what happened today, where the numbers leave lines for it."""
    room = min(12, height - 1 - len(PROMISES) * (6 if height < 25 else 7 if height < 46 else 13))
    if room < 2:
        return []
    today, said = board.today, ""
    if today is not None:
        said = f"today: {today.claimed} claimed, {today.saved} saved, {today.breached} breached "
    heading = spread([(" NEXT TO BREACH, UNCLAIMED", "head")], [(said, "head")], into)
    return [heading, *_listed(board, into, room - 1)]


# --- what is due next -----------------------------------------------------------------------------------------------


def _next(board: Board, into: int, height: int) -> list[Line]:
    """The next clock to breach as large as can be, then what nobody has claimed."""
    nearest = sorted((board.grid or EMPTY).next.items(), key=lambda item: item[1].due_at)
    drawn: list[Line] = [fit([(" NEXT TO BREACH", "head")], into)]
    if board.freshness.age(board.now) >= BLIND_AFTER_S or not nearest:
        word = "--" if nearest or board.grid is None else "0"
        return [*drawn, *_big([("", word, "grid.zero")], into, height - 1)]
    bucket, first = nearest[0]
    room = height - 2 - (3 if height >= 10 else 0)
    drawn += _big([("", _left(first, board), "strong")], into, min(room, 12))
    owner = first.owner or "unclaimed"
    drawn.append(fit([(_centred(f"{first.ticket}  {NAMES[bucket]}  {owner}", into), "strong")], into))
    if height >= 10:
        drawn.append(())
        drawn += _listed(board, into, height - len(drawn))
    return drawn


def _left(found: Next, board: Board) -> str:
    left = durations.until_s(found.due_at, board.now, board.calendars.get(found.calendar))
    return durations.compact(left).replace(" ", "")


def _listed(board: Board, into: int, height: int) -> list[Line]:
    """The tickets that need claiming, most urgent first; what is lost is one line."""
    drawn: list[Line] = []
    late = board.grid.breached_unclaimed if board.grid else 0
    if late and height > 1:
        drawn.append(fit([("  R ", "zone.red"), (f"  {late} breached and unclaimed", "strong")], into))
    is_led = board.view.tab is Tab.NEEDS and board.view.filter.is_empty and board.page.first == 0
    for ticket in board.page.rows[: max(0, height - len(drawn))] if is_led else ():
        clock = binding(ticket)
        shown = face(clock, board)
        zone = f"zone.{shown.zone}" if shown.zone else "text"
        bucket = SHORT[clock.bucket] if clock else ""
        spans = [(f"  {shown.letter} ", zone), (f"  {cells.fit(ticket.id, 10)} ", "strong"),
                 (f"{bucket:<5}", "text"), (shown.full.rjust(9), "strong")]  # fmt: skip
        spans += [(f"  {cells.safe(text)}", "text") for text in _told(board, ticket.customer, ticket.title)]
        drawn.append(fit(spans, into))
    if not drawn:
        drawn.append(fit([("  Nothing needs claiming.", "dim")], into))
    return drawn


def _told(board: Board, customer: str, title: str) -> Iterable[str]:
    """What strangers may read."""
    if "customer" in board.wall.shows:
        yield cells.fit(customer, 18)
    if "title" in board.wall.shows:
        yield title


def _big(row: list[Cell], into: int, height: int) -> list[Line]:
    """Numbers side by side, each under its name where it has one."""
    named = any(name for name, _, _ in row)
    cell, room = into // len(row), max(1, height - named)
    scale = block.scale_for([text for _, text, _ in row], cell - 2, room)
    each = min(room, (1 if scale is None else block.height(scale)) + 2)
    drawn: list[Line] = [tuple((_centred(name, cell), "head") for name, _, _ in row)] if named else []
    drawn += [tuple((_row_of(text, scale, cell, each, y), style) for _, text, style in row) for y in range(each)]
    return [fit(line, into) for line in drawn]


# --- today ----------------------------------------------------------------------------------------------------------


def _today(board: Board, into: int, height: int) -> list[Line]:
    """What was claimed, saved and breached today, and who claimed last."""
    known = board.today is not None and board.freshness.age(board.now) < BLIND_AFTER_S
    today = board.today or Today()
    facts = (("CLAIMED", today.claimed, "strong"), ("SAVED", today.saved, "grid.green"),
             ("BREACHED", today.breached, "grid.red"))  # fmt: skip
    row = [
        (name, number(count, 4) if known else "--", style if known and count else "grid.zero")
        for name, count, style in facts
    ]
    claims = min(len(today.claims), _CLAIMS, max(0, height - 8)) if height >= 9 else 0
    drawn = [fit([(" TODAY", "head")], into)]
    drawn += _big(row, into, height - 1 - (claims + 2 if claims else 0))
    if claims:
        drawn += [(), fit([(" LAST CLAIMS", "head")], into)]
    most = max((min(16, cells.width(claim.who)) for claim in today.claims[:claims]), default=0)
    for claim in today.claims[:claims]:
        at = hm(claim.at, board.timezone)
        spans = [
            (f"  {at}  ", "dim"),
            (f"{cells.fit(claim.who, most)}  ", "strong"),
            (cells.safe(claim.ticket), "text"),
        ]
        drawn.append(fit(spans, into))
    return drawn
