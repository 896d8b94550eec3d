"""A file of tickets or events into a store: streamed, each line once, resumable, with a reason for what is left out."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, tzinfo
from pathlib import Path
from secrets import token_hex

import msgspec
from msgspec import Struct, field

from slaboard.connectors.base import FileConnector, Parsed, Snapshot
from slaboard.connectors.files import Lines, open_lines
from slaboard.connectors.registry import FILE_CONNECTORS, detect
from slaboard.connectors.survey_csv import SurveyCsv
from slaboard.connectors.ticket_csv import ColumnMap, TicketCsv
from slaboard.errors import StoreError, UsageError
from slaboard.host import halt
from slaboard.store.care.backup import copy
from slaboard.store.disk.driver import NOTHING
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.intake import BATCH, Intake, Record
from slaboard.text import clean
from slaboard.ticket import Event

WEEK_S = 7 * 86_400
KEY_BYTES = 64 * 1024
"""How much of a file's beginning tells it from others: a log that grows stays the same one."""
BATCH_BYTES = 8 * 1024 * 1024
"""How much is read before it is written, whatever the number of events: a line may have 1 MiB."""
STDIN = "-"

Say = Callable[[int, str], None]
"""Called for each line that cannot be used: its number and the reason."""


class Order(Struct, frozen=True):
    """What is to be imported and how."""

    path: str
    """A file's path, or `-` for event lines from standard input."""
    kind: str | None = None
    """One of FILE_CONNECTORS; None looks at the file."""
    tz: tzinfo = UTC
    mapping: ColumnMap | None = None
    shift_to_now: bool = False
    on_bytes: Callable[[int], None] | None = None


class Report(Struct):
    """What an import did."""

    kind: str = ""
    lines: int = 0
    events: int = 0
    """New events."""
    read: int = 0
    """Events read, known ones too."""
    tickets: int = 0
    """Tickets that the store holds more than before."""
    problems: int = 0
    used: int = 0
    """Lines that said something which could be used, new or not."""
    refused: int = 0
    """Events older than their ticket's creation."""
    shift_s: int = 0
    notes: list[str] = field(default_factory=list)


def import_file(store: SqliteStore, order: Order, now: int, say: Say) -> Report:
    """Take `order.path` into `store`; a second time, or after an interruption, only what is not there yet."""
    intake = Intake(store)
    before = _tickets(store)
    with open_lines(order.path, order.on_bytes) as lines:
        connector = _connector(order, lines)
        record, report = _record(intake, order, lines.head, connector, now)
        with _broken_off(report):
            _pour(intake, record, connector.read(lines), report, now, say)
    with _broken_off(report):
        refused = intake.finish(record, lines=report.lines, events=report.events, problems=report.problems, now=now)
    for line, reason in refused:
        say(line, reason)
    report.problems += len(refused)
    report.refused += len(refused)
    report.events -= len(refused)
    report.tickets = _tickets(store) - before
    report.notes += _notes(store)
    return report


@contextmanager
def _broken_off(report: Report) -> Iterator[None]:
    """Says of what stops an import half way how much of it stays: batch by batch it is in the store."""
    try:
        with halt.telling(lambda: f"{_stays(report)}." if report.events else NOTHING):
            yield
    except StoreError as error:
        if not report.events:
            raise
        raise type(error)(str(error).replace(NOTHING.rstrip("."), _stays(report))) from error


def _stays(report: Report) -> str:
    return f"{report.events:,} events of this import are in the store, and the same command takes up there"


def dry_run(store: SqliteStore, order: Order, now: int, say: Say) -> Report:
    """What `import_file` would do, done to a copy that is thrown away."""
    with halt.telling(lambda: NOTHING), _room() as folder:
        path = Path(folder) / store.path.name
        try:
            copy(store.connection, store.path, path)
            with SqliteStore(path) as copied:
                copied.ask("PRAGMA journal_mode=WAL")
                return import_file(copied, order, now, say)
        except StoreError as error:  # nothing of it stays
            raise (error.__cause__ if isinstance(error.__cause__, StoreError) else error) from None


def _room() -> tempfile.TemporaryDirectory[str]:
    """A folder for a copy of a store."""
    try:
        return tempfile.TemporaryDirectory(prefix="slaboard-")
    except OSError as error:
        raise StoreError(
            f"There is no place for a copy of the store to try it on: {error.strerror}. Name a folder in TMPDIR."
        ) from error


def _pour(
    intake: Intake, record: Record, parsed: Iterable[Parsed], report: Report, now: int, say: Say
) -> None:  # fmt: skip
    events: list[tuple[int, Event]] = []
    rows: dict[str, tuple[int, Snapshot]] = {}
    size = 0

    def flush() -> None:
        nonlocal size
        found = events + intake.compare(list(rows.values()), now) if rows else events
        if report.kind == SurveyCsv.name:
            found = _about_known(intake.store, found, report, say)
        for i in range(0, len(found), BATCH):
            new, refused = intake.take(record, found[i : i + BATCH], hold_from=now)
            report.events += new
            report.problems += len(refused)
            report.refused += len(refused)
            for line, reason in refused:
                say(line, reason)
        report.read += len(found)
        events.clear()
        rows.clear()
        size = 0

    for item in parsed:
        report.lines = item.line
        if item.problem is not None:
            report.problems += 1
            say(item.line, item.problem)
        report.used += bool(item.events or item.snapshot is not None)
        if item.snapshot is not None:
            if item.snapshot.id in rows:
                flush()
            rows[item.snapshot.id] = (item.line, _moved_row(item.snapshot, report.shift_s))
        events.extend((item.line, _moved(event, report.shift_s)) for event in item.events)
        size += item.size
        if len(events) >= BATCH or len(rows) >= BATCH or size >= BATCH_BYTES:
            flush()
    flush()


def _about_known(
    store: SqliteStore, answers: list[tuple[int, Event]], report: Report, say: Say
) -> list[tuple[int, Event]]:
    """The answers about tickets that there are: any other would put a ticket without a beginning on the board."""
    ids = json.dumps([answer.ticket for _, answer in answers])
    known = {row[0] for row in store.ask(_KNOWN, {"ids": ids})}
    report.used -= len({line for line, answer in answers if answer.ticket not in known})
    for line, answer in answers:
        if answer.ticket not in known:
            report.problems += 1
            say(
                line,
                f"There is no ticket {clean(answer.ticket)} in the store. Import the tickets, then this file again.",
            )
    return [(line, answer) for line, answer in answers if answer.ticket in known]


_KNOWN = "SELECT id FROM tickets WHERE id IN (SELECT value FROM json_each(:ids))"


def _record(
    intake: Intake, order: Order, head: bytes, connector: FileConnector, now: int
) -> tuple[Record, Report]:  # fmt: skip
    report = Report(kind=connector.name)
    source = _key(order, head, connector.name, now)
    known = intake.find(source)
    if known is None:
        shift = _shift(order, connector, now) if order.shift_to_now else None
        known = intake.begin(source, _name(order), connector.name, shift, now)
    elif order.shift_to_now and known.shift_s is None:
        raise UsageError(
            f"{_name(order)} was imported before as it stands; moved to now it would be there twice. "
            f"Import it into a new store: slaboard --store NEW.db init"
        )
    elif known.shift_s and not order.shift_to_now:
        report.notes.append(f"it is moved by {known.shift_s // WEEK_S} weeks, as the first time")
    report.shift_s = known.shift_s or 0
    return known, report


def _shift(order: Order, connector: FileConnector, now: int) -> int:
    """Whole weeks from the file's newest instant to now, so that weekdays and hours stay what they were."""
    if _is_stream(order):
        raise UsageError("--shift-to-now reads the whole file first, which a pipe does not allow. Name a file.")
    newest = None
    with open_lines(order.path) as lines:
        for item in connector.read(lines):
            for at in _instants(item):
                newest = at if newest is None else max(newest, at)
    return 0 if newest is None else (now - newest) // WEEK_S * WEEK_S


def _instants(item: Parsed) -> Iterator[int]:
    yield from (event.at for event in item.events)
    if item.snapshot is not None:
        yield from (at for name in _TIMES if (at := getattr(item.snapshot, name)) is not None)


_TIMES = ("opened_at", "responded_at", "resolved_at", "closed_at", "updated_at")


def _moved(event: Event, shift: int) -> Event:
    if not shift:
        return event
    due = event.source_due and {bucket: at + shift for bucket, at in event.source_due.items()}
    return msgspec.structs.replace(event, at=event.at + shift, source_due=due)


def _moved_row(row: Snapshot, shift: int) -> Snapshot:
    if not shift:
        return row
    times = {name: at + shift for name in _TIMES if (at := getattr(row, name)) is not None}
    return msgspec.structs.replace(row, **times)


def _connector(order: Order, lines: Lines) -> FileConnector:
    if order.mapping is not None:
        return TicketCsv(order.tz, order.mapping)
    kind = order.kind or ("ndjson" if order.path == STDIN else detect(_name(order), lines.head))
    return FILE_CONNECTORS[kind](order.tz)


def _key(order: Order, head: bytes, kind: str, now: int) -> str:
    """What one source is known by: its kind and the first of its content; a stream is always a new one."""
    if _is_stream(order):
        return f"stream {now} {token_hex(8)}"
    with open_lines(order.path) as lines:
        digest, left = hashlib.blake2b(digest_size=16), KEY_BYTES
        for line in lines:
            digest.update(line[:left])
            left -= len(line)
            if left <= 0:
                break
    return f"{kind} {digest.hexdigest()}"


def _is_stream(order: Order) -> bool:
    """True for standard input and for what can be read but once, such as the `<(...)` of a shell."""
    return order.path == STDIN or not Path(order.path).is_file()


def _name(order: Order) -> str:
    return "standard input" if order.path == STDIN else Path(order.path).name


def _tickets(store: SqliteStore) -> int:
    return int(store.ask("SELECT count(*) FROM tickets")[0][0])


def _notes(store: SqliteStore) -> list[str]:
    notes = []
    policy = store.policy()
    words = [row[0] for row in store.ask("SELECT DISTINCT status FROM tickets WHERE status <> ''")]
    unmapped = sorted(clean(word, limit=40) for word in words if policy.stage_of(word) is None)
    if unmapped:
        notes.append(f"status words that the policy maps to no stage: {', '.join(unmapped[:20])}")
    headless = int(store.ask("SELECT count(*) FROM tickets WHERE opened_at IS NULL")[0][0])
    if headless:
        notes.append(f"tickets without an opening time, which stand under no SLA: {headless:,}")
    return notes
