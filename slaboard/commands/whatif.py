"""`slaboard policy try`: the past under another policy, and which results would have been others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import click

from slaboard.board import cells
from slaboard.commands import choice
from slaboard.commands.options import Common, F, instant, now, pass_common, store_option, when
from slaboard.commands.policy_file import counting, read_policy
from slaboard.errors import UsageError
from slaboard.output import iso
from slaboard.reports.figure import share, share_text
from slaboard.reports.period import Period
from slaboard.reports.whatif import Flip, Foremost, Row, Trial
from slaboard.sla.autopsy import BUCKETS
from slaboard.sla.hours import duration
from slaboard.store.read.lives import judged, lives, touched
from slaboard.store.sqlite import SqliteStore
from slaboard.text import clean, json_line
from slaboard.ticket import Bucket

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


def flips_of(store: SqliteStore, trial: Trial) -> Iterator[list[Flip]]:
    """What flips, page by page, as `trial` takes in every ticket of its period; the store is only read."""
    with counting(touched(store, trial.period), "Replaying") as told:
        for page in lives(store, trial.period):
            yield [flip for ticket, events in page.items() for flip in trial.add(ticket, events)]
            if told is not None:
                told(trial.tickets)


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
    from tempfile import TemporaryFile  # 7 ms that no other command need wait for

    _, policies = read_policy(file)
    period = period_of(since, until)
    with common.open(read_only=True) as opened, TemporaryFile("w+", encoding="utf-8") as spool:
        trial, foremost = Trial(opened.policy(), policies, period), Foremost(FLIPS)
        for flips in flips_of(opened, trial):
            if as_json:  # all of them, which may be millions: aside, until the rows that stand before them are counted
                spool.writelines(f"{json_line(_flip(flip))}\n" for flip in flips)
            else:
                foremost.add(flips)
        frozen, version = judged(opened, period), opened.policy_version()
        if not as_json:
            click.echo("\n".join(_lines(trial, foremost.all(), frozen, version)))
            return
        spool.seek(0)
        for part in _json(trial, spool, frozen, version):
            click.echo(part, nl=False)


def _lines(
    trial: Trial, foremost: Sequence[Flip], frozen: dict[str, tuple[int, int]], version: int
) -> Iterator[str]:  # fmt: skip
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
    yield from _flips(foremost, sum(row.to_met for row in rows.values()), sum(row.to_missed for row in rows.values()))
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


def _flips(foremost: Sequence[Flip], to_kept: int, to_missed: int) -> Iterator[str]:
    flips = to_kept + to_missed
    yield ""
    if not flips:
        yield "No result flips."
        return
    yield f"{flips:,} {'result flips' if flips == 1 else 'results flip'}: {to_kept:,} to kept, {to_missed:,} to missed."
    for flip in foremost:
        was, would = flip.before.clock, flip.after.clock
        words = ("missed", "kept") if flip.is_better else ("kept", "missed")
        used = " / ".join(dict.fromkeys(duration(clock.elapsed_s or 0) for clock in (was, would)))
        yield (
            f"  {clean(flip.after.ticket):<12} {BUCKETS[would.bucket]:<10} {used:>9}: "
            f"{words[0]} of {duration(was.target_s)}, would be {words[1]} of {duration(would.target_s)}"
        )
    if flips > len(foremost):
        yield f"  and {flips - len(foremost):,} more; --json has them all"


def _span(period: Period) -> str:
    until = "now" if period.until is None else when(period.until)
    return f"{'the beginning' if period.since is None else when(period.since)} to {until}"


def _json(trial: Trial, flips: Iterable[str], frozen: dict[str, tuple[int, int]], version: int) -> Iterator[str]:
    """One JSON object in parts, of which none has all the flips."""
    head = {
        "since": iso(trial.period.since),
        "until": iso(trial.period.until),
        "policy_version": version,
        "tickets": trial.tickets,
        "rows": [_row(bucket, customer, row) for bucket, customer, row in trial.in_order()],
    }
    yield f'{json_line(head)[:-1]},"flips":['
    for number, flip in enumerate(flips):
        yield f"{',' * bool(number)}{flip.rstrip()}"
    yield f"],{json_line({'judged': {bucket: {'n': n, 'met': met} for bucket, (n, met) in frozen.items()}})[1:]}\n"


def _row(bucket: Bucket, customer: str, row: Row) -> dict[str, object]:
    return {
        "bucket": bucket.value, "customer": customer, "n": row.n, "met": row.met, "share": share(row.met, row.n),
        "tried_n": row.tried_n, "tried_met": row.tried_met, "tried_share": share(row.tried_met, row.tried_n),
        "to_met": row.to_met, "to_missed": row.to_missed,
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
