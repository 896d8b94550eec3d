"""What becomes of one made-up ticket: a plan of instants, and the events that tell it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from slaboard.demo import cast, realday
from slaboard.demo.dice import Dice, spread
from slaboard.ticket import ActorKind, Direction, Event, Kind, Stage

MINUTE = 60
HOUR = 60 * MINUTE

_ANSWERED: realday.Knots = ((0.3, 4), (0.6, 12), (0.8, 24), (0.92, 40), (0.985, 56))
"""Time to the first answer where no engineer was faster. Ours: the real log holds no messages."""
_LONGEST = {"answer": 85, "claim": 560, "engage": 600, "resolve": 1800}
"""Minutes that the slowest ticket takes; the real tail is weeks long."""
_PACE = {"P1": 0.3, "P2": 0.6}
"""The share of the usual time that an urgent ticket takes."""
_REASONS = {"customer": 0.82, "vendor": 0.09, "parts": 0.06, "change window": 0.03}
_LINKED = "Linked to the known problem."
_TOLD = "Known, fix is on its way. Sent the standard notice."
_STARS = {5: 0.55, 4: 0.25, 3: 0.1, 2: 0.06, 1: 0.04}


class Draft(Struct, frozen=True):
    """A ticket as it comes in. `at` is epoch seconds, `skill` is what it asks for; `priority` may be empty."""

    id: str
    at: int
    title: str
    customer: str
    priority: str
    contact: str
    skill: str
    type: str = "Incident"


class Plan(Struct, frozen=True):
    """When what is done about a ticket, epoch seconds: answer and claim, then engage, then resolve."""

    answer: int
    """No human answers before it is resolved when this is `resolve` or later."""
    claim: int
    engage: int
    resolve: int
    wait: tuple[int, int] | None = None
    """From and until, after `engage` and before `resolve`."""
    handover: tuple[int, int] | None = None
    """Given away and taken on, after `claim` and before `resolve`; nobody owns it in between."""
    notice: str = ""
    """The note that answers, by the automatic notice to the customer that it sets off."""


def usual(dice: Dice, draft: Draft, luck: float) -> Plan:
    """A plan for a ticket of the day, as fast and as slow as the real ones: `luck` (0 is best, to 1) mostly lasts."""
    pace = _PACE.get(draft.priority, 1.0)

    def after(knots: realday.Knots, longest: int) -> int:
        share = luck if dice.chance(0.92) else dice.share()
        return draft.at + int(pace * spread(knots, share, longest)) + dice.between(0, 20)

    claim = max(draft.at + 15, after(realday.ASSIGNED, _LONGEST["claim"]))
    engage = max(claim + 10, after(realday.MOVED, _LONGEST["engage"]))
    resolve = max(engage + 30, after(realday.RESOLVED, _LONGEST["resolve"]))
    wait = None
    if resolve - engage > 2 * HOUR and dice.chance(0.34):
        start = engage + dice.between(2 * MINUTE, HOUR)
        wait = (start, start + dice.between(HOUR, 18 * HOUR))
        resolve = max(resolve, wait[1] + dice.between(10 * MINUTE, HOUR))
    answer = draft.at + 30 + int(pace * spread(_ANSWERED, dice.share(), _LONGEST["answer"]))
    return Plan(
        answer=min(answer, engage - 5) if dice.chance(0.95) else resolve,
        claim=claim,
        engage=engage,
        resolve=resolve,
        wait=wait,
        handover=_handover(dice, claim, engage, resolve),
        notice=_TOLD if dice.chance(0.08) else "",
    )


def _handover(dice: Dice, claim: int, engage: int, resolve: int) -> tuple[int, int] | None:
    """What nobody gets to engage with is mostly given back and lies unowned; the rest may go from hand to hand."""
    if engage - claim > HOUR // 2:
        given, taken = claim + dice.between(MINUTE, 15 * MINUTE), engage - dice.between(20, 5 * MINUTE)
        return (given, taken) if dice.chance(0.75) else None
    latest = min(resolve - 20, claim + 2 * HOUR)
    if latest <= claim + MINUTE or dice.chance(0.72):
        return None
    given = dice.between(claim + MINUTE, latest)
    return given, given


def outage(draft: Draft, luck: float, linked: int) -> Plan:
    """A plan for a ticket of an outage, which a colleague gets round to linking to the known problem at `linked`.

    `luck` is 0 to 1, best first.
    """
    claim = draft.at + 20 + spread(realday.WAVE_ASSIGNED, luck, 400)
    engage = max(claim + 10, draft.at + spread(realday.WAVE_MOVED, luck, _LONGEST["engage"]))
    resolve = max(engage + 30, draft.at + spread(realday.WAVE_RESOLVED, luck, _LONGEST["resolve"]))
    linked = max(linked, draft.at + MINUTE)
    return Plan(min(linked, engage - 5), claim, engage, resolve, notice=_LINKED if linked < engage - 5 else "")


def leftover(dice: Dice, draft: Draft, morning: int) -> Plan:
    """A plan for a ticket from the days before that is still open in the `morning`: waiting, handed back, in work."""
    evening = morning + 12 * HOUR
    answer = draft.at + dice.between(3 * MINUTE, 50 * MINUTE)
    claim = draft.at + dice.between(2 * MINUTE, HOUR)
    engage = max(answer, claim) + dice.between(5 * MINUTE, 3 * HOUR)
    resolve = morning + dice.between(HOUR, 12 * HOUR) if dice.chance(0.3) else evening + dice.between(HOUR, 30 * HOUR)
    wait = handover = None
    fate = dice.share()
    if fate < 0.2 or (morning - draft.at > 24 * HOUR and fate < 0.85):
        start = dice.between(engage + 10 * MINUTE, min(engage + 20 * HOUR, morning))
        until = morning + dice.between(0, 12 * HOUR) if dice.chance(0.3) else evening + dice.between(0, 24 * HOUR)
        wait = (start, until)
        resolve = max(resolve, until + dice.between(10 * MINUTE, 2 * HOUR))
    elif fate < 0.88:
        taken = morning + dice.between(0, 12 * HOUR) if dice.chance(0.25) else evening + dice.between(0, 8 * HOUR)
        handover = (dice.between(engage + 10 * MINUTE, morning), taken)
        resolve = max(resolve, taken + dice.between(10 * MINUTE, 2 * HOUR))
    return Plan(answer=answer, claim=claim, engage=engage, resolve=resolve, wait=wait, handover=handover)


def tell(dice: Dice, draft: Draft, plan: Plan) -> list[Event]:
    """All events of the ticket, to its end, in the order of their instants."""
    story = _Story(dice, draft, plan, *_owners(dice, draft.skill))
    story.arrive()
    story.answer()
    story.own()
    story.work()
    story.finish()
    return sorted(story.events, key=lambda event: event.at)


def _owners(dice: Dice, skill: str) -> tuple[str, str]:
    """Who takes the ticket first and to whom it goes then: mostly those who know the matter."""
    names = {one.name: 6.0 if skill in one.skills else 1.0 for one in cast.TEAM if one.name != cast.DISPATCHER}
    first = dice.weighted(names)
    del names[first]
    return first, dice.weighted(names)


@dataclass
class _Story:
    """One ticket's events while they are written down."""

    dice: Dice
    draft: Draft
    plan: Plan
    first: str
    second: str
    events: list[Event] = field(default_factory=list)

    def add(self, at: int, kind: Kind, actor: str, actor_kind: ActorKind = ActorKind.HUMAN, **facts: Any) -> None:
        self.events.append(Event(ticket=self.draft.id, at=at, kind=kind, actor=actor, actor_kind=actor_kind, **facts))

    def mark(self) -> str:
        """A fresh id for the next event, so that another one can name it."""
        return f"{self.draft.id}/{len(self.events) + 1}"

    def owner(self, at: int) -> str:
        """Who acts on the ticket at `at`: its owner, or the dispatcher while it lies unowned."""
        if self.plan.handover is None or at < self.plan.handover[0]:
            return self.first
        return self.second if at >= self.plan.handover[1] else cast.DISPATCHER

    def from_customer(self, at: int) -> None:
        self.add(at, Kind.MESSAGE, "customer", ActorKind.CUSTOMER, direction=Direction.IN, channel="email")

    def to_customer(self, at: int, actor: str, channel: str = "email") -> None:
        self.add(at, Kind.MESSAGE, actor, direction=Direction.OUT, channel=channel)

    def automatic(self, at: int, actor: str, **facts: Any) -> None:
        out = {"direction": Direction.OUT, "channel": "email"}
        self.add(at, Kind.MESSAGE, actor, ActorKind.AUTOMATION, **out, **facts)

    def arrive(self) -> None:
        """It comes in; a robot says so, which is no answer (rule 8); whoever waits long asks again."""
        dice, draft, plan = self.dice, self.draft, self.plan
        watched = draft.contact == "monitoring"
        self.add(
            draft.at,
            Kind.CREATED,
            draft.contact,
            ActorKind.AUTOMATION if watched else ActorKind.CUSTOMER,
            title=draft.title,
            customer=draft.customer,
            priority=draft.priority or None,
            status="New",
            board=draft.skill.capitalize(),
            type=draft.type,
        )
        if draft.contact in ("mail", "portal") and dice.chance(0.9):
            self.automatic(draft.at + dice.between(2, 15), "autoreply")
        if not watched and plan.answer - draft.at > 25 * MINUTE and dice.chance(0.5):
            self.from_customer(dice.between(draft.at + 15 * MINUTE, plan.answer))
        if not draft.priority and dice.chance(0.4):
            self.sort_out(dice.between(draft.at + 10 * MINUTE, draft.at + 2 * HOUR), Kind.PRIORITY, priority="P3")
        if dice.chance(0.015):
            self.sort_out(plan.claim + 5, Kind.CUSTOMER, customer=dice.weighted(cast.CUSTOMERS))

    def sort_out(self, at: int, kind: Kind, **facts: Any) -> None:
        """The dispatcher sets right how it was filed, unless it is done already."""
        if at < self.plan.resolve:
            self.add(at, kind, cast.DISPATCHER, **facts)

    def answer(self) -> None:
        """The first human answer: a mail, a call, or the notice that a human's note sets off."""
        at = self.plan.answer
        if at >= self.plan.resolve:
            return
        by = self.owner(at) if at >= self.plan.claim else cast.DISPATCHER
        if self.plan.notice:
            cause = self.mark()
            self.add(at, Kind.NOTE, by, id=cause, note=self.plan.notice)
            self.automatic(at + 2, "notice", caused_by=cause)
        else:
            self.to_customer(at, by, "phone" if self.dice.chance(0.25) else "email")

    def own(self) -> None:
        """Claimed, sometimes by the wrong one first; handed over, or given back and claimed again."""
        claim = self.plan.claim
        if self.plan.engage - claim > 3 * MINUTE and self.dice.chance(0.02):
            slip = self.mark()
            self.add(claim, Kind.CLAIM, self.second, id=slip)
            self.add(claim + 20, Kind.UNDO, self.second, caused_by=slip)
            claim += 40
        self.add(claim, Kind.CLAIM, self.first)
        if self.plan.handover is None:
            return
        given, taken = self.plan.handover
        if given == taken:
            self.add(given, Kind.TAKEOVER, self.second)
        else:
            self.add(given, Kind.RELEASE, self.first, note="Handing back, needs somebody else.")
            self.add(taken, Kind.CLAIM, self.second)

    def work(self) -> None:
        """Engaged, noted, perhaps found to be more or less urgent, perhaps waiting for somebody."""
        dice, plan = self.dice, self.plan
        self.add(plan.engage, Kind.ENGAGE, self.owner(plan.engage))
        self.add(plan.engage, Kind.STATUS, self.owner(plan.engage), status="In progress")
        if dice.chance(0.25):
            at = dice.between(plan.engage + 1, plan.resolve)
            self.add(at, Kind.NOTE, self.owner(at), note=dice.pick(cast.NOTES))
        if self.draft.priority in ("P1", "P3") and dice.chance(0.03):
            at = dice.between(plan.engage + 1, min(plan.resolve, plan.engage + HOUR))
            now = "P3" if self.draft.priority == "P1" else dice.weighted({"P2": 2, "P1": 1})
            self.add(at, Kind.PRIORITY, self.owner(at), priority=now)
        if plan.wait is not None:
            self.wait(*plan.wait)

    def wait(self, start: int, until: int) -> None:
        """Stopped for a reason, and gone on with when that is over."""
        reason = self.dice.weighted(_REASONS)
        if reason == "customer":
            self.to_customer(start, self.owner(start))
            self.from_customer(until - self.dice.between(1, 10 * MINUTE))
        word = f"Waiting for {reason}"
        self.add(start, Kind.STATUS, self.owner(start), status=word, stage=Stage.WAITING, reason=reason)
        self.add(until, Kind.STATUS, self.owner(until), status="In progress", stage=Stage.RESOLVE)

    def finish(self) -> None:
        """Resolved and told so; sometimes it was not, sometimes there is a word of thanks or a mark."""
        dice, done = self.dice, self.plan.resolve
        last = self.owner(done)
        if dice.chance(0.6):
            self.to_customer(done - 1, last)
        self.add(done, Kind.RESOLVE, last)
        if dice.chance(0.03):
            again = done + dice.between(15 * MINUTE, 90 * MINUTE)
            self.from_customer(again - 1)
            self.add(again, Kind.REOPEN, "customer", ActorKind.CUSTOMER)
            done = again + dice.between(30 * MINUTE, 3 * HOUR)
            self.add(done, Kind.RESOLVE, last)
        elif dice.chance(0.15):
            self.from_customer(done + dice.between(5 * MINUTE, HOUR))
        if dice.chance(0.1):
            mark = {"nps": dice.between(3, 11)} if dice.chance(0.4) else {"csat": dice.weighted(_STARS)}
            self.add(done + dice.between(10 * MINUTE, 2 * HOUR), Kind.SURVEY, "customer", ActorKind.CUSTOMER, **mark)
        if dice.chance(0.2):
            self.add(done + dice.between(150 * MINUTE, 5 * HOUR), Kind.CLOSE, "housekeeping", ActorKind.AUTOMATION)
