"""`slaboard report review`: what one brings to the quarterly talk with a customer."""

from __future__ import annotations

from typing import Any

import click

from slaboard.commands import choice
from slaboard.commands.delivery import deliver, form_of, goal_of, out_options, zone_of
from slaboard.commands.options import Common, now, pass_common, plain, store_option
from slaboard.reports.document import Report
from slaboard.reports.footnote_sheet import Telling
from slaboard.reports.formats import FORMATS
from slaboard.reports.names import Names
from slaboard.reports.period import said_period
from slaboard.reports.question import Question
from slaboard.reports.review import sheets
from slaboard.store.reports import history
from slaboard.store.reports.review import TAKEN_APART
from slaboard.store.reports.review import review as review_of
from slaboard.text import clean

_FORMS = [form for form in FORMATS if form != "csv"]


@click.command("review", short_help="What to bring to a review with CUSTOMER.")
@click.argument("customer", shell_complete=choice.customers)
@click.option("--period", "named", metavar="P", help="quarter, month; or 2026-Q1, 2026-03 ...  [default: quarter]")
@click.option("--since", metavar="TIME", help="From here on: 2026-03-01 (its midnight here), 2026-03-01T09:00:00Z.")
@click.option("--until", metavar="TIME", help="Up to here, itself left out.")
@click.option("--format", "form", type=click.Choice(_FORMS), help="Else as --out is named, else a table.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--limit", type=click.IntRange(0, TAKEN_APART), default=20, show_default=True,
    help="So many breaches are told, those late by most.",
)  # fmt: skip
@click.option("--names", is_flag=True, help="Footnotes tell the facts, and whose act each was.")
@click.option("--pseudonyms", is_flag=True, help="Engineers under names that only this store can tell.")
@out_options
@store_option
@pass_common
def review(common: Common, /, customer: str, store: str | None, **said: Any) -> None:
    """Promised, kept, moved, missed and why, and what to talk about with CUSTOMER."""
    common.take({"store": store})
    form = said["form"] or ("json" if said["as_json"] else form_of(said["out"]))
    if form == "csv":
        raise click.BadParameter("a review is no one table; name the file .md, .html or .json", param_hint="--out")
    goal = goal_of(said["out"], common.store, force=said["force"])
    zone, tz = zone_of(common)
    moment = now()
    is_said = any(said[option] is not None for option in ("named", "since", "until"))
    named = said["named"] if is_said else "quarter"
    with common.open() as opened:
        wanted = history.called(opened, "customer", [plain(customer)])
        period = said_period(named, said["since"], said["until"], moment, tz)
        asked = Question((), period, tz, only={"customer": wanted})
        names = Names(history.pseudonym_key(opened) if said["pseudonyms"] else None)
        found = review_of(opened, asked, names, moment)
        label = found.stretches[-1].label + (" so far" if found.stretches[-1].until > moment else "")
        name = Names().shown("customer", wanted[0]) or ""
        made = Report(
            clean(opened.name), Question((), found.stretches[-1].period, tz), zone, moment,
            sheets(found, names, said["limit"], Telling(said["names"])), {"customer": [name]},
            found.trend if form == "html" else None, goal.width, f"SLA review with {name}, {label}",
        )  # fmt: skip
        text = FORMATS[form](made)
    deliver(text, goal, f"{name}, {label}")
