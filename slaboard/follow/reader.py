"""What a board reads of its store: everything after a commit, less where less has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from slaboard.board.counting import tab_counts
from slaboard.board.pivot import Pivot, Pivoted, pivoted
from slaboard.board.sight import Refresh, Sight
from slaboard.board.state import Detail, Grid, Page
from slaboard.board.views import Filter, Tab, View
from slaboard.board.wall import Today
from slaboard.errors import NoSuchTicket, StoreError
from slaboard.store.disk.turnstile import CATCH_UP_S
from slaboard.store.read.baseline import Baseline
from slaboard.store.read.live import Live
from slaboard.store.sqlite import SqliteStore
from slaboard.store.team.teamviews import TeamViews
from slaboard.ticket import Ticket

if TYPE_CHECKING:
    from slaboard.store.read.past import Past

BATCH_APART_S = 0.25
"""Between two batches of tickets that another program wrote: keys are served in between."""
REFUSED_APART_S = 5.0
"""Until we try again to recompute such tickets after the store refused; a commit by whoever holds it comes sooner."""
MOST_RANKED = 25
"""Held tickets whose place is looked up; when more have moved at once, `left` counts too few rather than being slow."""


def turned(source: Live | Past, by: Pivot, wanted: Filter, now: int) -> Pivoted | None:
    """The grid turned that way, with what `wanted` lets through beside it; None while its rows are stages."""
    if by is Pivot.STAGE:
        return None
    is_filtered = not wanted.is_empty
    whole = source.turned(by, now)
    return pivoted(by, whole, source.turned(by, now, wanted) if is_filtered else None, is_filtered=is_filtered)


class Reader:
    """One open store, and what was last read of it."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self._live = Live(store, Baseline(store.path))
        self._source: Live | Past = self._live
        self._version = store.data_version()
        self._last: Refresh | None = None

    def has_changed(self) -> bool:
        """True once for every commit of somebody else, or several of them."""
        before, self._version = self._version, self.store.data_version()
        return before != self._version

    def catch_up(self, now: int) -> float | None:
        """Recompute a batch of what other programs wrote; seconds until there is more to do, None when all is done."""
        try:
            return BATCH_APART_S if self.store.catch_up(now, wait_s=CATCH_UP_S) and self.store.has_stale() else None
        except StoreError:  # somebody else writes: what can be read is shown all the same
            return REFUSED_APART_S

    def read(self, sight: Sight, now: int) -> Refresh:
        """Everything in sight, after a change."""
        if isinstance(self._source, Live) or sight.past_at is None:
            self._source = self._live
        else:
            self._source.renew()
        seen = self._read(sight, now)
        self._live.keep()
        return seen

    def _read(self, sight: Sight, now: int) -> Refresh:
        now = self._turned(sight, now)
        with self.store.reading():  # all of it as of one commit
            grid = self._source.grid(now)
            seen = Refresh(
                sight, now, grid, None, {}, Page(), team=self.store.team(), loads=self._source.loads(),
                calendars=self.store.policy().calendars, read_only=self.store.read_only,
                team_views=TeamViews(self.store).everything(),
            )  # fmt: skip
            return self._listed(replace(seen, hits=self._hits(sight, now), pivoted=self._pivoted(sight, now)), now)

    def _turned(self, sight: Sight, now: int) -> int:
        """The moment that `sight` is about; from here on that is what is read."""
        if sight.past_at is None:
            self._source = self._live
            return now
        from slaboard.store.read.past import Past  # most boards never go there, and a start need not wait for it

        if not isinstance(self._source, Past):
            self._source = Past(self.store, sight.past_at)
        elif self._source.at != sight.past_at:
            self._source.move(sight.past_at)
        return sight.past_at

    def look(self, sight: Sight, now: int) -> Refresh | None:
        """What `sight` shows and the last look did not, while no ticket changed; None when nothing is missing."""
        last = self._last
        if last is None:
            return None
        if sight.past_at != last.sight.past_at:
            return self._read(sight, now)
        now = self._turned(sight, now)
        before, seen = last.sight, replace(last, sight=sight, at=now)
        if sight.view.filter != before.view.filter:
            seen = replace(seen, hits=self._hits(sight, now))
        if (sight.pivot, sight.view.filter) != (before.pivot, before.view.filter):
            seen = replace(seen, pivoted=self._pivoted(sight, now))
        is_same_list = (sight.view, sight.person, sight.held, sight.today_from) == (
            before.view, before.person, before.held, before.today_from,
        )  # fmt: skip
        if not is_same_list or sight.seek or not sight.shows(last.page):
            return self._listed(seen, now)
        if sight.nearest != before.nearest:
            seen = replace(seen, nearest=self._nearest(sight, now))
        is_same_rest = (sight.detail, sight.reason, sight.pivot, sight.nearest) == (
            before.detail, before.reason, before.pivot, before.nearest,
        )  # fmt: skip
        if is_same_rest:
            self._last = replace(last, sight=sight)
            return None
        self._last = replace(
            seen, index=self._index(sight, last.page, now), detail=self._detail(sight, now),
            reason=self._reason(sight, now),
        )  # fmt: skip
        return self._last

    def tick(self, sight: Sight, now: int) -> Refresh | None:
        """What time alone has moved since the last look; None when no ticket entered another zone, and in the past."""
        last = self._last
        if last is None or now == last.grid.at or {sight.past_at, last.sight.past_at} != {None}:
            return None
        if now < last.grid.at:  # somebody set this machine's clock back
            return self.read(sight, now)
        with self.store.reading():
            grid = self._live.grid(now)
            if grid.cells == last.grid.cells:
                return self._ticked(replace(last, grid=grid), sight, now)
            seen = replace(last, sight=sight, at=now, grid=grid, loads=self._live.loads())
            return self._listed(replace(seen, hits=self._hits(sight, now), pivoted=self._pivoted(sight, now)), now)

    def _ticked(self, last: Refresh, sight: Sight, now: int) -> Refresh | None:
        """Clocks that count nowhere enter zones, too; nobody looks at them but who has turned the grid to them."""
        self._last = last
        if sight.pivot is not Pivot.CLOCKS:
            return None
        found = self._pivoted(sight, now)
        if found == last.pivoted:
            return None
        self._last = replace(last, sight=sight, at=now, pivoted=found)
        return self._last

    def _nearest(self, sight: Sight, now: int) -> tuple[Ticket, ...]:
        """The first tickets of the grid's cell under a hand."""
        if sight.nearest is None:
            return ()
        wanted, many = sight.nearest
        return tuple(self._source.nearest(View(Tab.ALL, wanted), now, many))

    def _pivoted(self, sight: Sight, now: int) -> Pivoted | None:
        """The grid turned as it is wanted."""
        return turned(self._source, sight.pivot, sight.view.filter, now)

    # --- parts ------------------------------------------------------------------------------------------------

    def _hits(self, sight: Sight, now: int) -> Grid | None:
        return None if sight.view.filter.is_empty else self._source.grid(now, sight.view)

    def _listed(self, seen: Refresh, now: int) -> Refresh:
        """`seen` with the list, the tabs' counts and the detail read anew."""
        sight = self._sought(seen.sight, now)
        page, index = self._page(sight, now)
        others, left = self._others(sight, page, now)
        self._last = replace(
            seen, sight=sight, page=page, index=index, others=others, left=left, detail=self._detail(sight, now),
            reason=self._reason(sight, now), marked=tuple(self._source.some(sight.marks, now)),
            nearest=self._nearest(sight, now),
            counts=tab_counts(seen.grid, seen.loads.get(sight.person or "", 0)), today=self._today(sight, now),
        )  # fmt: skip
        return self._last

    def _sought(self, sight: Sight, now: int) -> Sight:
        """`sight` with its cursor on the ticket in need that is looked for; where none is, as it was."""
        if not sight.seek:
            return sight
        found = self._source.seek(sight.view, now, sight.cursor, sight.seek)
        return sight if found is None else replace(sight, cursor=found, held=())

    def _page(self, sight: Sight, now: int) -> tuple[Page, int | None]:
        """The list around the cursor's ticket, wherever it went; where the order holds, around its held place."""
        index = None
        if sight.cursor is not None and not sight.held:
            index = self._source.rank(sight.view, now, sight.cursor)
        page = self._source.window(sight.view, now, *sight.window(sight.index if index is None else index))
        if not page.rows and page.total:  # the list has become shorter than that
            page = self._source.window(sight.view, now, *sight.window(page.total - 1))
        return page, index

    def _index(self, sight: Sight, page: Page, now: int) -> int | None:
        if sight.cursor is None or sight.held:
            return None
        place = next((i for i, ticket in enumerate(page.rows, page.first) if ticket.id == sight.cursor), None)
        return self._source.rank(sight.view, now, sight.cursor) if place is None else place

    def _others(self, sight: Sight, page: Page, now: int) -> tuple[tuple[Ticket, ...], int]:
        """Held tickets that are not in `page`, as they are now, and how many of them the list has lost."""
        here = {ticket.id for ticket in page.rows}
        missing = [ticket for ticket in sight.held if ticket not in here]
        lost = sum(self._source.rank(sight.view, now, ticket) is None for ticket in missing[:MOST_RANKED])
        return tuple(self._source.some(missing, now)), lost

    def _detail(self, sight: Sight, now: int) -> Detail | None:
        if sight.detail is None:
            return None
        try:
            found = self._source.detail(sight.detail, now)
        except NoSuchTicket:
            return None
        from slaboard.store.read.reasons import late  # the first paint need not wait for it

        return replace(found, late=late(self._origin, found, now))

    @property
    def _origin(self) -> SqliteStore | Past:
        """Where histories come from: the store, or the past that is shown."""
        return self.store if isinstance(self._source, Live) else self._source

    def _today(self, sight: Sight, now: int) -> Today | None:
        if sight.today_from is None:
            return None
        from slaboard.store.reports.today import today  # for wallboards only

        return today(self.store, sight.today_from, now)

    def _reason(self, sight: Sight, now: int) -> tuple[str, ...] | None:
        """Why the ticket's clocks are due when they are, a blank line between two; of late ones where the time went."""
        if sight.reason is None:
            return None
        from slaboard.sla.autopsy import spent
        from slaboard.sla.wording import lines
        from slaboard.store.read.reasons import explanations, late, nothing

        try:
            detail = self._origin.detail(sight.reason, now)
            apart = late(self._origin, detail, now)
            where = {(found.clock.bucket, found.clock.cycle): spent(found) for found in apart}
            told, last = [], None
            for found in explanations(self._origin, sight.reason, now):
                spent_on = where.get((found.clock.bucket, found.clock.cycle), [])
                told.append(lines(found, sight.timezone, after=last) + spent_on)
                last = found
        except NoSuchTicket as error:
            return (str(error),)
        if not told:
            return (nothing(detail.ticket),)
        return tuple(line for i, text in enumerate(told) for line in ([""] if i else []) + text)
