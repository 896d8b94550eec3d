"""The schema, as append-only numbered migrations: a step that has shipped is never edited."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from slaboard.store.driver import APPLICATION_ID

migrations = Migrations("slaboard")


@migrations(name="m001_tickets_events_clocks")
def m001(db: Database) -> None:
    """Tickets, their events and clocks, outcomes, policies, engineers and imports, with the triggers and views."""
    for statement in (*_TABLES, *_IMMUTABLE, *_FOREIGN_HANDS, *_VIEWS):
        db.execute(statement)
    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    db.execute("PRAGMA user_version=1")


_TABLES = (
    # One row: `rev` grows with every transaction that changes anything a board shows.
    "CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), rev INTEGER NOT NULL, policy_version INTEGER NOT NULL)",
    "INSERT INTO state VALUES (1, 1, 0)",
    """CREATE TABLE tickets (
        id TEXT PRIMARY KEY NOT NULL,
        title TEXT, customer TEXT, priority TEXT, status TEXT, stage TEXT, owner TEXT, policy TEXT,
        opened_at INTEGER DEFAULT (CAST(strftime('%s', 'now') AS INTEGER)),
        board TEXT, type TEXT, url TEXT,
        bucket TEXT, no_sla TEXT,
        owned_at INTEGER, ended_at INTEGER, changed_at INTEGER,
        rev INTEGER NOT NULL DEFAULT 0,
        stale INTEGER NOT NULL DEFAULT 2,
        edited TEXT)""",
    "CREATE INDEX tickets_stale ON tickets (id) WHERE stale > 0",
    "CREATE INDEX tickets_rev ON tickets (rev)",
    "CREATE INDEX tickets_owner ON tickets (owner, ended_at) WHERE owner IS NOT NULL AND ended_at IS NULL",
    "CREATE INDEX tickets_no_sla ON tickets (opened_at, id, priority, owner) WHERE no_sla IS NOT NULL",
    """CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        ticket_id TEXT NOT NULL,
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
    "CREATE INDEX clocks_due ON clocks (place, due_at, red_at, orange_at, yellow_at, owner) WHERE place > 0",
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
        version INTEGER PRIMARY KEY, text TEXT NOT NULL, author TEXT NOT NULL, applied_at INTEGER NOT NULL)""",
    """CREATE TABLE engineers (
        name TEXT PRIMARY KEY NOT NULL, key TEXT NOT NULL UNIQUE, skills TEXT NOT NULL DEFAULT '',
        active INTEGER NOT NULL DEFAULT 1, pin TEXT)""",
    """CREATE TABLE imports (
        id INTEGER PRIMARY KEY, source TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL,
        shift_s INTEGER NOT NULL DEFAULT 0, started_at INTEGER NOT NULL, finished_at INTEGER,
        lines INTEGER NOT NULL DEFAULT 0, events INTEGER NOT NULL DEFAULT 0, problems INTEGER NOT NULL DEFAULT 0)""",
)

_IMMUTABLE = tuple(
    f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, '{table} are immutable: what was promised and kept is never rewritten'); END"""
    for table in ("outcomes", "policies")
    for verb in ("UPDATE", "DELETE")
)

# Our own statements always set a new `rev`; whoever does not is another program. Its ticket is marked stale, and
# whoever notices first recomputes it. stale: 1 its events changed; 2 its row was inserted (NULL means: not said);
# 3 its row was updated (`edited` names the columns; NULL means: emptied).
EDITABLE = ("title", "customer", "priority", "status", "stage", "owner", "board", "type", "url")


def _edited() -> str:
    return " || ".join(f"CASE WHEN NEW.{name} IS OLD.{name} THEN '' ELSE '{name} ' END" for name in EDITABLE)


_FOREIGN_HANDS = (
    """CREATE TRIGGER tickets_inserted AFTER INSERT ON tickets WHEN NEW.rev = 0 BEGIN
        UPDATE state SET rev = rev + 1;
        UPDATE tickets SET stale = 2, rev = (SELECT rev FROM state) WHERE id = NEW.id; END""",
    f"""CREATE TRIGGER tickets_updated AFTER UPDATE ON tickets WHEN NEW.rev IS OLD.rev BEGIN
        UPDATE state SET rev = rev + 1;
        UPDATE tickets SET stale = max(stale, 3), rev = (SELECT rev FROM state),
            edited = coalesce(edited, ' ') || {_edited()} WHERE id = NEW.id; END""",
    """CREATE TRIGGER tickets_deleted AFTER DELETE ON tickets BEGIN
        UPDATE state SET rev = rev + 1;
        DELETE FROM clocks WHERE ticket_id = OLD.id; END""",
    """CREATE TRIGGER events_inserted AFTER INSERT ON events WHEN NEW.rev = 0 BEGIN
        UPDATE state SET rev = rev + 1;
        INSERT INTO tickets (id, opened_at, rev, stale) VALUES (NEW.ticket_id, NULL, (SELECT rev FROM state), 1)
            ON CONFLICT (id) DO UPDATE SET stale = max(stale, 1), rev = (SELECT rev FROM state); END""",
    """CREATE TRIGGER events_updated AFTER UPDATE ON events WHEN NEW.rev IS OLD.rev BEGIN
        UPDATE state SET rev = rev + 1;
        UPDATE tickets SET stale = max(stale, 1), rev = (SELECT rev FROM state) WHERE id = NEW.ticket_id; END""",
    """CREATE TRIGGER events_deleted AFTER DELETE ON events BEGIN
        UPDATE state SET rev = rev + 1;
        UPDATE tickets SET stale = max(stale, 1), rev = (SELECT rev FROM state) WHERE id = OLD.ticket_id; END""",
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
