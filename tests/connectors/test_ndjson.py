"""Event lines: what is read, and what each bad line is told."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.connectors.base import MAX_LINE, Parsed
from slaboard.connectors.ndjson import Ndjson
from slaboard.text import MAX_TEXT
from slaboard.ticket import ActorKind, Bucket, Direction, Event, Kind, Stage

NINE = 1767603600  # 2026-01-05T09:00:00Z


def line(**keys: Any) -> bytes:
    """An event line of ticket A-1 at nine o'clock; a `note` if nothing else is said."""
    return json.dumps({"ticket": "A-1", "at": NINE, "kind": "note"} | keys).encode() + b"\n"


def read(*lines: bytes) -> list[Parsed]:
    return list(Ndjson().read(lines))


def event(**keys: Any) -> Event:
    [parsed] = read(line(**keys))
    assert parsed.problem is None
    [found] = parsed.events
    return found


def problem(written: bytes) -> str:
    [parsed] = read(written)
    assert not parsed.events
    assert parsed.problem is not None
    return parsed.problem


def test_every_key_arrives() -> None:
    """An event line with everything on it loses nothing."""
    everything = {
        "kind": "created", "seq": 3, "actor": "mail", "actor_kind": "customer", "id": "e1", "caused_by": "e0",
        "title": "VPN down", "customer": "Contoso", "priority": "P2", "status": "New", "stage": "respond",
        "owner": "ana", "reason": "parts", "direction": "in", "channel": "email", "url": "https://x/1",
        "board": "Service", "type": "Incident", "note": "n", "skill": "vpn", "csat": 5, "nps": 0, "x": [1],
        "source_due": {"response": "2026-01-05T10:00:00+01:00", "update": NINE + 0.5, "resplan": None},
    }  # fmt: skip
    assert event(**everything) == Event(
        ticket="A-1", at=NINE, kind=Kind.CREATED, order=3, actor="mail", actor_kind=ActorKind.CUSTOMER, id="e1",
        caused_by="e0", title="VPN down", customer="Contoso", priority="P2", status="New", stage=Stage.RESPOND,
        owner="ana", reason="parts", direction=Direction.IN, channel="email", url="https://x/1", board="Service",
        type="Incident", note="n", skill="vpn", csat=5, nps=0,
        source_due={Bucket.RESPONSE: NINE, Bucket.UPDATE: NINE},
    )  # fmt: skip


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_read(kind: Kind) -> None:
    """Each kind is its own word on a line, given what it needs."""
    needs = {"status": "New", "direction": "out", "actor": "ana", "csat": 4, "caused_by": "e1"}
    assert event(kind=kind.value, priority="P1", customer="C", title="T", **needs).kind is kind


@pytest.mark.parametrize(
    ("word", "kind", "stage", "direction"),
    [
        ("wait", Kind.STATUS, Stage.WAITING, None),
        ("resume", Kind.STATUS, Stage.RESPOND, None),
        ("respond", Kind.MESSAGE, None, Direction.OUT),
    ],
)
def test_shorthands(word: str, kind: Kind, stage: Stage | None, direction: Direction | None) -> None:
    """`wait`, `resume` and `respond` are the events they stand for; what else stands on the line is kept."""
    found = event(kind=word, status="On hold", reason="parts", actor="ana")
    assert (found.kind, found.stage, found.direction) == (kind, stage, direction)
    assert (found.status, found.reason, found.actor_kind) == ("On hold", "parts", ActorKind.HUMAN)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"kind": "wait", "stage": "plan"}, "A `wait` has `stage` waiting, not plan; write kind `status` for that."),
        (
            {"kind": "respond", "actor_kind": "automation"},
            "A `respond` has `actor_kind` human, not automation; write kind `message` for that.",
        ),
        ({"kind": "respond", "direction": "in"}, "A `respond` has `direction` out, not in; write kind `message`"),
    ],
)
def test_a_shorthand_that_says_otherwise(keys: dict[str, str], said: str) -> None:
    """A shorthand whose line contradicts it is refused rather than guessed."""
    assert said in problem(line(**keys))


@pytest.mark.parametrize("key", ["priority", "customer", "title"])
def test_cleared_is_not_missing(key: str) -> None:
    """null (or an empty text) says that the ticket has none any more; a line without the key says nothing."""
    assert getattr(event(kind=key, **{key: None}), key) is None
    assert getattr(event(kind=key, **{key: ""}), key) is None
    assert problem(line(kind=key)) == f"A `{key}` needs `{key}`; null says that the ticket has none any more."


def test_null_and_empty_are_not_given() -> None:
    """Elsewhere a null or an empty text is no value: an owner "" is nobody."""
    found = event(kind="created", owner="", actor="", status=None, url="")
    assert (found.owner, found.actor, found.status, found.url) == (None, None, None, None)


def test_naive_times_are_of_the_zone() -> None:
    """A time without an offset is one of the connector's zone, that of `source_due` too."""
    written = line(at="2026-01-05T10:00:00", source_due={"resolution": "2026-01-05 10:00"})
    [parsed] = Ndjson(ZoneInfo("Europe/Berlin")).read([written])
    assert parsed.events[0].at == NINE
    assert parsed.events[0].source_due == {Bucket.RESOLUTION: NINE}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param(b"{}", "An event line needs `ticket`, `at`, `kind`", id="nothing"),
        pytest.param(line(ticket=None), "An event line needs `ticket`:", id="null ticket"),
        pytest.param(line(at=None), "An event line needs `at`:", id="no at"),
        pytest.param(line(ticket=""), "`ticket` is empty; every ticket needs an id.", id="empty id"),
        pytest.param(line(ticket="  "), "`ticket` is empty", id="blank id"),
        pytest.param(line(ticket="x" * 201), "`ticket` is 201 characters long", id="long id"),
        pytest.param(line(ticket="a\nb"), '`ticket` is "a b"; a ticket\'s id has no control characters', id="C0 in id"),
        pytest.param(line(ticket="a\x9bb"), "no control characters", id="C1 in id"),
        pytest.param(line(ticket="a\u202eb"), "no control characters", id="bidi in id"),
        pytest.param(line(ticket="A-1 "), "no spaces at its ends", id="space at the end of an id"),
        pytest.param(line(ticket=4711), "`ticket` is 4711; it must be a text.", id="numeric id"),
        pytest.param(line(kind="assign"), 'The kind "assign" is not known; it must be one of created,', id="kind"),
        pytest.param(line(kind=""), 'The kind "" is not known', id="empty kind"),
        pytest.param(line(at="soon"), '`at` is "soon"; a time is ISO-8601', id="no time"),
        pytest.param(line(at=True), "`at` is true; it must be an ISO-8601 time", id="at of a wrong type"),
        pytest.param(line(at=1767603600000), "`at` is 1767603600000, outside the years 1970 to 2200", id="millis"),
        pytest.param(b'{"ticket":"A-1","at":1e999,"kind":"note"}', "`at` is not readable; it must be", id="1e999"),
        pytest.param(line(seq=2**60), "`seq` is 1152921504606846976; it must be a whole number", id="seq"),
        pytest.param(line(csat=0), "`csat` is 0; it must be a whole number from 1 to 5.", id="csat 0"),
        pytest.param(line(csat=6), "`csat` is 6; it must be a whole number from 1 to 5.", id="csat 6"),
        pytest.param(line(nps=11), "`nps` is 11; it must be a whole number from 0 to 10.", id="nps 11"),
        pytest.param(line(nps=-1), "`nps` is -1;", id="nps -1"),
        pytest.param(line(stage="done"), '`stage` is "done"; it must be respond, plan, resolve, waiting,', id="stage"),
        pytest.param(line(actor_kind="bot"), "must be human, automation, customer.", id="actor_kind"),
        pytest.param(line(direction="up"), '`direction` is "up"; it must be in, out.', id="direction"),
        pytest.param(line(title={"a": 1}), '`title` is {"a": 1}; it must be a text.', id="title of a wrong type"),
        pytest.param(line(kind="message"), "A `message` needs `direction`:", id="message"),
        pytest.param(line(kind="status", reason="parts"), "A `status` needs `status` or `stage`:", id="status"),
        pytest.param(line(kind="status", status=""), "A `status` needs `status` or `stage`:", id="empty status"),
        pytest.param(line(kind="claim"), "A `claim` needs `actor` or `owner`:", id="claim"),
        pytest.param(line(kind="takeover"), "A `takeover` needs `actor` or `owner`:", id="takeover"),
        pytest.param(line(kind="survey"), "A `survey` needs `csat` (1 to 5) or `nps`", id="survey"),
        pytest.param(line(kind="undo"), "A `undo` needs `caused_by`:", id="undo"),
        pytest.param(line(source_due={"soon": 1}), '`source_due` names "soon"; it must be an object', id="bucket"),
        pytest.param(line(source_due={"response": "x"}), '`source_due.response` is "x"; a time', id="due time"),
        pytest.param(line(source_due=[1]), "`source_due` is [1]; it must be an object", id="due of a wrong type"),
        pytest.param(b"[1]\n", 'An event line is one JSON object, {...}; this is "[1]".', id="array"),
        pytest.param(b"null", "An event line is one JSON object", id="null"),
        pytest.param(b'{"ticket":', "The line is not JSON (Input data was truncated)", id="cut"),
        pytest.param(b'{"a":1} {"b":2}', "The line is not JSON (trailing characters", id="two on a line"),
        pytest.param(b'{"a":NaN}', "The line is not JSON", id="NaN"),
        pytest.param(b'{"ticket":"\\ud800"}', "The line is not JSON", id="lone surrogate"),
        pytest.param(b'{"zz":"\xff"}', "The line is not UTF-8; JSON always is.", id="not UTF-8, in an unknown key"),
        pytest.param(b'{"z":' * 200_000, "The JSON is nested too deeply", id="nesting bomb"),
        pytest.param(line(csat=1)[:-3] + b"[" * 100_000, "`csat` is not readable", id="bomb in a known key"),
        pytest.param(b"{" + b" " * MAX_LINE + b"}", "The line is longer than 1 MiB and was skipped", id="long line"),
    ],
)
def test_refused(written: bytes, said: str) -> None:
    """Each bad line is told what is wrong and what would be right, and is no event."""
    assert said in problem(written)


def test_lines_keep_their_numbers() -> None:
    """Blank lines and bad lines count, a byte order mark does not; the rest is taken."""
    found = read(b"\xef\xbb\xbf" + line(), b"\n", b" \t\r\n", b"junk\n", line(kind="resolve"))
    assert [(parsed.line, parsed.problem is None) for parsed in found] == [(1, True), (4, False), (5, True)]


def test_long_texts_are_capped() -> None:
    """A text is kept up to 64 Ki characters."""
    assert event(note="x" * (MAX_TEXT + 10)).note == "x" * MAX_TEXT


KEYS = st.sampled_from(
    ["ticket", "at", "kind", "seq", "stage", "status", "direction", "actor_kind", "csat", "source_due", "owner", "x"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["A-1", "note", "wait"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=5,
)
LINES = st.binary(max_size=60) | st.dictionaries(KEYS, VALUES).map(lambda value: json.dumps(value).encode())


@given(st.lists(LINES, max_size=8))
def test_never_raises(lines: list[bytes]) -> None:
    """Whatever the lines are, each that is not blank becomes an event or a problem, numbered right."""
    found = read(*lines)
    assert all((parsed.problem is None) == (len(parsed.events) == 1) for parsed in found)
    blank = [number for number, line in enumerate(lines, 1) if not line or line.isspace()]
    if not lines or not lines[0].startswith(b"\xef\xbb\xbf"):
        assert [parsed.line for parsed in found] == [n for n in range(1, len(lines) + 1) if n not in blank]


@given(st.dictionaries(st.sampled_from(list(Bucket)), st.integers(0, 7_289_654_399)))
def test_source_due_round_trip(due: dict[Bucket, int]) -> None:
    """Every bucket keeps its own instant."""
    assert event(source_due=due).source_due == (due or None)
