"""Working hours as people say them on one line: `mon-fri 09:00-17:00, sat 10-14 Europe/Berlin`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = "24x7"

_SUCH = f"Write such as mon-fri 09:00-17:00 Europe/Berlin, or {ALWAYS}."
_DAY = "|".join(DAYS)
_RANGE = re.compile(rf"({_DAY})[a-z]*(?:[-–]({_DAY})[a-z]*)?\Z", re.IGNORECASE)
_SPAN = re.compile(r"([01]?\d|2[0-4])(?::([0-5]\d))?[-–]([01]?\d|2[0-4])(?::([0-5]\d))?\Z")
_ZONE = re.compile(r"[A-Za-z][\w+-]*(?:/[\w+-]+)+\Z|[A-Z]{3,5}\Z")


@dataclass(frozen=True, slots=True)
class Week:
    """Opening hours by weekday, and the zone if one was said."""

    spans: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """`09:00-17:00` by `mon`; empty for around the clock."""
    zone: str | None = None

    def __str__(self) -> str:
        """The same as one line, days of the same hours together."""
        parts: list[tuple[list[str], tuple[str, ...]]] = []
        for day in DAYS:
            spans = self.spans.get(day, ())
            if parts and parts[-1][1] == spans:
                parts[-1][0].append(day)
            else:
                parts.append(([day], spans))
        said = [f"{_days(days)} {' '.join(spans)}" for days, spans in parts if spans]
        return " ".join(filter(None, (", ".join(said) or ALWAYS, self.zone)))


def parse(text: str) -> Week | str:
    """The week that `text` says, or a sentence about what cannot be read in it. Hours without days are mon-fri's."""
    spans: dict[str, tuple[str, ...]] = {}
    zone, is_always = None, False
    for part in re.split(r"[,;]", text):
        days: list[str] = []
        hours: list[str] = []
        for word in part.split():
            if found := _RANGE.match(word):
                days += _between(found[1].lower(), (found[2] or found[1]).lower())
            elif found := _SPAN.match(word):
                if doubt := _doubt(found):
                    return doubt
                hours.append(
                    "{:02}:{}-{:02}:{}".format(int(found[1]), found[2] or "00", int(found[3]), found[4] or "00")
                )
            elif word.lower() in (ALWAYS, "24/7"):
                is_always = True
            elif _ZONE.match(word):
                zone = word
            else:
                return f"{word[:40]!r} is no day, no hours and no time zone. {_SUCH}"
        if days and not hours:
            return f"{part.strip()[:40]!r} says no hours. {_SUCH}"
        spans |= dict.fromkeys((days or DAYS[:5]) if hours else (), tuple(hours))
    if is_always and spans:
        return f"{ALWAYS} and hours of days: say one of them."
    if not is_always and not spans:
        return f"No hours are said. {_SUCH}"
    return Week({} if is_always else spans, zone)


def _doubt(found: re.Match[str]) -> str | None:
    """A sentence where `9-5` may mean the day of an office or a long night; None where it can be only one of them."""
    first, last = int(found[1]), int(found[3])
    if found[1][0] == "0" or found[3][0] == "0" or not 0 < last <= first <= 12:
        return None
    begin, end = (f":{found[n]}" if found[n] else "" for n in (2, 4))
    day, night = f"{first}{begin}-{last + 12}{end}", f"{first:02}{begin}-{last:02}{end}"
    return f"{found[0]} would run past midnight. Write {day} for the day, or {night} for the night."


def _between(first: str, last: str) -> list[str]:
    """The days from `first` to `last`, over the weekend if it must be."""
    start, end = DAYS.index(first), DAYS.index(last)
    return [DAYS[number % 7] for number in range(start, (end if end >= start else end + 7) + 1)]


def _days(days: list[str]) -> str:
    return days[0] if len(days) == 1 else f"{days[0]}-{days[-1]}"
