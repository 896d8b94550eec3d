"""`slaboard report`: what was promised and what was kept, of any time, by any fact, in the form that is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

import click
from click.core import ParameterSource

from slaboard.commands import choice
from slaboard.commands.delivery import deliver, form_of, goal_of, out_options, zone_of
from slaboard.commands.options import Common, now, pass_common, plain, store_option
from slaboard.commands.policy_file import MANY, counting
from slaboard.commands.review import review
from slaboard.errors import UsageError
from slaboard.reports.document import Report
from slaboard.reports.footnote_sheet import Telling
from slaboard.reports.formats import FORMATS, sheets_of
from slaboard.reports.names import Names
from slaboard.reports.period import UNITS, said_period
from slaboard.reports.question import BY, FACTS, Question
from slaboard.reports.tickets import SHEETS as OF_TICKETS
from slaboard.store.reports import history
from slaboard.store.reports.courses import how_many
from slaboard.store.reports.sheets import SHEETS
from slaboard.store.reports.sheets import sheets as sheets_from
from slaboard.store.sqlite import SqliteStore
from slaboard.text import clean
from slaboard.ticket import Bucket


def _words(of: Sequence[str], what: str) -> Any:
    """A callback that parts an option's value at its commas, and refuses a word that is not among `of`."""

    def parted(context: click.Context, option: click.Parameter, value: str | None) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(word.strip() for word in (value or "").lower().split(",") if word.strip()))
        for word in found:
            if word not in of:
                raise click.BadParameter(f"{clean(word, limit=40)!r} is no {what}; there are {', '.join(of)}")
        return found

    return parted


@click.group("report", invoke_without_command=True)
@click.option("--since", metavar="TIME", help="From here on: 2026-03-01 (its midnight here), 2026-03-01T09:00:00Z.")
@click.option("--until", metavar="TIME", help="Up to here, itself left out.")
@click.option("--period", "named", metavar="P", help="The last whole week, month or quarter; or 2026-03, 2026-Q1 ...")
@click.option(
    "--by", default="priority", show_default=True, metavar="WORDS", callback=_words(BY, "word of --by"),
    help=f"Rows by {', '.join(BY)}: several with commas.",
)  # fmt: skip
@click.option(
    "--show", metavar="SHEETS", callback=_words((*SHEETS, "all"), "sheet"), help=f"{', '.join(SHEETS)} or all."
)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), help="Else as --out is named, else a table.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--priority", multiple=True, metavar="P", help="Only this one; this and the next may be repeated.")
@click.option("--customer", multiple=True, metavar="NAME")
@click.option("--engineer", multiple=True, metavar="NAME", shell_complete=choice.people)
@click.option("--bucket", multiple=True, type=click.Choice([bucket.value for bucket in Bucket]))
@click.option("--policy", multiple=True, metavar="NAME")
@click.option("--board", multiple=True, metavar="NAME")
@click.option(
    "--include-skipped/--no-skipped", default=True,
    help="Also results that the ticket's end brought, not an act of their own.  [default: included]",
)  # fmt: skip
@click.option(
    "--include-by-status/--no-by-status", default=True,
    help="Also responses that a status word stopped.  [default: included]",
)  # fmt: skip
@click.option("--names", "names", is_flag=True, help="Footnotes tell the facts, and whose act each was.")
@click.option("--every-ticket", is_flag=True, help="Footnotes look at each ticket, not at 1,000 of more.")
@click.option("--pseudonyms", is_flag=True, help="Engineers and customers under names that only this store can tell.")
@out_options
@store_option
@pass_common
@click.pass_context
def report(
    context: click.Context,
    common: Common,
    /,
    store: str | None,
    form: str | None,
    out: str | None,
    force: bool,
    **said: Any,
) -> None:
    """What was promised and what was kept, from frozen results (docs/metrics.md)."""
    common.take({"store": store})
    if context.invoked_subcommand is not None:
        _refuse_misplaced(context)
        return
    form = form or ("json" if said["as_json"] else form_of(out))
    goal = goal_of(out, common.store, force=force)
    zone, tz = zone_of(common)
    moment = now()
    with common.open() as opened:
        asked, only = _question(opened, said, tz, moment)
        names = Names(history.pseudonym_key(opened) if said["pseudonyms"] else None)
        wanted = sheets_of(form, SHEETS if "all" in said["show"] else said["show"], SHEETS)
        telling = Telling(said["names"], said["every_ticket"])
        reads = how_many(opened, asked) if set(OF_TICKETS) & set(wanted) else 0
        with counting(reads, "Reading", MANY) as told:
            sheets, trend = sheets_from(
                opened, asked, names, moment, wanted, with_trend=form == "html", telling=telling, on_tickets=told
            )
        shown = {fact: [names.shown(fact, one) or "" for one in chosen] for fact, chosen in only.items()}
        text = FORMATS[form](Report(clean(opened.name), asked, zone, moment, sheets, shown, trend, goal.width))
    deliver(text, goal, f"{sum(len(sheet.rows) for sheet in sheets):,} rows")


def _question(
    store: SqliteStore, said: Mapping[str, Any], tz: tzinfo, moment: int
) -> tuple[Question, Mapping[str, Sequence[str]]]:
    """What is asked for, and the names in it as the store has them."""
    if len(set(said["by"]) & set(UNITS)) > 1:
        raise UsageError(
            f"--by takes one unit of time; {', '.join(word for word in said['by'] if word in UNITS)} are too many."
        )
    span = said_period(said["named"], said["since"], said["until"], moment, tz)
    only = {fact: history.called(store, fact, list(map(plain, said[fact]))) for fact in FACTS if said[fact]}
    asked = Question(said["by"], span, tz, said["include_skipped"], said["include_by_status"], only)
    return asked, only


def _refuse_misplaced(context: click.Context) -> None:
    """An option that stands before `review` would count for nothing."""
    for option in context.command.params:
        is_said = context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
        if is_said and option.name != "store":
            way = context.invoked_subcommand
            raise UsageError(f"Write {option.opts[0]} behind `{way}`: slaboard report {way} ... {option.opts[0]}")


report.add_command(review)
