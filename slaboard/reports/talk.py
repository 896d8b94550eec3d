"""What to talk about for the next time: sentences that follow from the figures of a review, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slaboard.reports.breach import CUSTOMER, Breach
from slaboard.reports.change import is_clear
from slaboard.reports.figure import SMALL, share_text, span_text
from slaboard.reports.fit import Fit
from slaboard.reports.promised import Promise
from slaboard.reports.promises import Kept
from slaboard.reports.sheet import Sheet, Values
from slaboard.sla.autopsy import BUCKETS, COUNTED
from slaboard.sla.hands import Part

REOPENED = 10
"""From so many reopens beside a hundred ends on, one talks about them."""
ANSWERED = 20
"""Up to so many answers beside a hundred solved tickets, a survey speaks for few."""
MOSTLY = 50
"""From so many percent of the counted time of the breaches on, that is where it went."""
TWICE = 2
"""A target that would have to be more than so many times as long is not proposed: it is the work that is late."""
SEVERAL = 3
"""Of fewer breaches nothing is said of where their time went."""


def talk(
    promises: Sequence[Promise], breaches: Sequence[Breach], kept: Sequence[Sequence[Kept]], labels: Sequence[str],
    tickets: Values | None, surveys: Values | None,
) -> Sheet:  # fmt: skip
    """The sentences; `kept` are the rows of each time in `labels`, the one of the review as the last."""
    topics = {
        "target": _targets(promises),
        "change": _changes(kept, labels),
        "time": _time(breaches),
        "waiting": _waiting(breaches),
        "reopened": _reopened(tickets),
        "surveys": _surveys(surveys),
    }
    rows = [{"about": about, "sentence": text} for about, sentences in topics.items() for text in sentences]
    return Sheet(
        "proposals", "To talk about", (), tuple(rows or [{"about": "nothing", "sentence": _NOTHING}]),
        ("about", "sentence"),
        "Proposals, not decisions: slaboard policy try shows what another policy would have made of the past.",
        lambda row: str(row["sentence"]),
    )  # fmt: skip


_NOTHING = "Nothing in these figures asks for a change."


def _targets(promises: Sequence[Promise]) -> Iterator[str]:
    for one in promises:
        fit = one.fitted()
        if fit.found is None or fit.target_s is None:
            continue
        n, target = fit.found.n, span_text(fit.target_s)
        kept, would = share_text(one.met, n), share_text(fit.kept, n)
        if fit.fit is Fit.TIGHT and fit.target_s > TWICE * one.target_s:
            yield (
                f"{one.name} was kept {kept}, and 90 % took up to {span_text(fit.found.value)}: that is no target to "
                "promise. What would it take to keep this one?"
            )
        elif fit.fit is Fit.TIGHT:
            yield (
                f"{one.name} was kept {kept}, too tight for how the work goes today: {target} would have been kept "
                f"{would}. Another target, or what would it take to keep this one?"
            )
        elif fit.target_s < one.target_s:
            yield (
                f"{one.name} was kept {kept}, far from what is done: {target} would have been kept {would}. Promise "
                "that?"
            )


def _changes(kept: Sequence[Sequence[Kept]], labels: Sequence[str]) -> Iterator[str]:
    if len(kept) < 2:
        return
    before = {row.bucket: row for row in kept[-2]}
    for row in kept[-1]:
        was = before.get(row.bucket)
        if was is not None and is_clear(row.met, row.n, was.met, was.n):
            how = "better" if row.met * was.n > was.met * row.n else "worse"
            now, then = share_text(row.met, row.n), share_text(was.met, was.n)
            yield f"{BUCKETS[row.bucket]} was kept clearly {how} than in {labels[-2]}: {now} after {then}. Why?"


_QUESTIONS = {
    Part.UNSEEN: "passed before anybody saw the ticket. Who looks at new tickets, and when does nobody?",
    Part.UNCLAIMED: "passed while the ticket was seen and nobody's. Who decides whose it is?",
    Part.IDLE: "passed while the ticket was somebody's and no work on it is recorded. Was there work that is not "
    "recorded, or too much at once?",
    Part.WORKED: "was work. So the work takes longer than is promised: is that the right target?",
}


def _time(breaches: Sequence[Breach]) -> Iterator[str]:
    """Where most of the counted time of several breaches went."""
    sums = {part: sum(one.found.seconds(part) for one in breaches) for part in COUNTED}
    whole, most = sum(sums.values()), max(COUNTED, key=lambda part: sums[part])
    if len(breaches) >= SEVERAL and whole and 100 * sums[most] >= MOSTLY * whole:
        yield f"{share_text(sums[most], whole)} of the counted time of the breaches {_QUESTIONS[most]}"


def _waiting(breaches: Sequence[Breach]) -> Iterator[str]:
    """How many of the breaches waited for the customer, too."""
    waits = [
        sum(spent.seconds for spent in one.found.shares if spent.part is Part.WAITING and spent.who == CUSTOMER)
        for one in breaches
    ]
    if waiting := [seconds for seconds in waits if seconds]:
        yield (
            f"{len(waiting):,} of the {len(breaches):,} breaches also waited for the customer, "
            f"{span_text(sum(waiting))} in all. No target counts that; quicker answers would help both all the same."
        )


def _reopened(tickets: Values | None) -> Iterator[str]:
    if tickets and tickets["ended"] >= SMALL and 100 * tickets["reopened"] >= REOPENED * tickets["ended"]:
        rate = share_text(tickets["reopened"], tickets["ended"])
        yield (
            f"{tickets['reopened']:,} reopened beside {tickets['ended']:,} ended ({rate}): what does the customer need "
            "to call a ticket solved?"
        )


def _surveys(surveys: Values | None) -> Iterator[str]:
    if surveys and surveys["answered"] and surveys["solved"] >= SMALL:
        answered, solved = surveys["answered"], surveys["solved"]
        if 100 * answered <= ANSWERED * solved:
            yield f"{answered:,} answers to the survey beside {solved:,} solved tickets speak for few of them."
