"""Draws the history screen: all its parts where there is room, else page by page; the tickets behind a figure; one."""

from __future__ import annotations

from msgspec.structs import replace

from slaboard.board import cells, durations, keys
from slaboard.board.draw import detail
from slaboard.board.draw import sections as draw_sections
from slaboard.board.draw import top as draw_top
from slaboard.board.draw.line import Line, Span, fit, restyle, spread, width
from slaboard.board.face import SHORT
from slaboard.board.instant import hm, when
from slaboard.board.state import Board
from slaboard.board.trends import SECTIONS, Figures, Item, Section, What, part

WIDE, HIGH = 110, 28
"""From here on all parts are on the screen together."""
_GAP = 3
_EMPTY = (
    "No history yet. Whatever comes in and is judged from now on is counted here.",
    "A past can be brought in: slaboard import FILE. Made-up weeks: slaboard demo.",
)
_COUNTING = "counting…"


def lines(board: Board, into: int, height: int) -> list[Line]:
    """The whole picture: exactly `height` lines."""
    top = [draw_top.line(board, into)] if height >= 10 else []
    foot = [_keys(board, into)] if height >= 7 and not board.trends.is_paper else []
    room = max(0, height - len(top) - len(foot))
    trends = board.trends
    if trends.opened is not None:
        body = _ticket(board, into, room)
    elif trends.part is not None:
        body = _listed(board, into, room)
    else:
        body = _screen(board, into, room)
    body = [fit(line, into) for line in body[:room]]
    return [*top, *body, *[fit([], into)] * (room - len(body)), *foot][:height]


def scroll_limit(board: Board, into: int, height: int) -> int:
    """The largest first line of the opened ticket that still scrolls."""
    room = height - (1 if height >= 10 else 0) - (1 if height >= 7 else 0)
    return max(0, len(_told(board, into)) - room)


# --- the figures ----------------------------------------------------------------------------------------------------


def _screen(board: Board, into: int, height: int) -> list[Line]:
    """The heading, the parts, and the figure under the cursor in words."""
    figures = board.trends.figures
    is_wide = into >= WIDE and height >= HIGH - 2
    head = [_head(board, into, is_wide=is_wide)] if height >= 3 else []
    if board.trends.trouble or figures is None or figures.is_empty:
        return [*head, (), *_nothing(board, into)]
    says = [_words(board, figures, into)] if height >= 5 and not board.trends.is_paper else []
    room = height - len(head) - len(says)
    body = _together(board, figures, into, room) if is_wide else _page(board, figures, into, room)
    body = [fit(line, into) for line in body[:room]]
    return [*head, *body, *[fit([], into)] * (room - len(body)), *says]


def _head(board: Board, into: int, *, is_wide: bool) -> Line:
    """What this is, as of when, and, where not all is in sight, its parts."""
    figures, trends = board.trends.figures, board.trends
    state = ""
    if figures is None or figures.at < trends.since:
        state = "" if trends.trouble else _COUNTING
    else:
        state = f"as of {hm(figures.at, figures.timezone)}"
    right: list[Span] = [(f"{state} ", "dim")]
    if is_wide or trends.is_paper or figures is None or figures.is_empty:
        weeks = len(figures.weeks) if figures is not None else 0
        text = " HISTORY" + (f", {weeks} weeks" if weeks > 1 else "")
        return spread([(text, "strong")], right, into)
    tabs: list[Span] = [(" ", "text")] if into >= 34 else []
    for section in SECTIONS:
        is_here = section is trends.section
        blank = " " if into >= 34 else ""
        tabs.append((f"[{section}]" if is_here else f"{blank}{section} ", "tab.active" if is_here else "tab.idle"))
    return spread(tabs, right, into) if width(tabs) + width(right) <= into else fit(tabs, into)


def section_at(board: Board, text: str, x: int) -> Section | None:
    """The part whose name stands at cell `x` of the line that names all of them; None anywhere else."""
    if board.trends.part is not None or board.trends.opened is not None:
        return None
    places = {section: text.find(f"{section}") for section in SECTIONS}
    if min(places.values()) < 0:
        return None
    return next((section for section, start in places.items() if start <= x < start + len(f"{section}")), None)


def _nothing(board: Board, into: int) -> list[Line]:
    """Why there are no figures."""
    trends = board.trends
    said: tuple[str, ...] = _EMPTY
    if trends.trouble:
        said = (board.freshness.error or trends.trouble,)
    elif trends.figures is None:
        said = (_COUNTING,)
    return [
        fit([(f" {text}", "text" if trends.trouble or trends.figures else "dim")], into)
        for sentence in said
        for text in cells.wrap(sentence, max(1, into - 2))
    ]


def _words(board: Board, figures: Figures, into: int) -> Line:
    trends = board.trends
    found = part(figures, trends.section, trends.row, trends.column)
    return fit([(f" {draw_sections.told(figures, found, into - 2)}." if found is not None else "", "text")], into)


def _together(board: Board, figures: Figures, into: int, height: int) -> list[Line]:
    """What was kept over the whole width; below, today and people at the left, hours and this week at the right."""
    right = (into - _GAP + 1) // 2
    if into - _GAP - draw_sections.HEAT_WIDTH >= WIDE // 2:
        right = max(right, draw_sections.HEAT_WIDTH)
    left = into - _GAP - right
    below = max(
        _height(figures, Section.TODAY, Section.PEOPLE), _height(figures, Section.HOURS, Section.WEEK), height // 2
    )
    above = min(draw_sections.natural(figures, Section.KEPT), max(4, height - 1 - below))
    room = height - 1 - above
    columns = [
        _stack(board, figures, sections, size, room)
        for sections, size in (((Section.TODAY, Section.PEOPLE), left), ((Section.HOURS, Section.WEEK), right))
    ]
    drawn = [*draw_sections.lines(board, figures, Section.KEPT, into, above), ()]
    for y in range(max(map(len, columns))):
        halves = [
            column[y] if y < len(column) else fit([], size) for column, size in zip(columns, (left, right), strict=True)
        ]
        drawn.append((*halves[0], (" " * _GAP, "text"), *halves[1]))
    return drawn


def _height(figures: Figures, *sections: Section) -> int:
    return sum(draw_sections.natural(figures, section) for section in sections) + len(sections) - 1


def _stack(board: Board, figures: Figures, sections: tuple[Section, ...], into: int, height: int) -> list[Line]:
    """Sections one below the other, a blank line between two; the first gets what the others leave."""
    rest = sum(draw_sections.natural(figures, section) + 1 for section in sections[1:])
    rest = min(rest, max(0, height - 4))
    drawn = draw_sections.lines(board, figures, sections[0], into, max(4, height - rest))
    for section in sections[1:]:
        drawn.append(fit([], into))
        drawn += draw_sections.lines(board, figures, section, into, max(0, height - len(drawn)))
    return drawn[:height]


def _page(board: Board, figures: Figures, into: int, height: int) -> list[Line]:
    """The page with the cursor's part: as many parts on each as fit whole."""
    pages: list[list[Section]] = []
    for section in SECTIONS:
        if pages and _height(figures, *pages[-1], section) <= height:
            pages[-1].append(section)
        else:
            pages.append([section])
    shown = next(page for page in pages if board.trends.section in page)
    drawn: list[Line] = []
    for section in shown:
        if drawn:
            drawn.append(fit([], into))
        size = height if len(shown) == 1 else draw_sections.natural(figures, section)
        drawn += draw_sections.lines(board, figures, section, into, size)
    return drawn


# --- the tickets behind a figure ------------------------------------------------------------------------------------


def _listed(board: Board, into: int, height: int) -> list[Line]:
    """What the figure is, then its tickets."""
    trends = board.trends
    figures, items = trends.figures, trends.items
    if figures is None or trends.part is None:
        return []
    head = draw_sections.told(figures, trends.part, into - (2 if into < 60 else 16))
    if items is None:
        said = trends.trouble or "being read…"
        return [fit([(f" {head}", "strong")], into), fit([(f" {said}", "dim")], into)]
    rows = items.rows
    place = f" {trends.index + 1}/{items.total:,} " if rows and into >= 60 else ""
    note = f", the first {len(rows):,}" if items.total > len(rows) else ""
    head = head if width([(head + note + place, "")]) + 2 > into else head + note
    drawn = [spread([(f" {head}", "strong")], [(place, "dim")], into)]
    if not rows:
        return [*drawn, fit([(" No ticket is there any more.", "dim")], into)]
    visible = max(1, height - 1)
    first = min(max(0, trends.index - visible // 2), max(0, len(rows) - visible))
    seen = rows[first : first + visible]
    sizes = (min(10, max(cells.width(item.ticket) for item in seen)), max(len(_when(board, item)) for item in seen))
    for index, item in enumerate(seen, first):
        line = fit(_item(board, item, trends.part.what, into, sizes), into)
        drawn.append(restyle(line, lambda name: "cursor.here") if index == trends.index else line)
    return drawn


def _when(board: Board, item: Item) -> str:
    return when(item.at, board.now, board.timezone)


def _item(board: Board, item: Item, what: What, into: int, sizes: tuple[int, int]) -> list[Span]:
    """How it went where it is a result, then the ticket (its id and time in `sizes`); what has no room is left out."""
    id_size, time_size = sizes
    spans: list[Span] = [(" ", "text")]
    if item.bucket is not None:
        word, style = _verdict(item)
        spans += [(f"{word:<7}", style), (" ", "text")]
    spans.append((f"{cells.fit(item.ticket, id_size)} ", "strong"))
    if into >= 60:
        spans.append((f"{cells.fit(item.priority, 3)} ", "text"))
    spans.append((f"{cells.fit(_when(board, item), time_size)} ", "text"))
    if item.bucket is not None and what is What.BREACHED:
        spans.append((f"{SHORT[item.bucket]:<5}", "text"))
    if item.bucket is not None and item.met is not None and into >= 80:
        took = f"{durations.span(item.used_s)} of {durations.span(item.target_s)}"
        spans.append((f"{cells.fit(took, 17)} ", "text"))
    spans.append((f"{cells.fit(item.owner or 'nobody', 10 if into >= 60 else 6)} ", "text" if item.owner else "dim"))
    if into >= 120:
        spans.append((f"{cells.fit(item.customer, 20)} ", "text"))
    spans.append((item.title, "text"))
    return spans


def _verdict(item: Item) -> tuple[str, str]:
    if item.met is None:
        return "red now", "ink.red"
    return ("kept", "dim") if item.met else ("missed", "strong")


# --- one ticket -----------------------------------------------------------------------------------------------------


def _ticket(board: Board, into: int, height: int) -> list[Line]:
    """The detail of the opened ticket over the whole screen."""
    drawn = _told(board, into)
    first = min(max(0, board.trends.top), max(0, len(drawn) - height))
    return drawn[first : first + height]


def _told(board: Board, into: int) -> list[Line]:
    trends = board.trends
    if board.detail is None or board.detail.ticket.id != trends.opened:
        said = "is not in the store any more" if trends.is_gone else "is being read…"
        return [fit([(f" {cells.safe(trends.opened or '')} {said}", "dim")], into)]
    shown = replace(board, cursor=trends.opened)
    return [fit([(" ", "text"), *line], into) for line in detail.lines(shown, max(1, into - 1))]


# --- keys -----------------------------------------------------------------------------------------------------------


def _keys(board: Board, into: int) -> Line:
    """As many keys as fit, the most useful first."""
    trends = board.trends
    arrows = f"{_cap(board, 'move.down')} {_cap(board, 'move.up')}"
    around = f"{_cap(board, 'move.left')} {arrows} {_cap(board, 'move.right')}"
    back = (_cap(board, "back"), "back")
    if trends.opened is not None:
        items = [back, (arrows, "scroll")]
    elif trends.part is not None:
        items = [back, (_cap(board, "open"), "open"), (arrows, "move")]
    elif trends.figures is None or trends.figures.is_empty:
        items = [back, (_cap(board, "reload"), "count again")]
    else:
        items = [
            (_cap(board, "open"), "tickets"), back, (_cap(board, "focus.next"), "next part"), (around, "move"),
            (_cap(board, "reload"), "count again"),
        ]  # fmt: skip
    spans: list[Span] = []
    for key, label in items:
        more: list[Span] = [(f" {key}", "key.cap"), (f" {label} ", "key.label")]
        if key.strip() and width(spans) + width(more) <= into:
            spans += more
    return fit(spans, into)


def _cap(board: Board, action: str) -> str:
    return keys.cap(action, board.keys)
