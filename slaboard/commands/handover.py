"""`slaboard handover`: what the next shift must know."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import click

from slaboard.board.instant import local
from slaboard.commands.options import Common, now, pass_common, plain, store_option
from slaboard.commands.policy_file import MANY, counting
from slaboard.errors import UsageError
from slaboard.host.machine import timezone
from slaboard.output import iso
from slaboard.reports.handover import WITHOUT_HOURS_S, facts
from slaboard.reports.handover_text import FORMATS, MOST
from slaboard.store.read.lives import PAGE
from slaboard.store.reports.shift import handover as handed
from slaboard.store.reports.shift import shift_opens, told
from slaboard.store.rows import epoch
from slaboard.store.sqlite import SqliteStore
from slaboard.text import clean, json_line

NEXT = "next opening"


@click.command("handover")
@click.option(
    "--until", default=NEXT, show_default=True, metavar="TIME",
    help="When the next shift takes over: HH:MM in your time zone, or an instant.",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice([*FORMATS, "json"]), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@store_option
@pass_common
def handover(common: Common, until: str, form: str, as_json: bool, store: str | None) -> None:
    """What turns orange or red before the next shift, what waits on whom, what is held and not worked on."""
    common.take({"store": store})
    form = "json" if as_json else form
    zone = common.config.get("timezone") or timezone()
    moment = now()
    day_began = int(local(moment, zone).replace(hour=0, minute=0, second=0, microsecond=0).timestamp())
    with common.open() as opened:
        end, why = _until(opened, plain(until), moment, day_began, zone)
        pages = told(opened, moment, end, day_began)
        with counting(PAGE * len(pages), "Looking", MANY) as looked:
            most = MOST if form == "text" else None
            found = handed(opened, moment, end, day_began, pages, looked, most=most)
    if form == "json":
        click.echo(json_line(_dated(facts(found))))
    else:
        click.echo("\n".join(FORMATS[form](found, zone, why)))


def _until(store: SqliteStore, text: str, moment: int, day_began: int, zone: str) -> tuple[int, str]:
    """When the next shift takes over, and in words why then."""
    if text == NEXT:
        opens = shift_opens(store, moment, day_began)
        if opens is None:
            return moment + WITHOUT_HOURS_S, f"nobody closes: {WITHOUT_HOURS_S // 3600} hours"
        return opens[0], f"{clean(opens[1], limit=40)} opens"
    if match := re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text, re.ASCII):
        return _next(moment, zone, int(match[1]), int(match[2])), "as asked"
    found = epoch(text)
    if found is None:
        raise UsageError(f"{clean(text, limit=40)!r} is no time; write 17:00, 2026-01-05T17:00:00Z or {NEXT!r}.")
    if found <= moment:
        raise UsageError(f"{iso(found)} is past; say when the next shift takes over.")
    return found, "as asked"


def _next(moment: int, zone: str, hour: int, minute: int) -> int:
    """The next instant at which the wall clock says so."""
    here = local(moment, zone)
    then: datetime = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if int(then.timestamp()) <= moment:
        then = (here + timedelta(days=1)).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return int(then.timestamp())


def _dated(found: object) -> object:
    """Every instant in it as ISO 8601."""
    if isinstance(found, dict):
        return {k: iso(v) if k.endswith("_at") else _dated(v) for k, v in found.items()}
    return [_dated(one) for one in found] if isinstance(found, list) else found
