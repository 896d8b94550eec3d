"""`slaboard policy`: the promises, kept in the store version by version."""

from __future__ import annotations

import sys

import click

from slaboard.commands import choice
from slaboard.commands.amount import many
from slaboard.commands.consent import agreed
from slaboard.commands.options import Common, as_option, instant, now, pass_common, store_option, when
from slaboard.commands.policy_file import counting, read_policy
from slaboard.commands.prose import folded
from slaboard.commands.suggest import suggest
from slaboard.commands.whatif import try_
from slaboard.errors import UsageError
from slaboard.output import iso
from slaboard.store.base import PolicyVersion
from slaboard.store.read.promises import preview
from slaboard.store.write import retrial
from slaboard.text import MAX_TEXT, clean, json_line


@click.group("policy")
def policy() -> None:
    """What is promised to whom: check a file, put it in force, see what is."""


@policy.command("check")
@click.argument("file", shell_complete=choice.files)
def check(file: str) -> None:
    """Name every problem of a policy file, each with its line."""
    _, found = read_policy(file)
    click.echo(
        f"OK {clean(file)}: {_promised(len(found.policies))}, {many(len(found.statuses), 'status word')}, no problems."
    )


def _promised(policies: int) -> str:
    return "1 policy" if policies == 1 else f"{policies} policies"


@policy.command("apply", short_help="Put a policy file in force.")
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
    if rejudge_since is not None and rejudge_since > now():
        raise UsageError(f"--rejudge-since {when(rejudge_since)} is yet to come, so nothing finished since then.")
    text, found = read_policy(file)
    with common.open() as opened:
        before = opened.history()
        if before and before[-1].text == text and (said := _is_done(before[-1], rejudge_since)) is not None:
            click.echo(f"OK {clean(file)} is in force already, as version {before[-1].version}{said}. Nothing changed.")
            return 0
        every, tickets = map(
            int, opened.ask("SELECT count(*), count(*) FILTER (WHERE ended_at IS NULL) FROM tickets")[0]
        )
        with counting(tickets, "Looking") as looked:
            change = preview(opened, found, now(), looked)
        for line in change.lines():
            click.echo(clean(line))
        if rejudge_since is not None:
            past = many(int(opened.ask(retrial.HOW_MANY, {"since": rejudge_since})[0][0]), "ticket")
            click.echo(
                f"What finished since {when(rejudge_since)} is judged anew, of {past}; the old results are kept."
            )
        if not yes and not _agreed():
            click.echo("Nothing was applied.")
            return 1
        author, over = common.author, before[-1].version if before else 0
        with counting(tickets if rejudge_since is None else tickets + every, "Applying") as applied:
            version = opened.apply_policy(
                text, author, now(), over=over, rejudge_since=rejudge_since, on_progress=applied
            )
        click.echo(f"OK version {version} of the policy is in force.")
    return 0


def _is_done(last: PolicyVersion, rejudge_since: int | None) -> str | None:
    """What to say where applying the text of `last` again would change nothing; None where it would."""
    if rejudge_since is None:
        return ""
    if last.rejudged_since is None or last.rejudged_since > rejudge_since:
        return None
    return f", and results since {when(last.rejudged_since)} were judged anew by it"


def _agreed() -> bool:
    return agreed("Apply?", "applied", "apply it")


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
    if not wanted and version is not None:
        raise UsageError(f"There is no version {version}; slaboard policy history lists them.")
    if not wanted:
        raise UsageError("No policy is in force yet: slaboard policy apply FILE")
    text = wanted[-1].text
    if not sys.stdout.isatty():  # into a file, to be edited and applied again
        click.echo(text, nl=False)
        return
    for line in text.removesuffix("\n").split("\n"):
        click.echo(clean(line, limit=MAX_TEXT))


@policy.command("history")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@store_option
@pass_common
def history(common: Common, as_json: bool, store: str | None) -> None:
    """Every version, by whom and when."""
    common.take({"store": store})
    with common.open(read_only=True) as opened:
        for entry in opened.history():
            if as_json:
                facts = {"version": entry.version, "applied_at": iso(entry.applied_at), "author": entry.author}
                click.echo(json_line({**facts, "rejudged_since": iso(entry.rejudged_since), "text": entry.text}))
                continue
            lines = entry.text.count("\n")
            since = f"; results since {when(entry.rejudged_since)} judged anew" if entry.rejudged_since else ""
            line = (
                f"{entry.version:>4}  {when(entry.applied_at)}  {clean(entry.author):<20}  {many(lines, 'line')}{since}"
            )
            click.echo(folded(line, 6))


policy.add_command(try_)
policy.add_command(suggest)
