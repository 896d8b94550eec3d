"""Every question a board asks of the store, by name; each names its index, because the planner guesses wrong.

`place > 0` stands beside every `place = ...`: SQLite uses a partial index only where its condition stands in the query.
"""

from __future__ import annotations

from slaboard.ticket import Zone

# Which buckets and priorities there are in the grid, each found in one step through its index.
KINDS = """
    WITH RECURSIVE places(place) AS (VALUES (1), (2), (3)),
    buckets(bucket) AS (VALUES ('response'), ('resplan'), ('resolution'), ('total_resolution'), ('update')),
    kinds(place, bucket, priority) AS (
        SELECT place, bucket, (SELECT min(c.priority) FROM clocks c INDEXED BY clocks_grid
            WHERE c.place = p.place AND c.place > 0 AND c.bucket = b.bucket) FROM places p, buckets b
        UNION ALL
        SELECT place, bucket, (SELECT min(c.priority) FROM clocks c INDEXED BY clocks_grid
            WHERE c.place = k.place AND c.place > 0 AND c.bucket = k.bucket AND c.priority > k.priority)
        FROM kinds k WHERE k.priority IS NOT NULL)
    SELECT place, bucket, priority FROM kinds k WHERE priority IS NOT NULL OR EXISTS (
        SELECT 1 FROM clocks c INDEXED BY clocks_grid
        WHERE c.place = k.place AND c.place > 0 AND c.bucket = k.bucket AND c.priority IS NULL)"""
# Who owns tickets that count in the grid.
OWNERS = """
    WITH RECURSIVE owners(owner) AS (
        SELECT min(c.owner) FROM clocks c INDEXED BY clocks_owner WHERE c.owner IS NOT NULL AND c.place > 0
        UNION ALL
        SELECT (SELECT min(c.owner) FROM clocks c INDEXED BY clocks_owner WHERE c.owner > o.owner AND c.place > 0)
        FROM owners o WHERE o.owner IS NOT NULL)
    SELECT owner FROM owners WHERE owner IS NOT NULL"""
# Owners and priorities of tickets without SLA, and of what has come and gone since :seq.
NAMES = "SELECT DISTINCT t.owner, t.priority FROM tickets t INDEXED BY tickets_no_sla WHERE t.no_sla IS NOT NULL"
NAMES_MOVED = "SELECT DISTINCT owner, priority FROM ledger WHERE seq > :seq AND place >= 0"
# The clocks of one kind that are green at :now, and those that are not, by their edges and whether somebody owns
# them. One pass that groups and compares all took 307 ms of a million tickets, these two take 147.
GREEN = """
    SELECT count(*) FROM clocks c INDEXED BY clocks_grid WHERE c.place = :place AND c.place > 0
    AND c.bucket = :bucket AND c.priority IS :priority AND c.yellow_at > :now"""
WORSE = """
    SELECT count(*), count(*) FILTER (WHERE c.orange_at <= :now), count(*) FILTER (WHERE c.red_at <= :now),
        count(*) FILTER (WHERE c.owner IS NULL), count(*) FILTER (WHERE c.owner IS NULL AND c.orange_at <= :now),
        count(*) FILTER (WHERE c.owner IS NULL AND c.red_at <= :now)
    FROM clocks c INDEXED BY clocks_grid WHERE c.place = :place AND c.place > 0
    AND c.bucket = :bucket AND c.priority IS :priority AND c.yellow_at <= :now"""
# How many tickets of one kind wait for somebody else.
WAITING = """
    SELECT count(*) FROM clocks c INDEXED BY clocks_grid
    WHERE c.place = 2 AND c.place > 0 AND c.bucket = :bucket AND c.priority IS :priority"""
# Open tickets that nothing is promised for, by priority.
NO_SLA = """
    SELECT t.priority, count(*) FROM tickets t INDEXED BY tickets_no_sla WHERE t.no_sla IS NOT NULL
    GROUP BY t.priority"""
# Where clocks are counted under a condition: all of them, in an index that holds whatever is asked of them, some by
# their ticket, or those that have come and gone since :seq.
ALL_CLOCKS = "clocks c INDEXED BY clocks_due WHERE c.place = :place AND c.place > 0"
SOME_CLOCKS = "json_each(:among) i CROSS JOIN clocks c ON c.ticket_id = i.value WHERE c.place = :place"
MOVED = "ledger c WHERE c.seq > :seq AND c.place = :place"
# What clocks come to at :now, by bucket and priority; of the ledger each entry weighs its sign.
CELLS = """
    SELECT c.bucket, c.priority, sum({weight}), sum({weight}) FILTER (WHERE c.yellow_at <= :now),
        sum({weight}) FILTER (WHERE c.orange_at <= :now), sum({weight}) FILTER (WHERE c.red_at <= :now),
        sum({weight}) FILTER (WHERE c.owner IS NULL AND c.yellow_at <= :now),
        sum({weight}) FILTER (WHERE c.owner IS NULL AND c.orange_at <= :now),
        sum({weight}) FILTER (WHERE c.owner IS NULL AND c.red_at <= :now)
    FROM {clocks}{where} GROUP BY c.bucket, c.priority"""
# The same of tickets without SLA, in their index or in the ledger.
ALL_NO_SLA = "tickets c INDEXED BY tickets_no_sla WHERE c.no_sla IS NOT NULL"
SOME_NO_SLA = "json_each(:among) i CROSS JOIN tickets c ON c.id = i.value WHERE c.no_sla IS NOT NULL"
MOVED_NO_SLA = "ledger c WHERE c.seq > :seq AND c.place = 0"
PLAIN = "SELECT c.priority, sum({weight}) FROM {tickets}{where} GROUP BY c.priority"
# The plus keeps the planner from skip-scans: after an ANALYZE it sorted the whole list by them for every page.
ZONES = {
    Zone.GREEN: "+c.yellow_at > :now",
    Zone.YELLOW: "+c.yellow_at <= :now AND +c.orange_at > :now",
    Zone.ORANGE: "+c.orange_at <= :now AND +c.red_at > :now",
    Zone.RED: "+c.red_at <= :now",
}


def within(zones: frozenset[Zone]) -> str:
    """The condition that a clock is in one of `zones`; none where none is named."""
    return f" AND ({' OR '.join(f'({ZONES[zone]})' for zone in Zone if zone in zones)})" if zones else ""


def running(buckets: str, zones: frozenset[Zone]) -> str:
    """The ids of tickets that a clock of `buckets` runs for, in one of `zones`, wherever they count.

    A clock has edges while it runs. One that counts nowhere stands in an index of its own.
    """
    which = f"k.bucket IN ({buckets}){within(zones).replace('c.', 'k.')}"
    return (
        f"SELECT k.ticket_id FROM clocks k WHERE k.place = 0 AND k.state = 'running' AND {which} UNION ALL "
        f"SELECT k.ticket_id FROM clocks k INDEXED BY clocks_grid WHERE k.place IN (1, 2, 3) AND k.place > 0 "
        f"AND +k.yellow_at IS NOT NULL AND {which}"
    )


def beside(bucket: str, zones: frozenset[Zone]) -> str:
    """The condition that a ticket counts in one of `zones`, and under `bucket` (a condition, too)."""
    place = f"c.place = 1 AND c.place > 0{bucket}{within(zones)}"
    return f" AND c.ticket_id IN (SELECT c.ticket_id FROM clocks c WHERE {place})"


# Tickets by what turns the grid, {key}, one of them by its id: all, yellow or worse, orange or worse, red.
TURNED = """
    SELECT {key}, max(c.ticket_id), sum({weight}), sum({weight}) FILTER (WHERE c.yellow_at <= :now),
        sum({weight}) FILTER (WHERE c.orange_at <= :now), sum({weight}) FILTER (WHERE c.red_at <= :now)
    FROM {clocks}{where} GROUP BY 1"""
# Owners stand first in an index of their own: to group a million by them takes no sorting.
OWNED_CLOCKS = "clocks c INDEXED BY clocks_owner WHERE c.place = :place AND c.place > 0"
# By what it is turned, of a clock or of an entry of the ledger; the customer is the last line of the words.
KEYS = {
    "owner": "c.owner",
    "customer": "substr(c.words, instr(c.words, char(10)) + 1)",
    "board": "(SELECT b.board FROM tickets b WHERE b.id = c.ticket_id)",
}
# How many clocks crossed an edge in (:last, :now], by what turns the grid.
TURNED_CROSSED = """
    SELECT {key}, max(c.ticket_id), count(*) FROM clocks c INDEXED BY clocks_{edge}
    WHERE {range} AND c.place = :place AND c.place > 0{where} GROUP BY 1"""
# How customers are written, by the tickets :ids.
CUSTOMERS = "SELECT t.id, t.customer FROM json_each(:ids) i CROSS JOIN tickets t ON t.id = i.value"
# Whether a ticket left since :seq of which nobody knows its board any more.
BOARDLESS = """
    SELECT EXISTS (SELECT 1 FROM ledger c LEFT JOIN tickets b ON b.id = c.ticket_id
    WHERE c.seq > :seq AND c.sign < 0 AND c.place > 0 AND (b.id IS NULL OR b.words <> c.words))"""
# Running clocks that count nowhere, by bucket, and those of waiting tickets: response goes on.
BESIDE = """
    SELECT k.bucket, count(*), sum(k.yellow_at <= :now), sum(k.orange_at <= :now), sum(k.red_at <= :now)
    FROM clocks k WHERE k.place = 0 AND k.state = 'running' GROUP BY 1"""
WAITING_RUNS = """
    SELECT c.bucket, count(*), sum(c.yellow_at <= :now), sum(c.orange_at <= :now), sum(c.red_at <= :now)
    FROM clocks c INDEXED BY clocks_grid WHERE c.place = 2 AND c.place > 0 AND c.yellow_at IS NOT NULL GROUP BY 1"""
# All running clocks of some tickets, by bucket.
EVERY = """
    SELECT k.bucket, count(*), sum(k.yellow_at <= :now), sum(k.orange_at <= :now), sum(k.red_at <= :now)
    FROM {tickets}{where} AND k.state = 'running' GROUP BY 1"""
EVERY_CLOCKS = """clocks c INDEXED BY clocks_due CROSS JOIN clocks k ON k.ticket_id = c.ticket_id
    WHERE c.place = :place AND c.place > 0"""
EVERY_NO_SLA = """tickets c INDEXED BY tickets_no_sla CROSS JOIN clocks k ON k.ticket_id = c.id
    WHERE c.no_sla IS NOT NULL"""
# The first :limit tickets for which a condition holds, in no order.
HITS = """
    SELECT c.ticket_id FROM clocks c INDEXED BY clocks_due WHERE c.place IN (1, 2) AND c.place > 0{where}
    LIMIT :limit"""
HITS_NO_SLA = "SELECT c.id FROM tickets c INDEXED BY tickets_no_sla WHERE c.no_sla IS NOT NULL{where} LIMIT :limit"
# Which tickets have come in since :seq for which a condition holds.
HITS_MOVED = (
    "SELECT DISTINCT c.ticket_id FROM ledger c WHERE c.seq > :seq AND c.sign > 0 AND c.place IN (0, 1, 2){where}"
)
# The last entry of the ledger, and the mark of one.
LAST_ENTRY = "SELECT seq, mark FROM ledger ORDER BY seq DESC LIMIT 1"
MARK = "SELECT mark FROM ledger WHERE seq = :seq"
# Whether something changed since :seq without a trace.
TRACELESS = "SELECT EXISTS (SELECT 1 FROM ledger WHERE seq > :seq AND sign = 0)"
# Who has got how many open tickets since :seq.
MOVED_LOADS = "SELECT owner, sum(sign) FROM ledger WHERE seq > :seq AND place = -1 GROUP BY owner"
# The clock of a bucket that turns red next.
NEXT = """
    SELECT ticket_id, due_at, red_at, owner, calendar FROM clocks INDEXED BY clocks_red
    WHERE place = 1 AND place > 0 AND bucket = :bucket AND red_at > :now ORDER BY red_at, ticket_id LIMIT 1"""
# How many clocks crossed an edge in (:last, :now], by bucket, priority and whether somebody owns the ticket.
CROSSED = """
    SELECT c.bucket, c.priority, c.owner IS NULL, count(*) FROM clocks c INDEXED BY clocks_{edge}
    WHERE {range} AND c.place = :place AND c.place > 0{where} GROUP BY 1, 2, 3"""
# Which clocks crossed an edge in (:last, :now] in front of one list's key.
CROSSED_BEFORE = """
    SELECT count(*) FROM clocks c INDEXED BY clocks_{edge}
    WHERE {range} AND c.place = 1 AND c.place > 0 AND (c.due_at, c.ticket_id) < (:due, :id){where}"""
# What has come in front of a list's key since :seq; of a ticket without SLA the ledger has the opening time for `due`.
MOVED_BEFORE = """
    SELECT sum(c.sign) FROM ledger c WHERE c.seq > :seq AND c.place = :place
    AND (coalesce(c.due_at, -1), c.ticket_id) < (coalesce(:due, -1), :id){where}"""
EDGES = {
    "yellow": "c.yellow_at > :last AND c.yellow_at <= :now",
    "orange": "c.orange_at > :last AND c.orange_at <= :now",
    "red": "c.bucket IN ('response', 'resplan', 'resolution', 'total_resolution', 'update')"
    " AND c.red_at > :last AND c.red_at <= :now",
}
"""Each edge's range in its index."""
# The group in which one ticket stands at :now and its key there, for finding its rank.
PLACE_OF = """
    SELECT CASE WHEN c.place = 2 THEN 'waiting' WHEN c.red_at <= :now THEN 'red' WHEN c.orange_at <= :now THEN 'orange'
        WHEN c.yellow_at <= :now THEN 'yellow' ELSE 'green' END AS name, c.due_at
    FROM clocks c WHERE c.ticket_id = :id AND c.place IN (1, 2)"""
# The same of its update.
UPDATE_OF = PLACE_OF.replace("c.place IN (1, 2)", "c.place = 3")
# The worst breached and unclaimed ticket, for the pinned line.
WORST = """
    SELECT c.ticket_id FROM clocks c INDEXED BY clocks_owner
    WHERE c.owner IS NULL AND c.place = 1 AND c.place > 0 AND c.red_at <= :now
    ORDER BY c.due_at, c.ticket_id LIMIT 1"""
# Somebody's own tickets, by zone, waiting and without SLA: as many as one person has.
MINE = """
    SELECT count(*) FILTER (WHERE c.place = 1 AND c.yellow_at <= :now),
        count(*) FILTER (WHERE c.place = 1 AND c.orange_at <= :now),
        count(*) FILTER (WHERE c.place = 1 AND c.red_at <= :now), count(*) FILTER (WHERE c.place = 1),
        count(*) FILTER (WHERE c.place = 2)
    FROM clocks c INDEXED BY clocks_owner WHERE c.owner = :person AND c.place IN (1, 2) AND c.place > 0{where}"""
# Ended tickets by their id, and who and what they are of.
ENDED = "SELECT c.id FROM tickets c WHERE c.ended_at IS NOT NULL{where} ORDER BY c.id"
ENDED_NAMES = "SELECT DISTINCT owner, priority FROM tickets WHERE ended_at IS NOT NULL"
# Everything about the tickets :ids (a JSON array). CROSS JOIN keeps the planner from reading the whole table, which it
# prefers where an ANALYZE was long ago and the table small.
TICKETS = "SELECT t.* FROM json_each(:ids) i CROSS JOIN tickets t ON t.id = i.value"
# Which of them have changed since they were read.
REVS = "SELECT t.id, t.rev FROM json_each(:ids) i CROSS JOIN tickets t ON t.id = i.value"
# What must be known of a ticket before it is computed; the rest only matters where another program wrote it.
KNOWN = """
    SELECT t.id, t.stale, t.ended_at, t.policy_version FROM json_each(:ids) i CROSS JOIN tickets t ON t.id = i.value"""
CLOCKS = "SELECT t.* FROM json_each(:ids) i CROSS JOIN clocks t ON t.ticket_id = i.value"
OUTCOMES = "SELECT t.* FROM json_each(:ids) i CROSS JOIN outcomes t ON t.ticket_id = i.value ORDER BY t.revision"
OUTCOMES_OF = "SELECT * FROM outcomes WHERE ticket_id = ? ORDER BY revision"
EVENTS = """
    SELECT t.* FROM json_each(:ids) i CROSS JOIN events t ON t.ticket_id = i.value
    ORDER BY t.ticket_id, t.at, t.order_in_instant, t.seq"""
EVENTS_OF = "SELECT * FROM events WHERE ticket_id = ? ORDER BY at, order_in_instant, seq"
# Who owns how many open tickets.
LOADS = """
    SELECT owner, count(*) FROM tickets INDEXED BY tickets_owner WHERE owner IS NOT NULL AND ended_at IS NULL
    GROUP BY owner"""
# Open tickets whose clocks are under an earlier policy, and that nothing else marks.
BEHIND = "ended_at IS NULL AND stale = 0 AND policy_version < (SELECT policy_version FROM state)"
# Tickets to recompute; those that an import holds back (-1) come later, and last those under an earlier policy: to mark
# a million of them when a new one was applied would hold the turnstile for seconds.
STALE = f"""
    SELECT id FROM tickets INDEXED BY tickets_stale WHERE stale > 0 AND stale <> 0
    UNION ALL SELECT id FROM tickets INDEXED BY tickets_stale WHERE stale < -1 AND stale <> 0
    UNION ALL SELECT id FROM tickets INDEXED BY tickets_stale WHERE stale = -1 AND stale <> 0
        AND (SELECT held_until FROM state) = 0
    UNION ALL SELECT id FROM tickets INDEXED BY tickets_behind WHERE {BEHIND}
    LIMIT :limit"""
HOW_STALE = f"SELECT count(*) FROM ({STALE})"
# Whether an import holds its tickets back, and whether it has been silent for too long.
HOLDING = "SELECT held_until FROM state WHERE held_until > 0"
ABANDONED = "SELECT 1 FROM state WHERE held_until BETWEEN 1 AND :now"
# Whether any ticket waits to be recomputed; a store that may only be read can be without the second index.
ANY_STALE = f"""
    SELECT 1 FROM tickets INDEXED BY tickets_stale WHERE stale <> 0
    UNION ALL SELECT 1 FROM tickets WHERE {BEHIND} LIMIT 1"""
# What has come into the grid since :seq (1) or left it (-1), by its clock; what only changed hands has done neither.
CAME_AND_WENT = """
    SELECT c.ticket_id, c.place, c.bucket, c.yellow_at, c.orange_at, c.red_at, max(c.due_at) AS due_at,
        sum(c.sign) AS sign
    FROM ledger c WHERE c.seq > :seq AND c.place > 0
    GROUP BY c.ticket_id, c.place, c.bucket, c.yellow_at, c.orange_at, c.red_at HAVING sum(c.sign) <> 0"""
# The clocks that crossed an edge in (:last, :now], with all their edges.
CROSSING = """
    SELECT c.ticket_id, c.place, c.bucket, c.yellow_at, c.orange_at, c.red_at, c.due_at
    FROM clocks c INDEXED BY clocks_{edge} WHERE {range} AND c.place IN (1, 2, 3) AND c.place > 0"""
# The next edge that any clock in the grid will cross; red ones stand in an index of their own by place and bucket.
NEXT_EDGE = """
    WITH places(place) AS (VALUES (1), (2), (3)),
    buckets(bucket) AS (VALUES ('response'), ('resplan'), ('resolution'), ('total_resolution'), ('update'))
    SELECT min(edge) FROM (
        SELECT (SELECT c.yellow_at FROM clocks c INDEXED BY clocks_yellow
            WHERE c.yellow_at > :now AND c.place > 0 ORDER BY c.yellow_at LIMIT 1) AS edge
        UNION ALL SELECT (SELECT c.orange_at FROM clocks c INDEXED BY clocks_orange
            WHERE c.orange_at > :now AND c.place > 0 ORDER BY c.orange_at LIMIT 1)
        UNION ALL SELECT (SELECT c.red_at FROM clocks c INDEXED BY clocks_red
            WHERE c.place = p.place AND c.place > 0 AND c.bucket = b.bucket AND c.red_at > :now
            ORDER BY c.red_at LIMIT 1) FROM places p, buckets b)"""
# Every clock of the tickets :ids with the zone that it waits or has stopped in, a later cycle behind an earlier one.
STANDINGS = """
    SELECT c.ticket_id, c.bucket, c.frozen_zone, c.yellow_at, c.orange_at, c.red_at
    FROM json_each(:ids) i CROSS JOIN clocks c ON c.ticket_id = i.value ORDER BY c.cycle"""
# Clocks of the tickets :ids in the grid that only a change of priority, customer or policy made late.
RETARGETED = """
    SELECT c.ticket_id, c.bucket FROM json_each(:ids) i CROSS JOIN clocks c ON c.ticket_id = i.value
    WHERE c.place > 0 AND c.cause = 'retarget'"""
