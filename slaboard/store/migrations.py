"""The schema, as append-only numbered migrations: a step that has shipped is never edited."""

from __future__ import annotations

from collections.abc import Iterator

from sqlite_utils import Database, Migrations

from slaboard.store.disk.driver import APPLICATION_ID
from slaboard.store.words import words_of

migrations = Migrations("slaboard")


@migrations(name="m001_tickets_events_clocks")
def m001(db: Database) -> None:
    """Tickets, their events and clocks, outcomes, policies, engineers and imports, with the triggers and views."""
    for statement in (*_TABLES, *_immutable("outcomes", _SAME_OUTCOME), *_immutable("policies", _SAME_POLICY),
                      *_FOREIGN_HANDS, *_VIEWS):  # fmt: skip
        db.execute(statement)
    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    db.execute("PRAGMA user_version=1")


@migrations(name="m002_imports_undone")
def m002(db: Database) -> None:
    """An import that was taken back stays in the list, with when and by whom."""
    db.execute("ALTER TABLE imports ADD COLUMN undone_at INTEGER")
    db.execute("ALTER TABLE imports ADD COLUMN undone_by TEXT")
    db.execute("PRAGMA user_version=2")


@migrations(name="m003_ledger_and_words")
def m003(db: Database) -> None:
    """A ledger of what changed in the grid, so that nobody counts a million tickets twice; the words to search in."""
    db.conn.create_function("WORDS", 5, words_of, deterministic=True)
    for statement in (*_WORDS, *_LEDGER, *_COUNTED):
        db.execute(statement)
    db.execute("PRAGMA user_version=3")


@migrations(name="m004_wrong_pins")
def m004(db: Database) -> None:
    """How many wrong PINs were typed for somebody in a row, and when the last one was."""
    db.execute("ALTER TABLE engineers ADD COLUMN pin_wrong INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE engineers ADD COLUMN pin_tried_at INTEGER")
    db.execute("PRAGMA user_version=4")


@migrations(name="m005_running_clocks_and_views")
def m005(db: Database) -> None:
    """An index of the running clocks that count nowhere in the grid, and the team's saved views."""
    for statement in _RUNNING_AND_VIEWS:
        db.execute(statement)
    db.execute("PRAGMA user_version=5")


@migrations(name="m006_tickets_behind")
def m006(db: Database) -> None:
    """An index of the open tickets by the version of the policy that their clocks are under."""
    db.execute(_BEHIND)
    db.execute("PRAGMA user_version=6")


@migrations(name="m007_events_claims")
def m007(db: Database) -> None:
    """An index of the claims by their time, for the day's."""
    db.execute(_CLAIMS)
    db.execute("PRAGMA user_version=7")


@migrations(name="m008_results_judged_anew")
def m008(db: Database) -> None:
    """How far the results are judged anew since the date of the policy in force; nothing when none are."""
    db.execute("ALTER TABLE state ADD COLUMN rejudged_to TEXT")
    db.execute("PRAGMA user_version=8")


_TABLES = (
    # One row. `rev` grows with every transaction that changes anything a board shows; `ours` is 1 while slaboard itself
    # writes, so nobody else ever sees it; until `held_until` the tickets of an import under way are left alone.
    """CREATE TABLE state (
        id INTEGER PRIMARY KEY CHECK (id = 1), rev INTEGER NOT NULL DEFAULT 1,
        policy_version INTEGER NOT NULL DEFAULT 0, ours INTEGER NOT NULL DEFAULT 0,
        held_until INTEGER NOT NULL DEFAULT 0)""",
    "INSERT INTO state (id) VALUES (1)",
    """CREATE TABLE tickets (
        id TEXT PRIMARY KEY NOT NULL CHECK (typeof(id) = 'text' AND id <> ''),
        title TEXT, customer TEXT, priority TEXT, status TEXT, stage TEXT, owner TEXT, policy TEXT,
        opened_at INTEGER DEFAULT (CAST(strftime('%s', 'now') AS INTEGER)),
        board TEXT, type TEXT, url TEXT,
        bucket TEXT, no_sla TEXT,
        owned_at INTEGER, ended_at INTEGER, changed_at INTEGER,
        policy_version INTEGER NOT NULL DEFAULT 0,
        rev INTEGER NOT NULL DEFAULT 0,
        stale INTEGER NOT NULL DEFAULT 2,
        edited TEXT)""",
    "CREATE INDEX tickets_stale ON tickets (stale, id) WHERE stale <> 0",
    "CREATE INDEX tickets_rev ON tickets (rev)",
    "CREATE INDEX tickets_owner ON tickets (owner, ended_at) WHERE owner IS NOT NULL AND ended_at IS NULL",
    "CREATE INDEX tickets_no_sla ON tickets (opened_at, id, priority, owner, no_sla) WHERE no_sla IS NOT NULL",
    """CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        ticket_id TEXT NOT NULL CHECK (typeof(ticket_id) = 'text' AND ticket_id <> ''),
        at INTEGER NOT NULL,
        order_in_instant INTEGER NOT NULL DEFAULT 0,
        kind TEXT NOT NULL,
        actor TEXT, actor_kind TEXT NOT NULL DEFAULT 'human',
        id TEXT, caused_by TEXT,
        status TEXT, stage TEXT, reason TEXT, owner TEXT,
        priority TEXT, customer TEXT, title TEXT,
        direction TEXT, channel TEXT, note TEXT, skill TEXT, csat INTEGER, nps INTEGER,
        more TEXT, via TEXT,
        fingerprint BLOB,
        import_id INTEGER, import_line INTEGER,
        rev INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX events_ticket ON events (ticket_id, at)",
    "CREATE UNIQUE INDEX events_fingerprint ON events (fingerprint) WHERE fingerprint IS NOT NULL",
    "CREATE INDEX events_import ON events (import_id, import_line) WHERE import_id IS NOT NULL",
    """CREATE TABLE clocks (
        ticket_id TEXT NOT NULL, bucket TEXT NOT NULL, cycle INTEGER NOT NULL,
        state TEXT NOT NULL, place INTEGER NOT NULL DEFAULT 0,
        started_at INTEGER NOT NULL, target_s INTEGER NOT NULL,
        policy TEXT NOT NULL, calendar TEXT NOT NULL, policy_version INTEGER NOT NULL,
        due_at INTEGER, yellow_at INTEGER, orange_at INTEGER, red_at INTEGER,
        frozen_zone TEXT, left_s INTEGER,
        stopped_at INTEGER, elapsed_s INTEGER, met INTEGER,
        skipped INTEGER NOT NULL DEFAULT 0, by_status INTEGER NOT NULL DEFAULT 0, cause TEXT,
        source_due INTEGER, waits TEXT,
        owner TEXT, priority TEXT, rev INTEGER NOT NULL,
        PRIMARY KEY (ticket_id, bucket, cycle)) WITHOUT ROWID""",
    """CREATE INDEX clocks_grid ON clocks (place, bucket, priority, yellow_at, orange_at, red_at, owner)
        WHERE place > 0""",
    """CREATE INDEX clocks_due ON clocks (place, due_at, ticket_id, red_at, orange_at, yellow_at, owner)
        WHERE place > 0""",
    "CREATE INDEX clocks_yellow ON clocks (yellow_at, place, bucket, priority, owner) WHERE place > 0",
    "CREATE INDEX clocks_orange ON clocks (orange_at, place, bucket, priority, owner) WHERE place > 0",
    "CREATE INDEX clocks_red ON clocks (red_at, place, bucket, priority, owner) WHERE place > 0",
    """CREATE TABLE outcomes (
        id INTEGER PRIMARY KEY,
        ticket_id TEXT NOT NULL, bucket TEXT NOT NULL, cycle INTEGER NOT NULL, revision INTEGER NOT NULL DEFAULT 0,
        policy_version INTEGER NOT NULL, policy TEXT NOT NULL, calendar TEXT NOT NULL,
        started_at INTEGER NOT NULL, target_s INTEGER NOT NULL, due_at INTEGER, stopped_at INTEGER NOT NULL,
        elapsed_s INTEGER NOT NULL, met INTEGER NOT NULL, zone TEXT NOT NULL,
        skipped INTEGER NOT NULL, by_status INTEGER NOT NULL, cause TEXT, source_due INTEGER, waits TEXT,
        customer TEXT, priority TEXT, owner TEXT, board TEXT,
        withdrawn INTEGER NOT NULL DEFAULT 0, why TEXT,
        UNIQUE (ticket_id, bucket, cycle, revision))""",
    "CREATE INDEX outcomes_stopped ON outcomes (stopped_at)",
    """CREATE TABLE policies (
        version INTEGER PRIMARY KEY, text TEXT NOT NULL, author TEXT NOT NULL, applied_at INTEGER NOT NULL,
        rejudged_since INTEGER)""",
    """CREATE TABLE engineers (
        name TEXT PRIMARY KEY NOT NULL, key TEXT NOT NULL UNIQUE, skills TEXT NOT NULL DEFAULT '',
        active INTEGER NOT NULL DEFAULT 1, pin TEXT)""",
    """CREATE TABLE imports (
        id INTEGER PRIMARY KEY, source TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL,
        shift_s INTEGER, started_at INTEGER NOT NULL, finished_at INTEGER,
        lines INTEGER NOT NULL DEFAULT 0, events INTEGER NOT NULL DEFAULT 0, problems INTEGER NOT NULL DEFAULT 0)""",
)

_SAME_OUTCOME = (
    "id = NEW.id",
    "ticket_id = NEW.ticket_id AND bucket = NEW.bucket AND cycle = NEW.cycle AND revision = NEW.revision",
)
_SAME_POLICY = ("version = NEW.version",)


def _immutable(table: str, same: tuple[str, ...]) -> Iterator[str]:
    """Triggers that refuse UPDATE, DELETE, and the INSERT OR REPLACE that would be both without saying so."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} are immutable: what was promised and kept is never rewritten'); END"
    for verb in ("UPDATE", "DELETE"):
        yield f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {refuse}"
    there = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {condition})" for condition in same)
    yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}"


# What another program writes makes its ticket stale, and whoever notices first recomputes it. stale: 1 its events
# changed; 2 its row was inserted (NULL means: not said); 3 its row was updated; `edited` names the columns that were
# (in them NULL means: emptied); -1 an import under way has brought events.
EDITABLE = ("title", "customer", "priority", "status", "stage", "owner")
"""What another program may change in a row of `tickets`; it becomes events."""
_WATCHED = (*EDITABLE, "policy", "opened_at", "board", "type", "url", "bucket", "no_sla", "owned_at", "ended_at",
            "changed_at", "policy_version")  # fmt: skip


def _edited() -> str:
    return " || ".join(f"CASE WHEN NEW.{name} IS OLD.{name} THEN '' ELSE '{name} ' END" for name in EDITABLE)


_NOT_OURS = "(SELECT ours FROM state) = 0"
_NEW_REV = "UPDATE state SET rev = rev + 1"
_STALE = "UPDATE tickets SET stale = max(stale, 1), rev = (SELECT rev FROM state) WHERE id = OLD.ticket_id"
# A ticket that only its events know gets a row that says nothing.
_STALE_OR_NEW = """INSERT INTO tickets (id, opened_at, rev, stale)
            VALUES (NEW.ticket_id, NULL, (SELECT rev FROM state), 1)
            ON CONFLICT (id) DO UPDATE SET stale = max(stale, 1), rev = excluded.rev"""

_FOREIGN_HANDS = (
    f"""CREATE TRIGGER tickets_inserted AFTER INSERT ON tickets WHEN {_NOT_OURS} BEGIN
        {_NEW_REV};
        UPDATE tickets SET stale = 2, edited = NULL, rev = (SELECT rev FROM state) WHERE id = NEW.id; END""",
    # A ticket that was inserted and updated before anybody looked stays an inserted one: all of its row is news.
    f"""CREATE TRIGGER tickets_updated AFTER UPDATE OF {", ".join(_WATCHED)} ON tickets WHEN {_NOT_OURS} BEGIN
        {_NEW_REV};
        UPDATE tickets SET stale = CASE WHEN OLD.stale = 2 THEN 2 ELSE 3 END, rev = (SELECT rev FROM state),
            edited = coalesce(OLD.edited, ' ') || {_edited()} WHERE id = NEW.id; END""",
    """CREATE TRIGGER tickets_renamed BEFORE UPDATE OF id ON tickets WHEN NEW.id IS NOT OLD.id
        BEGIN SELECT RAISE(ABORT, 'a ticket keeps its id: its events name it'); END""",
    f"""CREATE TRIGGER tickets_deleted AFTER DELETE ON tickets BEGIN
        {_NEW_REV};
        DELETE FROM clocks WHERE ticket_id = OLD.id; END""",
    f"""CREATE TRIGGER events_inserted AFTER INSERT ON events WHEN {_NOT_OURS} BEGIN
        {_NEW_REV}; {_STALE_OR_NEW}; END""",
    f"""CREATE TRIGGER events_updated AFTER UPDATE ON events WHEN {_NOT_OURS} BEGIN
        {_NEW_REV}; {_STALE}; {_STALE_OR_NEW}; END""",
    f"""CREATE TRIGGER events_deleted AFTER DELETE ON events BEGIN
        {_NEW_REV}; {_STALE}; END""",
)


_WORDS = (
    "ALTER TABLE tickets ADD COLUMN words TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE clocks ADD COLUMN words TEXT NOT NULL DEFAULT ''",
    "UPDATE tickets SET words = WORDS(id, title, customer, status, board)",
    "UPDATE clocks SET words = (SELECT words FROM tickets WHERE id = ticket_id) WHERE place > 0",
    # The next clock of each bucket to turn red is one step away; a list and a filter read nothing but their index.
    "DROP INDEX clocks_red",
    "CREATE INDEX clocks_red ON clocks (place, bucket, red_at, ticket_id, priority, owner) WHERE place > 0",
    "DROP INDEX clocks_due",
    """CREATE INDEX clocks_due ON clocks
        (place, due_at, ticket_id, red_at, orange_at, yellow_at, owner, bucket, priority, words) WHERE place > 0""",
    """CREATE INDEX clocks_owner ON clocks (owner, place, due_at, ticket_id, red_at, orange_at, yellow_at)
        WHERE place > 0""",
    "DROP INDEX tickets_no_sla",
    "CREATE INDEX tickets_no_sla ON tickets (opened_at, id, priority, owner, no_sla, words) WHERE no_sla IS NOT NULL",
)
_LEDGER = (
    # What came into the grid (sign 1) and went (-1), as it was then: place 1 to 3 is a clock, 0 a ticket without SLA,
    # -1 an open ticket of somebody's. Sign 0 says that something went without a trace: count anew. `mark` tells a
    # ledger from another one that has come as far.
    """CREATE TABLE ledger (
        seq INTEGER PRIMARY KEY, mark INTEGER NOT NULL DEFAULT (random()), sign INTEGER NOT NULL, place INTEGER,
        bucket TEXT, priority TEXT, owner TEXT, due_at INTEGER, yellow_at INTEGER, orange_at INTEGER, red_at INTEGER,
        ticket_id TEXT, words TEXT)""",
    "INSERT INTO ledger (sign) VALUES (0)",
    # Who has not looked for so long counts anew; that is quicker than to read all this.
    """CREATE TRIGGER ledger_short AFTER INSERT ON ledger WHEN NEW.seq % 1024 = 0
        BEGIN DELETE FROM ledger WHERE seq <= NEW.seq - 8192; END""",
)
_CLOCK_FACTS = (
    "place",
    "bucket",
    "priority",
    "owner",
    "due_at",
    "yellow_at",
    "orange_at",
    "red_at",
    "ticket_id",
    "words",
)
_NO_SLA_FACTS = ("priority", "owner", "opened_at", "id", "words")


def _of(row: str, columns: tuple[str, ...]) -> str:
    return ", ".join(f"{row}.{column}" for column in columns)


def _clock(sign: int, row: str) -> str:
    return f"""INSERT INTO ledger (sign, {", ".join(_CLOCK_FACTS)}) SELECT {sign}, {_of(row, _CLOCK_FACTS)}
            WHERE {row}.place > 0"""


def _no_sla(sign: int, row: str) -> str:
    return f"""INSERT INTO ledger (sign, place, priority, owner, due_at, ticket_id, words)
            SELECT {sign}, 0, {_of(row, _NO_SLA_FACTS)} WHERE {row}.no_sla IS NOT NULL"""


def _load(sign: int, row: str) -> str:
    return f"""INSERT INTO ledger (sign, place, owner, ticket_id) SELECT {sign}, -1, {row}.owner, {row}.id
            WHERE {row}.owner IS NOT NULL AND {row}.ended_at IS NULL"""


_COUNTED = (
    f"CREATE TRIGGER clocks_counted AFTER INSERT ON clocks WHEN NEW.place > 0 BEGIN {_clock(1, 'NEW')}; END",
    f"CREATE TRIGGER clocks_gone AFTER DELETE ON clocks WHEN OLD.place > 0 BEGIN {_clock(-1, 'OLD')}; END",
    f"""CREATE TRIGGER clocks_moved AFTER UPDATE OF {", ".join(_CLOCK_FACTS)} ON clocks
        WHEN (OLD.place > 0 OR NEW.place > 0) AND ({_of("OLD", _CLOCK_FACTS)}) IS NOT ({_of("NEW", _CLOCK_FACTS)})
        BEGIN {_clock(-1, "OLD")}; {_clock(1, "NEW")}; END""",
    f"""CREATE TRIGGER tickets_counted AFTER INSERT ON tickets WHEN NEW.no_sla IS NOT NULL OR NEW.owner IS NOT NULL
        BEGIN {_no_sla(1, "NEW")}; {_load(1, "NEW")}; END""",
    f"""CREATE TRIGGER tickets_gone AFTER DELETE ON tickets WHEN OLD.no_sla IS NOT NULL OR OLD.owner IS NOT NULL
        BEGIN {_no_sla(-1, "OLD")}; {_load(-1, "OLD")}; END""",
    f"""CREATE TRIGGER tickets_moved AFTER UPDATE OF no_sla, {", ".join(_NO_SLA_FACTS)} ON tickets
        WHEN (OLD.no_sla IS NOT NULL OR NEW.no_sla IS NOT NULL) AND (OLD.no_sla IS NULL, {_of("OLD", _NO_SLA_FACTS)})
            IS NOT (NEW.no_sla IS NULL, {_of("NEW", _NO_SLA_FACTS)})
        BEGIN {_no_sla(-1, "OLD")}; {_no_sla(1, "NEW")}; END""",
    f"""CREATE TRIGGER tickets_given AFTER UPDATE OF owner, ended_at ON tickets
        WHEN (OLD.owner, OLD.ended_at IS NULL) IS NOT (NEW.owner, NEW.ended_at IS NULL)
        BEGIN {_load(-1, "OLD")}; {_load(1, "NEW")}; END""",
    # REPLACE deletes the row that was there and tells no trigger of it.
    f"""CREATE TRIGGER tickets_replaced BEFORE INSERT ON tickets WHEN {_NOT_OURS} AND EXISTS (SELECT 1 FROM tickets
            WHERE id = NEW.id AND (no_sla IS NOT NULL OR (owner IS NOT NULL AND ended_at IS NULL)))
        BEGIN INSERT INTO ledger (sign) VALUES (0); END""",
)


def _iso(*columns: str) -> str:
    return ", ".join(f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, 'unixepoch') AS {column}" for column in columns)


_VIEWS = (
    f"""CREATE VIEW tickets_iso AS SELECT id, title, customer, priority, status, stage, owner, policy, bucket, no_sla,
        board, type, url, {_iso("opened_at", "owned_at", "ended_at", "changed_at")} FROM tickets""",
    f"""CREATE VIEW events_iso AS SELECT seq, ticket_id, {_iso("at")}, order_in_instant, kind, actor, actor_kind,
        status, stage, reason, owner, priority, customer, title, direction, channel, note,
        csat, nps, via FROM events""",
    f"""CREATE VIEW clocks_iso AS SELECT ticket_id, bucket, cycle, state, target_s, policy, calendar, policy_version,
        {_iso("started_at", "due_at", "yellow_at", "orange_at", "red_at", "stopped_at")}, frozen_zone, left_s,
        elapsed_s, met, skipped, by_status, cause FROM clocks""",
    f"""CREATE VIEW outcomes_iso AS SELECT ticket_id, bucket, cycle, revision, policy_version, policy, calendar,
        target_s, {_iso("started_at", "due_at", "stopped_at")}, elapsed_s, met, zone, skipped, by_status,
        cause, customer, priority, owner, board, withdrawn, why FROM outcomes""",
)

_BEHIND = "CREATE INDEX tickets_behind ON tickets (policy_version, id) WHERE ended_at IS NULL AND stale = 0"
_CLAIMS = "CREATE INDEX events_claims ON events (at) WHERE kind IN ('claim', 'takeover')"
_RUNNING_AND_VIEWS = (
    """CREATE INDEX clocks_beside ON clocks (bucket, yellow_at, orange_at, red_at)
        WHERE place = 0 AND state = 'running'""",
    """CREATE TABLE views (
        name TEXT PRIMARY KEY NOT NULL COLLATE NOCASE CHECK (typeof(name) = 'text' AND name <> ''),
        filter TEXT NOT NULL DEFAULT '', tab TEXT NOT NULL DEFAULT 'all', sort TEXT NOT NULL DEFAULT 'saving',
        reverse INTEGER NOT NULL DEFAULT 0, grid TEXT NOT NULL DEFAULT 'stage',
        saved_by TEXT NOT NULL DEFAULT '', saved_at INTEGER NOT NULL DEFAULT 0)""",
)
