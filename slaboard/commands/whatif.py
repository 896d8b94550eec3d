"""`slaboard policy try`: the past under another policy, and which results would have been others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import click

from slaboard.board import cells
from slaboard.commands import choice
from slaboard.commands.options import Common, F, instant, now, pass_common, store_option, when
from slaboard.commands.policy_file import counting, read_policy
from slaboard.errors import UsageError
from slaboard.output import iso
from slaboard.reports.figure import share, share_text
from slaboard.reports.period import Period
from slaboard.reports.whatif import Flip, Row, Trial
from slaboard.sla.autopsy import BUCKETS
from slaboard.sla.explain import duration
from slaboard.store.read.lives import judged, lives, touched
from slaboard.store.sqlite import SqliteStore
from slaboard.text import clean, json_line

QUARTER_S = 90 * 86_400
"""How far back one looks when nobody says since when."""
CUSTOMERS, FLIPS = 12, 20
"""How many of them are told to people; programs get all."""


def period_options(command: F) -> F:
    """`--since` and `--until`."""
    since = "Results that stopped from then on: 2026-01-05, or epoch seconds.  [default: 90 days ago]"
    until = "Results that stopped before then.  [default: now]"
    command = click.option("--until", metavar="TIME", callback=instant, help=until)(command)
    return click.option("--since", metavar="TIME", callback=instant, help=since)(command)


def period_of(since: int | None, until: int | None) -> Period:
    """The period that is meant; UsageError where it ends before it begins."""
    end = now() if until is None else until
    found = Period(end - QUARTER_S if since is None else since, None if until is None else until)
    if found.since is not None and found.since >= end:
        raise UsageError(f"Nothing lies between {when(found.since)} and {when(end)}: say an earlier --since.")
    return found


def trial_of(store: SqliteStore, trial: Trial) -> Trial:
    """`trial` after every ticket of its period; the store is only read."""
    with counting(touched(store, trial.period), "Replaying") as told:
        for page in lives(store, trial.period):
            for ticket, events in page.items():
                trial.add(ticket, events)
            if told is not None:
                told(trial.tickets)
    return trial


@click.command("try", short_help="What a policy file would have made of the past.")
@click.argument("file", shell_complete=choice.files)
@period_options
@click.option("--json", "as_json", is_flag=True, help="As one JSON object: every row, every flip.")
@store_option
@pass_common
def try_(
    common: Common, file: str, since: int | None, until: int | None, as_json: bool, store: str | None
) -> None:  # fmt: skip
    """What a policy file would have made of the past; nothing is written."""
    common.take({"store": store})
    _, policies = read_policy(file)
    period = period_of(since, until)
    with common.open(read_only=True) as opened:
        trial = trial_of(opened, Trial(opened.policy(), policies, period))
        frozen = judged(opened, period)
        version = opened.policy_version()
    if as_json:
        click.echo(json_line(_facts(trial, frozen, version)))
    else:
        click.echo("\n".join(_lines(trial, frozen, version)))


def _lines(trial: Trial, frozen: dict[str, tuple[int, int]], version: int) -> Iterator[str]:
    rows = trial.by_bucket()
    tickets = f"{trial.tickets:,} ticket{'s' * (trial.tickets != 1)}"
    yield f"{tickets} from {_span(trial.period)}, under version {version} and under the file."
    if not rows:
        yield "Neither promises a result in that time, so there is nothing to compare."
        return
    yield ""
    yield f"{'promise':<17}{_HEADINGS}"
    for bucket, row in rows.items():
        yield f"{BUCKETS[bucket]:<17}{_figures(row)}"
    yield from _customers(trial)
    yield from _flips(trial.flips)
    now_judged = {bucket.value: (row.n, row.met) for bucket, row in rows.items() if row.n}
    if frozen != now_judged:
        told = ", ".join(f"{name} {share_text(met, n)}" for name, (n, met) in frozen.items()) or "none"
        yield ""
        yield f"Kept is what version {version} makes of all that time. As judged then, which is what"
        yield f"reports count: {told}."


_HEADINGS = f"{'results':>9}{'kept':>11}{'would be':>11}{'':>10}{'to kept':>9}{'to missed':>10}"


def _figures(row: Row) -> str:
    promised = "" if row.n == row.tried_n else f" of {row.tried_n:,}"
    kept, would = share_text(row.met, row.n), share_text(row.tried_met, row.tried_n)
    return f"{row.n:>9,}{kept:>11}{would:>11}{promised:<10}{row.to_met:>9,}{row.to_missed:>10,}"


def _customers(trial: Trial) -> Iterator[str]:
    rows = trial.by_customer()
    flipped = [(name, row) for name, row in rows.items() if row.to_met or row.to_missed]
    if not flipped:
        return
    yield ""
    yield f"{'customer':<17}{_HEADINGS}"
    for name, row in flipped[:CUSTOMERS]:
        yield f"{cells.fit(cells.safe(name) or '(none)', 16)} {_figures(row)}"
    if len(flipped) > CUSTOMERS:
        yield f"and {len(flipped) - CUSTOMERS:,} more that change; --json has all {len(rows):,}"


def _flips(flips: list[Flip]) -> Iterator[str]:
    better = sum(flip.is_better for flip in flips)
    yield ""
    if not flips:
        yield "No result flips."
        return
    some = "result flips" if len(flips) == 1 else "results flip"
    yield f"{len(flips):,} {some}: {better:,} to kept, {len(flips) - better:,} to missed."
    for flip in islice(sorted(flips, key=lambda flip: (flip.is_better, -flip.after.stopped_at)), FLIPS):
        was, would = flip.before.clock, flip.after.clock
        words = ("missed", "kept") if flip.is_better else ("kept", "missed")
        used = " / ".join(dict.fromkeys(duration(clock.elapsed_s or 0) for clock in (was, would)))
        yield (
            f"  {clean(flip.after.ticket):<12} {BUCKETS[would.bucket]:<10} {used:>9}: "
            f"{words[0]} of {duration(was.target_s)}, would be {words[1]} of {duration(would.target_s)}"
        )
    if len(flips) > FLIPS:
        yield f"  and {len(flips) - FLIPS:,} more; --json has them all"


def _span(period: Period) -> str:
    until = "now" if period.until is None else when(period.until)
    return f"{'the beginning' if period.since is None else when(period.since)} to {until}"


def _facts(trial: Trial, frozen: dict[str, tuple[int, int]], version: int) -> dict[str, object]:
    return {
        "since": iso(trial.period.since),
        "until": iso(trial.period.until),
        "policy_version": version,
        "tickets": trial.tickets,
        "rows": [
            {
                "bucket": bucket.value, "customer": customer, "n": row.n, "met": row.met,
                "share": share(row.met, row.n),
                "tried_n": row.tried_n, "tried_met": row.tried_met, "tried_share": share(row.tried_met, row.tried_n),
                "to_met": row.to_met, "to_missed": row.to_missed,
            }
            for bucket, customer, row in trial.in_order()
        ],
        "flips": [_flip(flip) for flip in trial.flips],
        "judged": {bucket: {"n": n, "met": met} for bucket, (n, met) in frozen.items()},
    }  # fmt: skip


def _flip(flip: Flip) -> dict[str, object]:
    found: dict[str, object] = {
        "ticket": flip.after.ticket,
        "bucket": flip.after.clock.bucket.value,
        "cycle": flip.after.clock.cycle,
        "customer": flip.after.customer,
        "priority": flip.after.priority,
    }
    for name, result in (("before", flip.before), ("after", flip.after)):
        clock = result.clock
        found[name] = {
            "met": clock.met,
            "policy": clock.policy,
            "target_s": clock.target_s,
            "elapsed_s": clock.elapsed_s,
            "stopped_at": iso(clock.stopped_at),
        }
    return found
