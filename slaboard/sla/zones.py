"""Where a clock changes colour: shares of its target, and how many business seconds those are."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal

from slaboard.ticket import Zone


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Business seconds used at which a clock turns yellow, orange and red (rules 3 and 4)."""

    target: int
    yellow: int
    orange: int

    @property
    def red(self) -> int:
        """Late means strictly later: one second more than the target."""
        return self.target + 1

    def zone(self, used: int) -> Zone:
        """The zone after `used` business seconds."""
        if used >= self.red:
            return Zone.RED
        if used >= self.orange:
            return Zone.ORANGE
        return Zone.YELLOW if used >= self.yellow else Zone.GREEN


@dataclass(frozen=True, slots=True)
class Zones:
    """Where yellow and orange begin: at a share of the target used, or with so many seconds left (rule 4)."""

    yellow: Decimal = Decimal("0.50")
    orange: Decimal = Decimal("0.75")
    yellow_floor_s: int | None = None
    orange_floor_s: int | None = None
    _known: dict[int, Thresholds] = field(default_factory=dict, init=False, repr=False, compare=False)
    """A policy has few targets, and its tickets ask for them without end."""

    def of(self, target: int) -> Thresholds:
        """The worse of share and floor wins, and no zone opens after the next worse one."""
        known = self._known.get(target)
        if known is None:
            orange = _threshold(target, self.orange, self.orange_floor_s)
            yellow = min(_threshold(target, self.yellow, self.yellow_floor_s), orange)
            known = self._known[target] = Thresholds(target, yellow, orange)
        return known


def _threshold(target: int, share: Decimal, floor: int | None) -> int:
    used = int((share * target).to_integral_value(ROUND_CEILING))
    return used if floor is None else min(used, max(0, target - floor))
