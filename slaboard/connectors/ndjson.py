"""Event lines: one JSON object a line, each one event (see docs/import.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, tzinfo
from typing import Annotated, Any, ClassVar, NamedTuple

import msgspec
from msgspec import Struct

from slaboard.connectors.base import BOM, MAX_LINE, BrokenInput, Parsed, id_problem, shown
from slaboard.connectors.times import instant
from slaboard.text import MAX_TEXT, cap
from slaboard.ticket import ActorKind, Bucket, Direction, Event, Kind, Stage


class Ndjson(Struct, frozen=True):
    """Reads event lines; a time without an offset is one of `tz`."""

    tz: tzinfo = UTC
    name: ClassVar[str] = "ndjson"

    def read(self, lines: Iterable[bytes]) -> Iterator[Parsed]:
        """One `Parsed` a line that is not blank, with its one event or the problem."""
        number = 0
        try:
            for number, line in enumerate(lines, 1):
                if number == 1:
                    line = line.removeprefix(BOM)
                if not line or line.isspace():
                    continue
                try:
                    yield Parsed(number, (_event(line, self.tz),), size=len(line))
                except ValueError as error:
                    yield Parsed(number, problem=str(error))
        except BrokenInput as error:
            yield Parsed(number + 1, problem=str(error))


class _Line(msgspec.Struct, gc=False):
    """An event line as it is written. A key that is missing, null or an empty text is not given."""

    ticket: str | None = None
    at: str | int | float | None = None
    kind: str | None = None
    # SQLite keeps 64 bits, JSON programs 53.
    seq: Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)] | None = None
    actor: str | None = None
    actor_kind: ActorKind | None = None
    id: str | None = None
    caused_by: str | None = None
    title: str | None = None
    customer: str | None = None
    priority: str | None = None
    status: str | None = None
    stage: Stage | None = None
    owner: str | None = None
    reason: str | None = None
    direction: Direction | None = None
    channel: str | None = None
    url: str | None = None
    board: str | None = None
    type: str | None = None
    source_due: dict[str, str | int | float | None] | None = None
    note: str | None = None
    skill: str | None = None
    csat: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    nps: Annotated[int, msgspec.Meta(ge=0, le=10)] | None = None


_WANTED: Mapping[str, str] = {
    "at": "an ISO-8601 time such as 2026-01-05T09:00:00Z, or seconds since 1970",
    "seq": "a whole number of at most 53 bits",
    "actor_kind": ", ".join(ActorKind),
    "stage": ", ".join(Stage),
    "direction": ", ".join(Direction),
    "source_due": f"an object from a bucket ({', '.join(Bucket)}) to a time",
    "csat": "a whole number from 1 to 5",
    "nps": "a whole number from 0 to 10",
}
"""What would be right for a key; every other one is a text."""

_SHORTHANDS: Mapping[str, tuple[Kind, Mapping[str, Any]]] = {
    "wait": (Kind.STATUS, {"stage": Stage.WAITING}),
    # The lowest stage: the ladder is never climbed down (rule 11), so it means the stage that was left for the wait.
    "resume": (Kind.STATUS, {"stage": Stage.RESPOND}),
    "respond": (Kind.MESSAGE, {"direction": Direction.OUT, "actor_kind": ActorKind.HUMAN}),
}
"""Words people use for an event of another kind, and what they set."""


class _Rule(NamedTuple):
    """What a line of a kind must have: one of the keys `needs`, else the line is asked the `question`."""

    kind: Kind
    needs: tuple[str, ...] = ()
    question: str = ""
    clearable: bool = False
    """A null or empty text will do: it says that the ticket has none any more."""


_OWNER = (("actor", "owner"), "`actor` or `owner`: whose is the ticket now?")
_CLEAR = "null says that the ticket has none any more."
_RULES: Mapping[str, _Rule] = {kind.value: _Rule(kind) for kind in Kind} | {
    rule.kind.value: rule
    for rule in (
        _Rule(Kind.PRIORITY, ("priority",), f"`priority`; {_CLEAR}", clearable=True),
        _Rule(Kind.CUSTOMER, ("customer",), f"`customer`; {_CLEAR}", clearable=True),
        _Rule(Kind.TITLE, ("title",), f"`title`; {_CLEAR}", clearable=True),
        _Rule(Kind.STATUS, ("status", "stage"), "`status` or `stage`: where is the ticket now?"),
        _Rule(Kind.MESSAGE, ("direction",), "`direction`: in, from the customer, or out, to the customer?"),
        _Rule(Kind.CLAIM, *_OWNER),
        _Rule(Kind.TAKEOVER, *_OWNER),
        _Rule(Kind.SURVEY, ("csat", "nps"), "`csat` (1 to 5) or `nps` (0 to 10)."),
        _Rule(Kind.UNDO, ("caused_by",), "`caused_by`: the `id` of which event is taken back?"),
    )
}
"""By the word of the kind."""

_BUCKETS: Mapping[str, Bucket] = {bucket.value: bucket for bucket in Bucket}
_ABSENT = (None, "")
_decode = msgspec.json.Decoder(_Line).decode
_FIELD = re.compile(r"\$\.(\w+)")
_TEXTS = tuple(name for name, kind in _Line.__annotations__.items() if kind == "str | None")


def _event(line: bytes, tz: tzinfo) -> Event:
    """The event of one line; raises ValueError with a sentence."""
    wire = _wire(line)
    ticket, at = wire.ticket, wire.at
    if ticket is None or at is None or wire.kind is None:
        missing = ", ".join(f"`{key}`" for key in ("ticket", "at", "kind") if getattr(wire, key) is None)
        raise ValueError(f"An event line needs {missing}: which ticket, when, and what happened.")
    if problem := id_problem(ticket):
        raise ValueError(f"`ticket` {problem}.")
    rule = _RULES.get(wire.kind) or _expand(wire)
    if rule.needs and not _has_one(wire, rule.needs):
        _check_cleared(rule, line)
    return Event(
        ticket=ticket,
        at=_instant("at", at, tz),
        kind=rule.kind,
        order=wire.seq or 0,
        actor=wire.actor or None,
        actor_kind=wire.actor_kind or ActorKind.HUMAN,
        id=wire.id or None,
        caused_by=wire.caused_by or None,
        title=wire.title or None,
        customer=wire.customer or None,
        priority=wire.priority or None,
        status=wire.status or None,
        stage=wire.stage,
        owner=wire.owner or None,
        reason=wire.reason or None,
        direction=wire.direction,
        channel=wire.channel or None,
        url=wire.url or None,
        board=wire.board or None,
        type=wire.type or None,
        source_due=None if wire.source_due is None else _source_due(wire.source_due, tz),
        note=wire.note or None,
        skill=wire.skill or None,
        csat=wire.csat,
        nps=wire.nps,
    )


def _wire(line: bytes) -> _Line:
    if len(line) > MAX_LINE:
        raise ValueError("The line is longer than 1 MiB and was skipped; an event line is one small JSON object.")
    try:
        if not line.isascii():
            line.decode()  # msgspec does not look into the texts that it skips
        wire = _decode(line)
    except UnicodeDecodeError:
        raise ValueError("The line is not UTF-8; JSON always is.") from None
    except msgspec.ValidationError as error:
        raise ValueError(_invalid(str(error), line)) from None
    except msgspec.DecodeError as error:
        detail = str(error).removeprefix("JSON is malformed: ")
        raise ValueError(f"The line is not JSON ({detail}); an event line is one JSON object.") from None
    except RecursionError:
        raise ValueError("The JSON is nested too deeply; an event line is one flat object.") from None
    if len(line) > MAX_TEXT:
        for key in _TEXTS:
            if text := getattr(wire, key):
                setattr(wire, key, cap(text))
    return wire


def _invalid(error: str, line: bytes) -> str:
    """The sentence for a line that is JSON, but has a value of a wrong type or out of its range."""
    field = _FIELD.search(error)
    if field is None:
        return f"An event line is one JSON object, {{...}}; this is {shown(line.decode().strip())}."
    key = field.group(1)
    try:
        value = shown(msgspec.json.decode(line)[key])
    except (msgspec.DecodeError, RecursionError):  # a number that no float holds, or a bomb behind the wrong value
        value = "not readable"
    return f"`{key}` is {value}; it must be {_WANTED.get(key, 'a text')}."


def _expand(wire: _Line) -> _Rule:
    """The rule of what a shorthand stands for; sets what it implies, and refuses a line that says otherwise."""
    word = wire.kind or ""
    if word not in _SHORTHANDS:
        known = ", ".join((*_RULES, *_SHORTHANDS))
        raise ValueError(f"The kind {shown(word)} is not known; it must be one of {known}.")
    kind, implied = _SHORTHANDS[word]
    for key, value in implied.items():
        if getattr(wire, key) not in (None, value):
            raise ValueError(f"A `{word}` has `{key}` {value}, not {getattr(wire, key)}; write kind `{kind}` for that.")
        setattr(wire, key, value)
    return _RULES[kind]


def _has_one(wire: _Line, keys: tuple[str, ...]) -> bool:
    for key in keys:  # noqa: SIM110 - `any` takes 4 times as long, on every line
        if getattr(wire, key) not in _ABSENT:
            return True
    return False


def _check_cleared(rule: _Rule, line: bytes) -> None:
    """Refuse a line without what its kind needs, unless it says that it is cleared."""
    if not rule.clearable or rule.needs[0] not in msgspec.json.decode(line):
        raise ValueError(f"A `{rule.kind}` needs {rule.question}")


def _source_due(written: Mapping[str, str | int | float | None], tz: tzinfo) -> dict[Bucket, int] | None:
    due: dict[Bucket, int] = {}
    for name, value in written.items():
        if name not in _BUCKETS:
            raise ValueError(f"`source_due` names {shown(name)}; it must be {_WANTED['source_due']}.")
        if value is not None:
            due[_BUCKETS[name]] = _instant(f"source_due.{name}", value, tz)
    return due or None


def _instant(key: str, value: str | int | float, tz: tzinfo) -> int:
    try:
        return instant(value, tz)
    except ValueError as error:
        raise ValueError(f"`{key}` {error}.") from None
