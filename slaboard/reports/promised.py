"""What was promised in a time, as the results of that time say it, and whether the targets fit what was done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from slaboard.reports.figure import share, share_text, span_text
from slaboard.reports.fit import SHARE, Fitted, fitted
from slaboard.reports.sheet import Sheet, Values
from slaboard.sla.autopsy import BUCKETS
from slaboard.sla.policy import TARGETS
from slaboard.ticket import Bucket

FAR = 3
"""Beyond so many times a target, a share of it is told in times, not in percent."""


class Promise(Struct):
    """One target of one policy, with the results that were judged by it. Spans are business seconds."""

    policy: str
    hours: str
    """When its clock counts, in words."""
    bucket: Bucket
    target_s: int
    version: int
    """The first version of the policy with it."""
    pauses: bool
    """Its clock waits with the ticket."""
    priorities: set[str] = field(default_factory=set)
    met: int = 0
    times: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        """`Gold (P1), Response 1h`."""
        only = f" ({', '.join(sorted(self.priorities))})" if self.priorities else ""
        return f"{self.policy}{only}, {BUCKETS[self.bucket]} {span_text(self.target_s)}"

    def fitted(self) -> Fitted:
        """Whether the target fits."""
        return fitted(self.target_s, self.times)


def promised(found: Iterable[Promise]) -> Sheet:
    """A paragraph for each policy: its targets and its hours."""
    groups: dict[tuple[str, str], list[Promise]] = {}
    for one in found:
        groups.setdefault((one.policy, one.hours), []).append(one)
    rows = tuple(_row(policy, hours, some) for (policy, hours), some in sorted(groups.items()))
    return Sheet(
        "promised", "What was promised", (), rows, ("policy", "hours", "priorities", "targets", "sentence"),
        "The targets by which the results of this time were judged; a policy that judged none is not told.",
        lambda row: str(row["sentence"]),
    )  # fmt: skip


def _row(policy: str, hours: str, found: Sequence[Promise]) -> Values:
    priorities = sorted(set().union(*(one.priorities for one in found)))
    targets: dict[Bucket, list[int]] = {}
    for one in sorted(found, key=lambda one: (TARGETS.index(one.bucket), one.version)):
        targets.setdefault(one.bucket, []).append(one.target_s)
    told = ", ".join(f"{BUCKETS[bucket]} within {', later '.join(map(span_text, s))}" for bucket, s in targets.items())
    waits = "a wait for somebody else is not counted"
    if any(one.bucket is Bucket.RESPONSE and not one.pauses for one in found):
        waits += ", except in Response" if len(targets) > 1 else ""
        waits = "a wait is counted, too" if len(targets) == 1 else waits
    whose = f"{policy}, for {', '.join(priorities)}" if priorities else policy
    return {
        "policy": policy, "hours": hours, "priorities": priorities,
        "targets": {bucket.value: seconds for bucket, seconds in targets.items()},
        "sentence": f"{whose}: {told}. Counted {hours}; {waits}.",
    }  # fmt: skip


def targets(found: Iterable[Promise]) -> Sheet:
    """Each target with what 90 % of its results took, and whether that makes it too loose or too tight."""
    return Sheet(
        "targets", "Do the targets fit?", (), tuple(map(_target, found)), _NAMES,
        "Sure is the 95 % confidence interval of what 90 % took at the most, by order statistics. Too tight: all of it "
        "is above the target. Too loose: all of it is within half of the target. It holds for work that comes as it "
        "came.",
        lambda row: str(row["sentence"]),
    )  # fmt: skip


_NAMES = (
    "policy", "priorities", "bucket", "target_s", "n", "met", "share", "p90_s", "low_s", "high_s", "fit", "suggested_s",
    "sentence",
)  # fmt: skip


def _target(one: Promise) -> Values:
    fit, n = one.fitted(), len(one.times)
    found = fit.found
    spans = (None,) * 3 if found is None else (found.value, found.low, found.high)
    values = (
        one.policy, sorted(one.priorities), one.bucket.value, one.target_s, n, one.met, share(one.met, n), *spans,
        fit.fit.value, fit.target_s, _sentence(one, fit),
    )  # fmt: skip
    return dict(zip(_NAMES, values, strict=True))


def _sentence(one: Promise, fit: Fitted) -> str:
    n = len(one.times)
    if fit.found is None:
        return f"{one.name}: too few to say (n = {n})."
    return f"{one.name}: {fit.fit.value}. {evidence(one, fit)}; kept {share_text(one.met, n)}."


def evidence(one: Promise, fit: Fitted) -> str:
    """`90 % took up to 41m, 68 % of the target (sure 63 % to 78 %, n = 212)`; in times of it where it is far off."""
    found = fit.found
    assert found is not None
    took = f"{float(SHARE * 100):g} % took up to {span_text(found.value)}"
    if not one.target_s:
        return f"{took} (n = {found.n:,})"
    is_far = found.value > FAR * one.target_s

    def part(seconds: int) -> str:
        return f"{seconds / one.target_s:.1f}" if is_far else f"{100 * seconds / one.target_s:.0f} %"

    high = f"to {part(found.high)}" if found.high is not None else "or more"
    unit = " times" if is_far else " of"
    return f"{took}, {part(found.value)}{unit} the target (sure {part(found.low or 0)} {high}, n = {found.n:,})"
