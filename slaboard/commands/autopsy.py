"""`slaboard autopsy`: where the time of a late clock went, and in whose hands."""

from __future__ import annotations

import click

from slaboard.board import cells
from slaboard.commands import choice
from slaboard.commands.options import Common, at_option, now, pass_common, plain, store_option
from slaboard.commands.read import at_of
from slaboard.errors import UsageError
from slaboard.output import dated
from slaboard.reports.footnotes import footnotes
from slaboard.sla.autopsy import Autopsy, facts, is_breached, lines
from slaboard.store.read.reasons import autopsies
from slaboard.text import clean, json_line
from slaboard.ticket import Bucket


@click.command("autopsy")
@click.argument("ticket", shell_complete=choice.any_tickets)
@click.option("--bucket", type=click.Choice([bucket.value for bucket in Bucket]), help="This clock, late or not.")
@click.option("--names", is_flag=True, help="Footnotes say whose act each was.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object a clock and line.")
@store_option
@at_option
@pass_common
def autopsy(
    common: Common, ticket: str, bucket: str | None, names: bool, as_json: bool, store: str | None, at: int | None
) -> None:  # fmt: skip
    """Where the budget of a ticket's late clocks went: unseen, unclaimed, idle, worked; waiting, outside hours."""
    common.take({"store": store})
    with common.open() as opened:
        moment = now() if at is None else at
        source = at_of(opened, at)
        detail = source.detail(plain(ticket), moment)
        found = list(autopsies(source, plain(ticket), moment))
        told = footnotes(plain(ticket), detail.ticket.clocks, detail.events, opened.policy_of, moment)
    wanted = _wanted(found, bucket, moment)
    if not wanted:
        raise UsageError(f"{clean(ticket)} has no {bucket or 'clock'}: nothing is promised for it.")
    if as_json:
        for one in wanted:
            click.echo(json_line({**dated(facts(one)), "footnotes": [note.sentence(names=names) for note in told]}))
        return
    if bucket is None and not is_breached(wanted[0].clock, moment):
        click.echo("Nothing is late; this is where the time went so far.\n")
    click.echo("\n\n".join("\n".join(lines(one)) for one in wanted))
    for note in told:
        click.echo("\n".join(["", *cells.wrap(f"Note: {note.sentence(names=names)}", 80)]))


def _wanted(found: list[Autopsy], bucket: str | None, moment: int) -> list[Autopsy]:
    """The clocks of `bucket`; without one the late ones, or all where none is late."""
    if bucket is not None:
        return [one for one in found if one.clock.bucket.value == bucket]
    return [one for one in found if is_breached(one.clock, moment)] or found
