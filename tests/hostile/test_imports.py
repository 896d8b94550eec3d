"""Whatever is in a file of tickets: every line becomes something or a sentence, and none is lost beside a bad one."""

from __future__ import annotations

import codecs
import encodings.aliases
import gzip
import json
from collections.abc import Callable, Iterable
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.connectors.base import BrokenInput, FileConnector, Parsed
from slaboard.connectors.files import open_lines
from slaboard.connectors.ndjson import Ndjson
from slaboard.connectors.registry import FILE_CONNECTORS, detect
from slaboard.connectors.rows import is_line_encoding
from slaboard.connectors.servicenow_log import ServicenowLog
from slaboard.connectors.survey_csv import SurveyCsv
from slaboard.connectors.ticket_csv import ColumnMap, TicketCsv, parse_mapping
from slaboard.connectors.times import by_pattern, epoch, instant
from slaboard.errors import UsageError
from slaboard.text import clean
from slaboard.ticket import Event
from tests.examples import examples
from tests.hostile.words import ANY, NASTY, TEXTS

PROPERTY = examples(30)
LOG = b"number,sys_mod_count,opened_at,sys_updated_at,incident_state,priority,caller_id,assigned_to\n"
SURVEYS = b"ticket,at,csat,nps,actor,note\n"
TABLE = b"id,title,status,opened_at,owner,priority\n"
CONNECTORS: dict[str, tuple[FileConnector, bytes]] = {
    "ndjson": (Ndjson(), b""),
    "servicenow_log": (ServicenowLog(), LOG),
    "survey_csv": (SurveyCsv(), SURVEYS),
    "ticket_csv": (TicketCsv(), TABLE),
    "ticket_csv, mapped": (TicketCsv(UTC, ColumnMap({"id": "id", "opened_at": "status"}, time="epoch")), TABLE),
    "ticket_csv, latin": (TicketCsv(UTC, ColumnMap(encoding="latin-1", delimiter=";")), TABLE.replace(b",", b";")),
}
GOOD = {
    "ndjson": b'{"ticket":"G-%d","at":1767603600,"kind":"note"}\n',
    "servicenow_log": b"G-%d,0,1/1/2026 09:00,1/1/2026 09:00,New,3,x,?\n",
    "survey_csv": b"G-%d,2026-01-05T09:00:00Z,5,10,x,y\n",
    "ticket_csv": b"G-%d,VPN,New,2026-01-05T09:00:00Z,,P1\n",
}


def checked(found: Iterable[Parsed]) -> list[Parsed]:
    """`found`, each of it whole: a line number that grows, and a sentence for what is wrong."""
    seen = list(found)
    numbers = [parsed.line for parsed in seen]
    assert numbers == sorted(numbers)
    for parsed in seen:
        assert parsed.line >= 1
        if parsed.problem is not None:
            assert is_sentence(parsed.problem), parsed.problem
        for event in parsed.events:
            event_is_sound(event)
    return seen


def is_sentence(text: str) -> bool:
    """True for one that has a beginning and an end, and does not flood a screen."""
    return text == text.strip() and text[-1:] in tuple(".?") and len(clean(text, limit=5_000)) < 2_000


def event_is_sound(event: Event) -> None:
    """Nothing in it that a database or the engine could choke on."""
    assert event.ticket.isprintable()
    assert 0 <= event.at < 2**33
    assert abs(event.order) < 2**60
    for name in Event.__struct_fields__:
        if isinstance(value := getattr(event, name), str):
            value.encode()


# --- any bytes at all -----------------------------------------------------------------------------------------

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS, lambda x: st.lists(x, max_size=3), max_leaves=5
)
KEYS = st.sampled_from(["ticket", "at", "kind", "seq", "title", "stage", "source_due", "csat", "direction", "id", "x"])
LINES = (
    st.binary(max_size=60)
    | TEXTS.map(str.encode)
    | st.dictionaries(KEYS, JSON_VALUES, max_size=6).map(lambda value: json.dumps(value).encode())
    | st.lists(TEXTS, max_size=8).map(lambda cells: ",".join(cells).encode())
    | st.sampled_from(
        [b"\xff\xfe{\0", b"\xef\xbb\xbf{}", b'{"a":1,"a":2}', b"\r", b"\r\n", b"\0", b'"', b"1e999", b"[]"]
    )
)


@pytest.mark.parametrize("name", CONNECTORS)
@PROPERTY
@given(lines=st.lists(LINES, max_size=6), ends=st.sampled_from([b"\n", b"\r\n", b"\r", b""]), headed=st.booleans())
def test_no_bytes_break_a_reader(name: str, lines: list[bytes], ends: bytes, headed: bool) -> None:
    connector, heading = CONNECTORS[name]
    data = heading * headed + ends.join(lines)
    checked(connector.read(data.splitlines(keepends=True)))
    checked(connector.read(iter([data])))


@pytest.mark.parametrize("name", GOOD)
@PROPERTY
@given(junk=LINES, before=st.integers(0, 3), after=st.integers(0, 3))
def test_no_line_is_lost_beside_a_bad_one(name: str, junk: bytes, before: int, after: int) -> None:
    connector, heading = CONNECTORS[name]
    junk = junk.replace(b"\n", b" ").replace(b"\r", b" ") + b"\n"
    good = [GOOD[name] % number for number in range(before + after)]
    lines = [line for line in (heading, *good[:before], junk, *good[before:]) if line]
    found = checked(connector.read(lines))
    kept = {
        event.ticket for parsed in found for event in parsed.events if event.ticket.startswith("G-")
    } | {parsed.snapshot.id for parsed in found if parsed.snapshot}  # fmt: skip
    assert kept >= {f"G-{number}" for number in range(before + after)}


@PROPERTY
@given(data=st.binary(max_size=200) | st.lists(LINES, max_size=4).map(b"\n".join), packed=st.booleans())
def test_any_file_is_known_for_what_it_is_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, packed: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(gzip.compress(data) if packed else data)
    problem = "It is read."
    try:
        with open_lines(path) as lines:
            kind = detect("any", lines.head)
            checked(FILE_CONNECTORS[kind](UTC).read(lines))
    except UsageError as error:
        problem = str(error)
    assert problem.endswith((".", "?"))


@PROPERTY
@given(cut=st.integers(0, 300), flip=st.integers(0, 299), value=st.integers(0, 255))
def test_any_damage_to_a_gzip_is_told(
    tmp_path_factory: pytest.TempPathFactory, cut: int, flip: int, value: int
) -> None:  # fmt: skip
    data = bytearray(gzip.compress(b"".join(GOOD["ndjson"] % number for number in range(200)), mtime=0))
    data[flip % len(data)] = value
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(bytes(data[: cut or len(data)]))
    problem = "it is damaged"
    try:
        with open_lines(path) as lines:
            checked(Ndjson().read(lines))
    except BrokenInput as error:
        problem = str(error)
    assert "damaged" in problem


# --- numbers, times, depths -----------------------------------------------------------------------------------

AT = [
    "1e400", "-1e400", "NaN", "Infinity", "-1", "1e20", "99999999999999999999", '"0000-01-01"',
    '"9999-12-31T23:59:59Z"',
    '"-0001-01-01"', '"10000-01-01"', '"0001-01-01T00:00:00+23:59"', '"2026-02-30"', '"2026-01-05T24:00"', "true", "{}",
    '"2026-01-05T09:00:00.' + "9" * 500 + 'Z"', "1" * 5_000, "0x10", '"1767603600"', '"２０２６-01-05"', "1.7e9",
]  # fmt: skip


@pytest.mark.parametrize("at", AT)
def test_no_number_and_no_time_break_an_event_line(at: str) -> None:
    line = f'{{"ticket":"A-1","at":{at},"kind":"note"}}\n'.encode()
    bad, good = checked(Ndjson(ZoneInfo("Europe/Berlin")).read([line, GOOD["ndjson"] % 2]))
    assert bool(bad.events) is (at == "1.7e9" or "999999Z" in at)
    assert good.events


@PROPERTY
@given(
    text=TEXTS, pattern=st.text("%YmdHMSzZpIbyjUG VxX0-:/.", max_size=14), zone=st.sampled_from(["UTC", "Asia/Tokyo"])
)
def test_no_text_breaks_a_clock(text: str, pattern: str, zone: str) -> None:
    readers: list[Callable[[], int]] = [
        lambda: instant(text, ZoneInfo(zone)), lambda: epoch(text), lambda: by_pattern(text, pattern),
    ]  # fmt: skip
    for read in readers:
        found, problem = 0, "is "
        try:
            found = read()
        except ValueError as error:
            problem = str(error)
        assert 0 <= found < 2**33
        assert problem.startswith("is ")


@pytest.mark.parametrize(
    "line",
    [
        b'{"ticket":"A-1","at":1,"kind":"note","x":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b'{"ticket":"A-1","at":1,"kind":"note","x":' + b'{"x":' * 10_000 + b"1" + b"}" * 10_000 + b"}",
        b'{"ticket":' + b"[" * 10_000 + b"]" * 10_000 + b',"at":1,"kind":"note"}',
        b"[" * 500_000,
        b'{"ticket":"A-1","at":1,"kind":"note","note":"\\ud800"}',
        b'{"ticket":"A-1","at":1,"kind":"note","note":"\xed\xa0\x80"}',
        b'{"ticket":"A-1","at":1,"kind":"note","seq":' + b"9" * 30 + b"}",
    ],
    ids=["lists", "objects", "a deep id", "open", "lone surrogate", "surrogate bytes", "huge seq"],
)
def test_a_strange_object_costs_its_line(line: bytes) -> None:
    bad, good = checked(Ndjson().read([line + b"\n", GOOD["ndjson"] % 2]))
    assert bad.problem
    assert good.events


def test_of_a_key_that_stands_twice_the_last_counts() -> None:
    [found] = checked(Ndjson().read([b'{"ticket":"A-1","at":1,"kind":"note","note":"a","note":"b"}']))
    assert found.events[0].note == "b"


def test_a_nul_and_every_nasty_text_come_through_a_table() -> None:
    for text in NASTY:
        cell = text.replace('"', '""')
        [found] = checked(TicketCsv().read([b"id,title\n", f'A-1,"{cell}"\n'.encode()]))
        assert found.snapshot is not None
        assert (found.snapshot.title or "") == ("" if text.strip() in ("null", "") else text.strip()[:65_536])


@pytest.mark.parametrize("head", [b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04", b"\0\0\0\x20", b"[", b"\xef\xbb\xbf["])
def test_what_is_no_text_is_named(head: bytes) -> None:
    with pytest.raises(UsageError, match=r"UTF-8|archive|JSON array"):
        detect("file", head + b"x,y\n")


# --- maps -----------------------------------------------------------------------------------------------------

ENCODINGS = sorted(name for name in set(encodings.aliases.aliases.values()) if is_line_encoding(name))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_encoding_gives_a_text_that_cannot_be_kept(encoding: str) -> None:
    """Every two bytes, and those where GB 18030 writes surrogates."""
    codecs.lookup(encoding)
    connector = TicketCsv(UTC, ColumnMap(encoding=encoding))
    pairs = [bytes((a, b)) for a in range(0x80, 0x100) for b in range(0x30, 0x100, 7)]
    pairs += [b"\x83\x36" + bytes((a, b)) for a in range(0x81, 0xFF, 9) for b in range(0x30, 0x3A)]
    for parsed in checked(connector.read([b"id,title\n", *(b"A-1,x%sx\n" % pair for pair in pairs)])):
        if parsed.snapshot is not None:
            (parsed.snapshot.title or "").encode()


TOML_TEXTS = ANY.map(json.dumps).filter(lambda text: "\\ud" not in text and "\x7f" not in text)
TOML_VALUES = TOML_TEXTS | st.sampled_from(
    ["1", "1.5", "nan", "-inf", "true", "[]", "{}", '[""]', "2026-01-01", "09:00:00", "[1, [2]]", "0x" + "f" * 9_000,
     "1e999",      '"%Y%"', '"%d/%m/%Y %H:%M"', '"utf-8"', '"latin-1"', '","', '"Europe/Berlin"', '"iso"', '"id"']
)  # fmt: skip


@PROPERTY
@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from(["id", "title", "opened_at", "time", "delimiter", "encoding", "null", "timezone", "x"]),
            TOML_VALUES,
        )
        | st.tuples(
            st.sampled_from(["[columns]", "[format]", "[priority]", "[x]", "[[columns]]", "", "]"]), st.just("")
        ),
        max_size=9,
    )
)
def test_any_map_is_used_or_told(lines: list[tuple[str, str]]) -> None:
    """And what is taken can be read with."""
    text = "\n".join(f"{key} = {value}" if value else key for key, value in lines)
    found, problems = parse_mapping(text)
    assert (found is None) == bool(problems)
    for problem in problems:
        assert problem.endswith(".")
        assert problem.startswith("line ") or "[columns] needs `id`" in problem
    if found is not None:
        checked(TicketCsv(UTC, found).read([b"id,title,opened_at,x\n", b"A-1,x,2026-01-05 09:00,\n", b"A-2,x,1,\n"]))


# --- files that are none --------------------------------------------------------------------------------------


def test_a_file_that_grows_is_read_to_where_it_ends_and_further_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "growing.ndjson"
    path.write_bytes(GOOD["ndjson"] % 1 + (GOOD["ndjson"] % 2)[:20])
    with open_lines(path) as lines:
        first = checked(Ndjson().read(lines))
    with path.open("ab") as file:
        file.write((GOOD["ndjson"] % 2)[20:] + GOOD["ndjson"] % 3)
    with open_lines(path) as lines:
        second = checked(Ndjson().read(lines))
    assert [bool(parsed.events) for parsed in first] == [True, False]
    assert [bool(parsed.events) for parsed in second] == [True, True, True]


def test_a_file_that_grows_while_it_is_read_ends_where_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "growing.ndjson"
    path.write_bytes(GOOD["ndjson"] % 0)
    with open_lines(path) as lines, path.open("ab", buffering=0) as file:
        seen = 0
        for parsed in Ndjson().read(lines):
            assert parsed.events
            seen += 1
            if seen < 50:
                file.write(GOOD["ndjson"] % seen)
    assert seen == 50
