"""Hypothesis: any board at all, with hostile texts and instants that make no sense."""

from __future__ import annotations

from hypothesis import strategies as st

from slaboard.alerts.alert import Alert, Burst, Entry, Vigil
from slaboard.board.errand import Answer
from slaboard.board.keys import BY_ID
from slaboard.board.pivot import Pivot, Pivoted, Turned, pivoted
from slaboard.board.state import Board, Detail, Focus, Freshness, Grid, Mode, Next, Outcome, Page, Prompt, Report
from slaboard.board.trends import WORKS, Figures, Flow, Item, Items, Kept, Part, Person, Section, Span, Trends, What
from slaboard.board.views import Sort, Tab, View, parse_filter
from slaboard.ticket import Bucket, Clock, ClockState, Direction, Engineer, Event, Kind, Stage, Ticket, Zone
from tests.board.factory import NOW, calendars

HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07",
    "[/b][@click=app.quit]now",
    "line\r\none\ttwo\x85three\u2028",
    "\u202eevil\u2066",
    "👩‍👩‍👧 🇩🇪 ☎️ 👍🏽",
    "z̸̨̡͍̤a̷͚̍lgo",
    "日本語のチケット" * 9,
    "\ud800",
    "한ᄒ\u1161ᆫ",
    "\u0600\u00ad\u0378",
    "x" * 3_000,
)

texts = st.text(max_size=30) | st.sampled_from(HOSTILE)
maybe = st.none() | texts
instants = st.integers(NOW - 10**7, NOW + 10**7) | st.sampled_from((-(2**60), -1, 0, 2**40, 2**60))
spans = st.integers(-(10**6), 10**6) | st.sampled_from((0, 2**60))
counts = st.integers(0, 2_000_000)
maybe_instants = st.none() | instants


def clocks() -> st.SearchStrategy[Clock]:
    """Clocks with and without edges; an unknown calendar too."""
    return st.builds(
        Clock,
        bucket=st.sampled_from(Bucket),
        state=st.sampled_from(ClockState),
        started_at=instants,
        target_s=spans,
        policy=texts,
        calendar=st.sampled_from(("always", "office", "harbour", "unknown")),
        waits=st.just(()) | st.tuples(st.tuples(instants, maybe_instants)),
        due_at=maybe_instants,
        yellow_at=maybe_instants,
        orange_at=maybe_instants,
        red_at=maybe_instants,
        frozen_zone=st.none() | st.sampled_from(Zone),
        left_s=st.none() | spans,
        stopped_at=maybe_instants,
        elapsed_s=st.none() | spans,
    )


def tickets() -> st.SearchStrategy[Ticket]:
    """Tickets whose texts are not clean, which the store never lets through."""
    return st.builds(
        Ticket,
        id=texts,
        title=texts,
        customer=texts,
        priority=texts,
        status=texts,
        stage=st.sampled_from(Stage),
        owner=maybe,
        policy=maybe,
        opened_at=maybe_instants,
        bucket=st.none() | st.sampled_from(Bucket),
        worse=st.booleans(),
        no_sla=maybe,
        url=texts,
        owned_at=maybe_instants,
        clocks=st.lists(clocks(), max_size=3).map(tuple),
    )


def events() -> st.SearchStrategy[Event]:
    """Events as they came from mail."""
    return st.builds(
        Event,
        ticket=texts,
        at=instants,
        kind=st.sampled_from(Kind),
        actor=maybe,
        direction=st.none() | st.sampled_from(Direction),
        channel=maybe,
        status=maybe,
        stage=st.none() | st.sampled_from(Stage),
        reason=maybe,
        note=maybe,
        customer=maybe,
        csat=st.none() | st.integers(),
    )


def grids() -> st.SearchStrategy[Grid]:
    """Grids whose sums need not agree."""
    return st.builds(
        Grid,
        at=instants,
        open=counts,
        waiting=counts,
        no_sla=counts,
        cells=st.dictionaries(st.tuples(st.sampled_from(Bucket), st.sampled_from(Zone)), counts),
        next=st.dictionaries(
            st.sampled_from(Bucket), st.builds(Next, ticket=texts, due_at=instants, owner=maybe, calendar=texts)
        ),
        breached_unclaimed=counts,
        uses_update=st.booleans(),
    )


def views() -> st.SearchStrategy[View]:
    """A tab with whatever was typed as its filter."""
    return st.builds(View, tab=st.sampled_from(Tab), filter=texts.map(parse_filter), sort=st.builds(Sort))


def pages() -> st.SearchStrategy[Page]:
    """Pages that need not hold what is visible."""
    return st.builds(
        Page,
        rows=st.lists(tickets(), max_size=3).map(tuple),
        first=st.integers(0, 50),
        total=st.integers(0, 100),
        worst=st.none() | tickets(),
    )


def prompts() -> st.SearchStrategy[Prompt]:
    """Questions about a ticket that may have gone."""
    return st.builds(
        Prompt,
        verb=texts,
        ticket=texts,
        title=texts,
        about=texts,
        closes_at=instants,
        last=maybe,
        last_age_s=spans,
        text=texts,
        back=st.integers(-3, 40),
        owner=maybe,
        more=st.lists(texts, max_size=3).map(tuple),
        hint=texts,
        choices=st.lists(texts | st.sampled_from(tuple(BY_ID)), max_size=3).map(tuple),
        default=texts,
        who=texts,
        is_checked=st.booleans(),
        chosen=st.integers(-3, 99),
    )


def reports() -> st.SearchStrategy[Report]:
    """What the store might say of several acts."""
    answers = st.builds(Answer, texts, texts, texts, st.none() | st.integers(1, 99))
    return st.builds(Report, texts, st.lists(answers, max_size=3).map(tuple), instants)


def pivots() -> st.SearchStrategy[Pivoted]:
    """Grids turned by names that anybody may have written."""
    rows = st.dictionaries(texts, st.tuples(counts, counts, counts, counts), max_size=20)
    whole = st.builds(Turned, rows, st.dictionaries(texts, texts, max_size=3))
    return st.builds(
        lambda by, all_, hits, is_filtered: pivoted(by, all_, hits, is_filtered=is_filtered),
        st.sampled_from(Pivot), st.none() | whole, st.none() | whole, st.booleans(),
    )  # fmt: skip


def vigils() -> st.SearchStrategy[Vigil]:
    """An alert or none, its tickets as hostile as any."""
    entries = st.builds(
        Entry, texts, st.sampled_from(Bucket), st.sampled_from(Zone), instants, maybe_instants, maybe, texts, texts
    )
    bursts = st.lists(entries, min_size=1, max_size=4).map(
        lambda found: Burst({e.zone: found.index(e) + 1 for e in found}, {e.zone: e for e in found})
    )
    return st.builds(Vigil, st.none() | st.builds(Alert, instants, bursts))


def trends() -> st.SearchStrategy[Trends]:
    """The history screen with figures that need not agree, and a cursor that need not be among them."""
    spans_ = st.builds(Span, instants, instants)
    people = st.builds(Person, texts, counts, counts, counts)
    slots = st.tuples(st.integers(0, 6), st.integers(0, 23))
    buckets = st.none() | st.sampled_from(Bucket)
    parts = st.builds(Part, st.sampled_from(What), spans_, counts, buckets, st.none() | slots)
    parts |= st.builds(Part, st.sampled_from(WORKS), spans_, counts, person=people)
    items = st.builds(
        Item, texts, instants, texts, texts, texts, maybe, buckets, st.none() | st.booleans(), st.none(), spans, spans
    )  # fmt: skip
    figures = st.builds(
        Figures, instants, st.sampled_from(("Europe/Berlin", "UTC", "Nowhere/Else")),
        st.lists(spans_, max_size=3).map(tuple),
        st.dictionaries(st.tuples(st.integers(0, 3), st.sampled_from(Bucket)), st.builds(Kept, counts, counts, counts)),
        st.lists(spans_, max_size=2).map(tuple),
        st.dictionaries(st.sampled_from(What), st.builds(Flow, counts, st.lists(counts, max_size=2).map(tuple))),
        st.dictionaries(slots, counts, max_size=4), st.lists(people, max_size=3).map(tuple),
    )  # fmt: skip
    return st.builds(
        Trends, st.none() | figures, st.just("") | texts, since=instants, section=st.sampled_from(Section),
        row=st.integers(0, 30), column=st.integers(0, 30), part=st.none() | parts,
        items=st.none() | st.builds(Items, parts, st.lists(items, max_size=3).map(tuple), counts),
        index=st.integers(0, 9), opened=maybe, is_gone=st.booleans(), top=st.integers(0, 99), is_paper=st.booleans(),
    )  # fmt: skip


@st.composite
def boards(draw: st.DrawFn) -> Board:
    """Any board, its cursor on one of its rows or nowhere."""
    page = draw(pages())
    ids = [ticket.id for ticket in page.rows]
    return Board(
        now=draw(instants),
        store_name=draw(texts),
        store_path=draw(texts),
        grid=draw(st.none() | grids()),
        hits=draw(st.none() | grids()),
        pivot=draw(st.sampled_from(Pivot)),
        pivoted=draw(st.none() | pivots()),
        nearest=tuple(draw(st.lists(tickets(), max_size=4))),
        page=page,
        view=draw(views()),
        filter_text=draw(texts),
        filter_back=draw(st.integers(-3, 40)),
        counts=draw(st.dictionaries(st.sampled_from(Tab), counts)),
        top=draw(st.integers(-5, 200)),
        cursor=draw(st.none() | st.sampled_from([*ids, "gone"])),
        cursor_index=draw(st.integers(-5, 200)),
        cell=draw(st.tuples(st.integers(-2, 9), st.integers(-2, 9))),
        focus=draw(st.sampled_from(Focus)),
        mode=draw(st.sampled_from(Mode)),
        prompt=draw(st.none() | prompts()),
        detail=draw(
            st.none() | st.tuples(tickets(), st.lists(events(), max_size=3).map(tuple)).map(lambda both: Detail(*both))
        ),
        detail_open=draw(st.booleans()),
        detail_top=draw(st.integers(-3, 99)),
        help_top=draw(st.integers(-3, 99)),
        outcome=draw(st.none() | st.builds(Outcome, texts, texts, instants, maybe_instants)),
        report=draw(st.none() | reports()),
        vigil=draw(vigils()),
        notes=draw(st.lists(texts | texts.map(lambda text: f"/a/b.toml: line 3: {text}"), max_size=3).map(tuple)),
        marks={ticket.id: ticket for ticket in draw(st.lists(tickets(), max_size=2))},
        freshness=draw(st.builds(Freshness, instants, maybe, st.integers(0, 9), st.integers(0, 9))),
        person=draw(maybe),
        shared=draw(st.booleans()),
        last=draw(st.none() | st.tuples(texts, instants)),
        read_only=draw(st.booleans()),
        past_at=draw(maybe_instants),
        past_only=draw(st.booleans()),
        past_speed=draw(st.sampled_from((0, 60, 900))),
        reason_of=draw(maybe),
        reason=draw(st.none() | st.lists(texts, max_size=4).map(tuple)),
        held_new=draw(st.none() | counts),
        held_gone=draw(counts),
        paused_at=draw(maybe_instants),
        follow=draw(maybe),
        zoom=draw(st.none() | st.sampled_from((Focus.LIST, Focus.DETAIL))),
        team=draw(st.lists(st.builds(Engineer, name=texts, key=texts, active=st.booleans()), max_size=5).map(tuple)),
        calendars=calendars(),
        trends=draw(trends()),
        keys=draw(st.dictionaries(st.sampled_from(("claim", "help", "back", "zone.red")), texts)),
        timezone=draw(st.sampled_from(("Europe/Berlin", "UTC", "", "../etc", "Nowhere/Else"))),
    )
