"""Weeks of a made-up desk for the tests of the history screen, as of the factory's Friday afternoon."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from slaboard.board.trends import (
    Figures,
    Flow,
    Item,
    Items,
    Kept,
    Part,
    Person,
    Span,
    Trends,
    What,
)
from slaboard.ticket import PROMISES, Bucket, Zone
from tests.board.factory import NOW, TITLES

ZONE = "Europe/Berlin"


def monday(weeks_ago: int) -> int:
    """The midnight in Berlin with which a week began."""
    begin = datetime(2025, 11, 17, tzinfo=ZoneInfo(ZONE)) - timedelta(weeks=weeks_ago)
    return int(begin.timestamp())


AT = NOW - 20
WEEKS = (Span(monday(0), AT + 1), *(Span(monday(ago), monday(ago - 1)) for ago in range(1, 12)))
KEPT = {
    (week, bucket): Kept(n, n - missed, missed + 2)
    for week in range(12)
    for place, bucket in enumerate(PROMISES)
    for n, missed in (
        (3 if week == 11 else 90 + 7 * (week * 5 % 9) + place, 1 if week == 11 else 2 + 3 * place + week),
    )
} | {(11, Bucket.RESPONSE): Kept(3, 2, 0), (11, Bucket.RESOLUTION): Kept(1, 1, 1)}
HOURS = {
    (day, hour): (18 - abs(hour - 11) * 2) * (6 - day) // 2
    for day in range(6)
    for hour in range(7, 18)
    if (18 - abs(hour - 11) * 2) * (6 - day) // 2 > 0
}
PEOPLE = (
    Person("Ana", 12, 31, 24, ("Ana",)),
    Person("Ben", 7, 22, 20, ("Ben", "Ben ")),
    Person("Chi", 0, 4, 9, ("Chi",)),
    Person("Dee"),
    Person("Florentine of the night shift", 3, 2, 1, ("Florentine of the night shift",)),
)
FIGURES = Figures(
    at=AT,
    timezone=ZONE,
    weeks=WEEKS,
    kept=KEPT,
    days=(Span(monday(0) + 4 * 86_400, AT + 1), *(Span(monday(ago) + 4 * 86_400, AT - ago) for ago in range(1, 9))),
    flows={
        What.OPENED: Flow(41, (38, 30, 44, 35, 37, 39, 29, 36)),
        What.ENDED: Flow(29, (33, 31, 30, 36, 28, 35, 32, 34)),
        What.BREACHED: Flow(6, (2, 3, 1, 2, 4, 2, 0, 3)),
    },
    hours=HOURS,
    people=PEOPLE,
)
PART = Part(What.JUDGED, WEEKS[2], KEPT[2, Bucket.RESPLAN].n, Bucket.RESPLAN)
ITEMS = Items(
    PART,
    tuple(
        Item(
            f"T-{9_000 + number}", WEEKS[2].until - 9_000 * number, TITLES[number % len(TITLES)], "Tansy Bakery", "P2",
            "Ana" if number % 3 else None, Bucket.RESPLAN, number > 8, Zone.RED if number < 9 else Zone.GREEN,
            20_000 - 900 * number, 14_400,
        )
        for number in range(30)
    ),
    PART.count,
)  # fmt: skip
LOOKING = Trends(figures=FIGURES, since=AT)
