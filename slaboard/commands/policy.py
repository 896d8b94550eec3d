"""`slaboard policy`: the promises, kept in the store version by version."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from slaboard import document
from slaboard.commands import choice
from slaboard.commands.options import Common, as_option, instant, now, pass_common, store_option, when
from slaboard.errors import UsageError
from slaboard.machine import via
from slaboard.sla.policy import PolicySet, parse
from slaboard.store.promises import preview
from slaboard.store.settle import BATCH
from slaboard.store.sqlite import SqliteStore
from slaboard.text import MAX_TEXT, clean

MOST_PROBLEMS = 100
"""How many problems of a file are told; who has corrected those will ask again."""


@click.group("policy")
def policy() -> None:
    """What is promised to whom: check a file, put it in force, see what is."""


def read_policy(file: str) -> tuple[str, PolicySet]:
    """The file's text and meaning; UsageError with every problem at once."""
    text = document.read(Path(file), "The policy")
    found, problems = parse(text)
    file = clean(file)
    for problem in problems[:MOST_PROBLEMS]:
        click.echo(f"{file}: {clean(str(problem))}", err=True)
    if len(problems) > MOST_PROBLEMS:
        click.echo(f"{file}: and {len(problems) - MOST_PROBLEMS:,} more problems.", err=True)
    if found is None:
        raise UsageError(f"{file} has {len(problems)} problem{'s' * (len(problems) > 1)}; nothing was applied.")
    return text, found


@policy.command("check")
@click.argument("file", shell_complete=choice.files)
def check(file: str) -> None:
    """Name every problem of a policy file, each with its line."""
    _, found = read_policy(file)
    click.echo(f"OK {clean(file)}: {len(found.policies)} policies, {len(found.statuses)} status words, no problems.")


@policy.command("apply")
@click.argument("file", shell_complete=choice.files)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--rejudge-since", metavar="DATE", callback=instant,
    help="Judge what was finished since then anew, once: for a past that was imported under no chosen policy.",
)  # fmt: skip
@as_option
@store_option
@pass_common
def apply(
    common: Common, file: str, yes: bool, rejudge_since: int | None, as_: str | None, store: str | None
) -> int:  # fmt: skip
    """Put a policy file in force: open tickets follow at once, finished results never change."""
    common.take({"store": store, "as_": as_})
    text, found = read_policy(file)
    with common.open() as opened:
        tickets = int(opened.ask("SELECT count(*) FROM tickets WHERE ended_at IS NULL")[0][0])
        with _counting(tickets, "Looking") as looked:
            change = preview(opened, found, now(), looked)
        for line in change.lines():
            click.echo(clean(line))
        if rejudge_since is not None:
            results = _results_since(opened, rejudge_since)
            click.echo(f"{results:,} results since {when(rejudge_since)} are judged anew; the old ones are kept.")
        if not yes and not _agreed():
            click.echo("Nothing was applied.")
            return 1
        author = str(common.said.get("as_") or via("cli").split("@")[0])
        with _counting(tickets, "Applying") as applied:
            version = opened.apply_policy(text, author, now(), rejudge_since=rejudge_since, on_progress=applied)
        click.echo(f"OK version {version} of the policy is in force.")
    return 0


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise UsageError("Nobody can be asked here, so nothing was applied. Say --yes to apply it.")
    return click.confirm("Apply?")


def _results_since(store: SqliteStore, since: int) -> int:
    sql = "SELECT count(DISTINCT ticket_id || ' ' || bucket || ' ' || cycle) FROM outcomes WHERE stopped_at >= ?"
    return int(store.ask(sql, (since,))[0][0])


@contextmanager
def _counting(total: int, what: str) -> Iterator[Callable[[int], None] | None]:
    """How many of `total` tickets are done, on one line of a terminal; nothing elsewhere or for few."""
    if total < 2 * BATCH or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=total, label=what, file=sys.stderr) as bar:
        yield lambda done: bar.update(min(done, total) - bar.pos)


@policy.command("show")
@click.option("--version", "version", type=int, help="An earlier version; else the one in force.")
@store_option
@pass_common
def show(common: Common, version: int | None, store: str | None) -> None:
    """The policy's text, as it was applied."""
    common.take({"store": store})
    with common.open(read_only=True) as opened:
        history = opened.history()
    wanted = [entry for entry in history if version is None or entry.version == version]
    if not wanted:
        raise UsageError(
            "No policy is in force yet: slaboard policy apply FILE" if version is None else f"No version {version}."
        )
    for line in wanted[-1].text.removesuffix("\n").split("\n"):
        click.echo(clean(line, limit=MAX_TEXT))


@policy.command("history")
@store_option
@pass_common
def history(common: Common, store: str | None) -> None:
    """Every version, by whom and when."""
    common.take({"store": store})
    with common.open(read_only=True) as opened:
        for entry in opened.history():
            lines = entry.text.count("\n")
            since = f"; results since {when(entry.rejudged_since)} judged anew" if entry.rejudged_since else ""
            click.echo(f"{entry.version:>4}  {when(entry.applied_at)}  {clean(entry.author):<20}  {lines} lines{since}")
