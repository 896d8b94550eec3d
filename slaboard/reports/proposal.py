"""A policy file with targets that the team has kept: the one in force, with suggested policies before its own. Pure."""

from __future__ import annotations

import tomllib
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any

from msgspec import Struct, field

from slaboard.board import durations
from slaboard.reports.figure import share_text
from slaboard.reports.suggestion import CONFIDENCE, FEWEST, Quantile, least, quantile
from slaboard.reports.toml_text import tables, value
from slaboard.reports.whatif import Result
from slaboard.sla.policy import TARGETS, Policy, PolicySet, fold
from slaboard.text import clean
from slaboard.ticket import Bucket

MOST = 200
"""Groups that get a policy of their own, those with most results; the others stay with the policies in force."""
_NAME = 60


class Group(Struct):
    """What the results of one priority or customer took, by the policy in force that judged them, in seconds."""

    word: str
    """As it was first written."""
    times: dict[tuple[str, Bucket], array[int]] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)
    """Results by policy."""


class Proposal(Struct):
    """Results, taken in one by one, and the policy file that follows from them."""

    policies: PolicySet
    """The policy in force, which also judged the results."""
    by: str
    """`priority` or `customer`."""
    share: Fraction
    span: str
    """Which time the results are of, in words."""
    groups: dict[str, Group] = field(default_factory=dict)

    def add(self, result: Result) -> None:
        """Take in one finished clock."""
        clock = result.clock
        if clock.bucket not in TARGETS or clock.elapsed_s is None:
            return
        word = result.priority if self.by == "priority" else result.customer
        group = self.groups.setdefault(fold(word), Group(clean(word).strip()))
        group.times.setdefault((clock.policy, clock.bucket), array("q")).append(clock.elapsed_s)
        group.counted[clock.policy] += 1

    @property
    def n(self) -> int:
        """How many results there are."""
        return sum(sum(group.counted.values()) for group in self.groups.values())

    def lines(self) -> Iterator[str]:
        """The policy file, each suggestion with what it rests on."""
        written: dict[str, Any] = tomllib.loads(self.policies.text.removeprefix("\ufeff"), parse_float=Decimal)
        own: list[dict[str, Any]] = written.pop("policy", [])
        by_name = dict(zip((policy.name for policy in self.policies.policies), own, strict=True))
        yield from self._head()
        yield from tables(written)
        suggested: set[str] = set()
        names = {policy.name for policy in self.policies.policies}
        for key, group in islice(self._largest(), MOST):
            told = list(self._policy(group, by_name, names))
            if told:
                suggested.add(key)
                yield from ("", *told)
        for policy in self.policies.policies:
            if self.by in policy.match and policy.match[self.by] <= suggested:
                yield f"\n# {_comment(policy.name)} is left out: the policies above take all of its tickets."
            else:
                yield from ("", "[[policy]]", *(f"{name} = {value(v)}" for name, v in by_name[policy.name].items()))

    def _head(self) -> Iterator[str]:
        percent = _percent(self.share)
        yield f"# Targets that {percent} of the results kept, {self.span}; rounded up."
        yield f"# 'sure' is the {_percent(Fraction(str(CONFIDENCE)))} confidence interval of that time, by order"
        yield "# statistics: no shape of the times is taken for granted, only that what comes is as what"
        yield f"# was. It takes {least(self.share)} results to have an upper end. Suggested policies stand first; those"
        yield "# in force follow for what they leave."
        yield "# Try it before you apply it: slaboard policy try FILE"

    def _largest(self) -> list[tuple[str, Group]]:
        return sorted(self.groups.items(), key=lambda item: (-sum(item[1].counted.values()), item[0]))

    def _policy(self, group: Group, by_name: Mapping[str, Mapping[str, Any]], names: set[str]) -> Iterator[str]:
        """One suggested policy; nothing where too few results say anything."""
        model = next(p for p in self.policies.policies if p.name == group.counted.most_common(1)[0][0])
        alike = {p.name for p in self.policies.policies if _rules(p) == _rules(model)}
        found = {bucket: self._times(group, alike, bucket) for bucket in TARGETS}
        told = {bucket: quantile(times, self.share) for bucket, times in found.items() if len(times) >= FEWEST}
        if not told:
            return
        left = sum(n for name, n in group.counted.items() if name not in alike)
        yield "[[policy]]"
        name = _free(f"{group.word[:_NAME] or f'no {self.by}'}, suggested", names)
        yield f"name = {value(name)}"
        yield f"match = {{ {self.by} = {value([group.word])} }}"
        yield f"calendar = {value(model.calendar)}"
        settings = {k: v for k, v in by_name[model.name].items() if k not in ("name", "match", "calendar", "targets")}
        yield from (f"{name} = {value(v)}" for name, v in settings.items())
        for bucket in TARGETS:
            if bucket in told:
                yield f"# {bucket.value}: {self._evidence(told[bucket], model.targets.get(bucket), found[bucket])}"
            elif bucket in model.targets:
                yield f"# {bucket.value}: only {len(found[bucket])} results, too few to say; as it is today"
        if left:
            yield f"# {left:,} results by policies with another calendar or other rules are not in these figures."
        targets = {**model.targets, **{bucket: one.target for bucket, one in told.items()}}
        text = {bucket.value: _target(targets[bucket]) for bucket in TARGETS if bucket in targets}
        yield f"targets = {value(text)}"

    def _times(self, group: Group, alike: set[str], bucket: Bucket) -> array[int]:
        found = array("q")
        for (policy, one), times in group.times.items():
            if one is bucket and policy in alike:
                found.extend(times)
        return found

    def _evidence(self, found: Quantile, today: int | None, times: array[int]) -> str:
        span = durations.span
        low = span(found.low) if found.low is not None else "0m"
        high = f"to {span(found.high)}" if found.high is not None else "and more: too few for an upper end"
        text = (
            f"{_percent(self.share)} took {span(found.value)} at most, sure {low} {high} (n = {found.n:,}); "
            f"kept {share_text(found.kept, found.n)}"
        )
        if today is None:
            return text
        return f"{text}; today {span(today)} keeps {share_text(sum(one <= today for one in times), found.n)}"


def _rules(policy: Policy) -> tuple[object, ...]:
    """What decides how long a clock takes: results under the same may be added up."""
    return (
        policy.calendar, policy.response_pauses, policy.response_by_status, policy.update_mode, policy.engage_skill,
    )  # fmt: skip


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):g} %"


def _target(seconds: int) -> str:
    """A duration as a policy file writes it: `"1h30m"`."""
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return "".join(f"{n}{unit}" for n, unit in ((hours, "h"), (minutes, "m"), (rest, "s")) if n) or "0m"


def _free(name: str, taken: set[str]) -> str:
    """`name`, with a number behind it where it is taken; taken from now on."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name} {number}"
    taken.add(found)
    return found


def _comment(text: str) -> str:
    return clean(text, limit=_NAME)
