"""`slaboard policy suggest`: targets that the team has kept, as a policy file."""

from __future__ import annotations

from fractions import Fraction

import click

from slaboard.commands.options import Common, pass_common, store_option, when
from slaboard.commands.policy_file import counting
from slaboard.commands.whatif import period_of, period_options
from slaboard.errors import UsageError
from slaboard.reports.proposal import Proposal
from slaboard.reports.whatif import results
from slaboard.store.read.lives import lives, touched


def _share(context: click.Context, option: click.Parameter, value: str) -> Fraction:
    """A share from above 0 to below 1, exact."""
    try:
        found = Fraction(value)
    except (ValueError, ZeroDivisionError):
        found = Fraction(0)
    if not Fraction(1, 100) <= found <= Fraction(999, 1000):
        raise click.BadParameter("write a share from 0.01 to 0.999, such as 0.9")
    return found


@click.command("suggest", short_help="Propose targets that were kept, as a policy file.")
@period_options
@click.option("--share", default="0.9", show_default=True, callback=_share, help="Which share of results must be kept.")
@click.option("--by", type=click.Choice(["priority", "customer"]), default="priority", show_default=True)
@store_option
@pass_common
def suggest(
    common: Common, since: int | None, until: int | None, share: Fraction, by: str, store: str | None
) -> None:  # fmt: skip
    """Propose targets that were kept, with how sure that is: a policy file, on standard output."""
    common.take({"store": store})
    period = period_of(since, until)
    with common.open(read_only=True) as opened:
        policies = opened.policy()
        if not policies.policies:
            raise UsageError("No policy is in force yet, so nothing was ever judged: slaboard policy apply FILE")
        span = f"{when(period.since or 0)} to {'now' if period.until is None else when(period.until)}"
        proposal, done = Proposal(policies, by, share, span), 0
        with counting(touched(opened, period), "Replaying") as told:
            for page in lives(opened, period):
                for ticket, events in page.items():
                    for result in results(ticket, events, policies).values():
                        if period.holds(result.stopped_at):
                            proposal.add(result)
                done += len(page)
                if told is not None:
                    told(done)
    if not proposal.n:
        raise UsageError(f"No result stopped from {span}: say an earlier --since.")
    click.echo("\n".join(proposal.lines()))
