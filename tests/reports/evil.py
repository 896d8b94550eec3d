"""A store whose people, customers and boards are called as nobody should be."""

from __future__ import annotations

from pathlib import Path

from slaboard.ticket import Event, Kind
from tests.reports.past import taken
from tests.sla.story import at
from tests.store.desk import desk

FETCHED = "evil.example"
"""A host that a page would ask, if it asked any."""
NAMES = (
    "<script>alert(1)</script>",
    f'"><img src=http://{FETCHED}/x.png onerror=alert(1)>',
    f"![x](http://{FETCHED}/x.png) | [y](http://{FETCHED})",
    f"</style><style>@import url(http://{FETCHED}/x.css)",
    '=HYPERLINK("http://evil.example";1)',
    "\x1b]0;gone\x07\x1b[2J\u202egnp.exe\x9b1m",
)


def hostile(path: Path) -> Path:
    """A store at `path` with a resolved ticket for each name, as a feed would bring them."""
    events = []
    for number, name in enumerate(NAMES):
        ticket, who = f"E-{number}", f"=cmd|{name}"
        events += [
            Event(
                ticket=ticket, at=at("09:00"), kind=Kind.CREATED, title=name, customer=name, board=name,
                priority="P1" if number % 2 else "P2",
            ),
            Event(ticket=ticket, at=at("09:10"), kind=Kind.CLAIM, actor=who),
            Event(ticket=ticket, at=at("09:20"), kind=Kind.RESOLVE, actor=who),
        ]  # fmt: skip
    with desk(path) as store:
        taken(store, events, "evil", at("09:30"))
    return path
