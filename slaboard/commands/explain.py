"""`slaboard explain`: why a clock stands where it stands."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator

import click

from slaboard.board.draw.reason import drawn
from slaboard.commands import choice
from slaboard.commands.options import Common, at_option, now, pass_common, plain, store_option
from slaboard.commands.read import at_of
from slaboard.errors import UsageError
from slaboard.output import dated
from slaboard.sla.wording import facts, lines
from slaboard.store.read.reasons import explanations, nothing
from slaboard.text import clean, json_line
from slaboard.ticket import Bucket


@click.command("explain")
@click.argument("ticket", shell_complete=choice.any_tickets)
@click.option("--bucket", type=click.Choice([bucket.value for bucket in Bucket]), help="One clock; else each of them.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object a clock and line.")
@store_option
@at_option
@pass_common
def explain(
    common: Common, ticket: str, bucket: str | None, as_json: bool, store: str | None, at: int | None
) -> None:  # fmt: skip
    """The due instant of a ticket's clocks as a sum that can be checked by hand."""
    common.take({"store": store})
    with common.open() as opened:
        moment, reader = now() if at is None else at, common.settings().timezone
        source = at_of(opened, at)
        found = list(explanations(source, plain(ticket), moment))
        wanted = [one for one in found if bucket is None or one.clock.bucket.value == bucket]
        if not wanted:
            detail = source.detail(plain(ticket), moment)
            has = ", ".join(dict.fromkeys(one.clock.bucket.value for one in found))
            raise UsageError(f"{clean(ticket)} has no {bucket} clock; it has {has}." if has else nothing(detail.ticket))
    if as_json:
        for one in wanted:
            click.echo(json_line(dated(facts(one))))
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    last = None
    for one in wanted:
        click.echo(("\n" if last else "") + "\n".join(_fitted(lines(one, reader, after=last), width)))
        last = one


def _fitted(told: list[str], width: int | None) -> Iterator[str]:
    """The sum as wide as the terminal, as the board shows it; whole where something else reads it."""
    for text in told:
        if width is None:
            yield text
            continue
        for line in drawn(text, width + 1):  # which begins with the board's margin
            yield "".join(part for part, _ in line)[1:].rstrip()
