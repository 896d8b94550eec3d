"""What customers said afterwards: CSAT, NPS, and how many said anything (docs/metrics.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from slaboard.reports.course import Course
from slaboard.reports.cut import Cut, in_order
from slaboard.reports.figure import NOTHING, SMALL, share, share_text
from slaboard.reports.question import Key
from slaboard.reports.sheet import Column, Sheet, Values, key_columns, number_of

SATISFIED = 4
"""CSAT counts answers from here on (of 5): the top two boxes."""
PROMOTER, PASSIVE = 9, 7
"""From where on an NPS answer (0 to 10) promotes, and does not detract (Reichheld, 2003)."""


class Surveys(Struct):
    """The answers of one group; of several about one ticket the last counts."""

    solved: int = 0
    answered: int = 0
    csat: list[int] = field(default_factory=list)
    nps: list[int] = field(default_factory=list)

    def values(self) -> Values:
        """As a row has it."""
        satisfied = sum(score >= SATISFIED for score in self.csat)
        promoters, detractors = sum(s >= PROMOTER for s in self.nps), sum(s < PASSIVE for s in self.nps)
        return {
            "solved": self.solved, "answered": self.answered, "response_rate": share(self.answered, self.solved),
            "csat_n": len(self.csat), "satisfied": satisfied, "csat": share(satisfied, len(self.csat)),
            "csat_mean": share(sum(self.csat), len(self.csat)),
            "nps_n": len(self.nps), "promoters": promoters, "detractors": detractors,
            "nps": share(100 * (promoters - detractors), len(self.nps)),
        }  # fmt: skip


def take(found: defaultdict[tuple[Key, ...], Surveys], course: Course, cut: Cut) -> None:
    """Count one ticket: its answers where they fall in time, and itself where it was first ended."""
    first = course.first_end
    if first is not None and (piece := cut.piece(first)) is not None:
        found[cut.keys(course.facts, piece)].solved += 1
    csat, nps = _last(course.csat, cut), _last(course.nps, cut)
    for piece in csat.keys() | nps.keys():
        group = found[cut.keys(course.facts, piece)]
        group.answered += 1
        group.csat += [csat[piece]] if piece in csat else []
        group.nps += [nps[piece]] if piece in nps else []


def _last(answers: Iterable[tuple[int, int]], cut: Cut) -> Mapping[int, int]:
    """The last answer in each piece of time."""
    return {piece: score for at, score in answers if (piece := cut.piece(at)) is not None}


def sheet(found: dict[tuple[Key, ...], Surveys], by: tuple[str, ...]) -> Sheet:
    """The groups as a sheet."""
    rows = sorted(found.items(), key=lambda item: in_order(item[0], by))
    return Sheet(
        "surveys", "What customers said", (*key_columns(by), *_COLUMNS),
        tuple({**dict(zip(by, keys, strict=True)), **surveys.values()} for keys, surveys in rows), (*by, *_VALUES),
        "answers: tickets with an answer in the time, beside those first ended in it; CSAT: 4 and 5 of 5; NPS: share "
        "of 9 and 10 less that of 0 to 6, of 10",
    )  # fmt: skip


def _nps_text(row: Values) -> str:
    """`+42`; the promoters and detractors themselves where they are few."""
    if not row["nps_n"]:
        return NOTHING
    if row["nps_n"] < SMALL:
        return f"+{row['promoters']} -{row['detractors']} of {row['nps_n']}"
    return f"{row['nps']:+.0f}"


def _mean_text(row: Values) -> str:
    return NOTHING if row["csat_mean"] is None else f"{row['csat_mean']:.2f}"


_VALUES = tuple(Surveys().values())
_COLUMNS = (
    Column("solved", number_of("solved"), spare=2),
    Column("answers", number_of("answered"), spare=1),
    Column("rate", lambda row: share_text(row["answered"], row["solved"])),
    Column("CSAT answers", number_of("csat_n"), spare=3),
    Column("CSAT", lambda row: share_text(row["satisfied"], row["csat_n"])),
    Column("mean", _mean_text, spare=5),
    Column("NPS answers", number_of("nps_n"), spare=4),
    Column("NPS", _nps_text),
)
