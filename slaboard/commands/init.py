"""`slaboard init`: a new store with its policy, and for who answers three questions a team that is ready to work."""

from __future__ import annotations

import getpass
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from slaboard.address import default, path_of
from slaboard.commands import choice
from slaboard.commands.config import write_new, written
from slaboard.commands.keep import default_policy, new_store
from slaboard.commands.options import Common, as_option, pass_common, plain, store_option
from slaboard.commands.prose import columns, folded
from slaboard.config import is_zone, load, store_path
from slaboard.errors import SlaboardError, UsageError
from slaboard.host.machine import timezone, via
from slaboard.sla import week
from slaboard.sla.policy import parse
from slaboard.sla.week import Week
from slaboard.store.team.roster import Roster, checked_name
from slaboard.text import clean, json_line

OFFICE = "mon-fri 09:00-17:00"
"""When people work where nobody said so."""


class Plan(Struct, frozen=True):
    """What is to be made."""

    store: Path
    team: tuple[str, ...] = ()
    hours: Week | None = None
    """None leaves the default policy as it is shipped."""
    remembers: bool = False
    """The config file is to say who acts here, and where the store is."""


@click.command("init")
@click.argument("path", required=False, shell_complete=choice.files)
@click.option("--team", metavar="NAMES", help="The names of the team, with commas between them.")
@click.option("--hours", metavar="HOURS", help=f'When you work: "{OFFICE} Europe/Berlin", or 24x7.')
@click.option("--yes", is_flag=True, help="Ask nothing; take what Enter would.")
@as_option
@store_option
@pass_common
def init(
    common: Common, path: str | None, team: str | None, hours: str | None, yes: bool, as_: str | None, store: str | None
) -> None:  # fmt: skip
    """Make a new store. On a terminal it asks where, who and when you work; with any option it does not."""
    common.take({"store": path or store, "as_": as_})
    is_told = yes or any(value is not None for value in (path, team, hours, as_, store))
    if not is_told and sys.stdin.isatty() and sys.stdout.isatty():
        plan = _asked(common)
    else:
        names = _names(plain(team)) if team is not None else (login(),) if yes else ()
        when = _hours(plain(hours)) if hours is not None else _hours(OFFICE) if yes else None
        plan = Plan(common.store, names, when, remembers=yes)
    _make(common, plan)


# --- questions --------------------------------------------------------------------------------------------------


def _asked(common: Common) -> Plan:
    """Three questions; Enter takes what stands in brackets."""
    _say("Three questions; Enter takes what stands in brackets, ctrl+c leaves everything as it was.")
    click.echo()
    free = None if common.store.exists() else str(common.store)
    if free is None:
        _say(f"There is a store at {clean(str(common.store))} already; it stays as it is.")
    path: Path = _ask("Where shall the store be, one file for all on this host?", free, _place)
    click.echo()
    team: tuple[str, ...] = _ask("Who works with it? Your name first, commas between the names", login(), _names)
    click.echo()
    hours: Week = _ask("When do you work, and in which time zone?", f"{OFFICE} {timezone()}", _hours)
    click.echo()
    return Plan(path, team, hours, remembers=True)


def _ask(question: str, enter: str | None, read: Callable[[str], Any]) -> Any:
    """The answer as `read` understands it; asked again after the sentence of what it does not."""

    def understood(answer: str) -> Any:
        try:
            return read(plain(answer))
        except SlaboardError as error:
            raise click.UsageError(clean(str(error), limit=400)) from None

    return click.prompt(f"{question}\n ", default=enter, value_proc=understood)


def login() -> str:
    """The login name as a person's."""
    try:
        return checked_name(getpass.getuser().replace(".", " ").replace("_", " ").title())
    except (SlaboardError, OSError, KeyError):
        return "Me"


def _place(answer: str) -> Path:
    path = path_of(answer, "your answer")
    path = path / "board.db" if path.is_dir() else path
    if path.exists():
        raise UsageError(f"{path} is there already and stays as it is. Choose another place.")
    return path


def _names(answer: str) -> tuple[str, ...]:
    names = tuple(checked_name(name) for name in answer.split(",") if name.strip())
    if not names:
        raise UsageError("Say at least one name.")
    if len({name.casefold() for name in names}) < len(names):
        raise UsageError("A name is there twice.")
    return names


def _hours(answer: str) -> Week:
    found = week.parse(answer)
    if isinstance(found, str):
        raise UsageError(found)
    found = Week(found.spans, found.zone or timezone())
    if not is_zone(found.zone or ""):
        raise UsageError(f"{found.zone} is no time zone that this machine knows; write such as Europe/Berlin.")
    policy, problems = parse(_promises(found))
    if policy is None:
        raise UsageError(f"{found} cannot be worked: {problems[0].what}; {problems[0].right}.")
    return found


# --- what comes of it -------------------------------------------------------------------------------------------


def _promises(hours: Week) -> str:
    """The default policy with the office open in `hours`."""
    text = default_policy()
    zone = f"timezone = {json_line(hours.zone)}"
    days = [f"{day} = [{', '.join(map(json_line, hours.spans[day]))}]" for day in week.DAYS if day in hours.spans]
    if not days:
        zone += f'\nhours = "{week.ALWAYS}"'
    table = "\n".join(("[calendar.office.hours]", *days)) if days else ""
    text = re.sub(r'^timezone = "UTC".*$', lambda _: zone, text, count=1, flags=re.M)
    return re.sub(r"^\[calendar\.office\.hours\].*?(?=\n\n)", lambda _: table, text, count=1, flags=re.M | re.S)


def _make(common: Common, plan: Plan) -> None:
    author = plan.team[0] if plan.team else via("cli").split("@")[0]
    text = None if plan.hours is None else _promises(plan.hours)
    with new_store(plan.store, str(common.said.get("as_") or author), text) as made:
        where = clean(str(made.path))
        policy = "the default policy" if plan.hours is None else f"the default policy, open {plan.hours}"
        _say(f"OK {where} is a store with {policy}.")
        people = [Roster(made).add(name) for name in plan.team]
    if people:
        letters = ", ".join(f"{person.key} {person.name}" for person in people)
        _say(f"OK on the team, each with the letter of theirs on a shared screen: {clean(letters, limit=400)}.")
    is_found = _remember(common, plan) if plan.remembers else False
    if sys.stdout.isatty():
        _next_steps("slaboard" if is_found else f"slaboard --store {where}")


def _remember(common: Common, plan: Plan) -> bool:
    """Write the config file, unless there is one; True when `slaboard` alone now opens the store."""
    path = plan.store.absolute()
    is_default = path == default().absolute()
    values = {"name": plan.team[0]} | ({} if is_default else {"store": str(path)})
    file = common.config.path
    try:
        write_new(file, written(values))
        said = f"that you are {plan.team[0]}" + ("" if is_default else ", and where the store is")
        _say(f"OK {clean(str(file))} says {clean(said)}: slaboard config edit")
    except UsageError as error:
        click.echo(f"slaboard: {clean(str(error), limit=400)}. It could say:", err=True)
        for name, value in values.items():
            click.echo(f"  {name} = {clean(json_line(value))}", err=True)
    return store_path(None, load())[0].absolute() == path


def _next_steps(board: str) -> None:
    """What to type now, with what comes of it: behind it where there is room, else below."""
    steps = (
        ("policy show > policy.toml", "what it promises; edit it, then"),
        ("policy apply policy.toml", "put your own promises in force"),
        ("import tickets.csv", "bring your tickets in"),
        ('add "Printer on fire"', "or open one by hand"),
        ("", "the board"),
    )
    typed = [(f"{board} {step}".rstrip(), result) for step, result in steps]
    wide, most = max(len(step) for step, _ in typed), max(len(result) for _, result in typed)
    between = "  " if 3 + wide + 2 + most <= (columns() or 80) else "\n      "
    click.echo()
    for step, result in typed:
        click.echo(f"   {step if between.strip(' ') else step.ljust(wide)}{between}{result}")


def _say(sentence: str) -> None:
    click.echo(folded(sentence, 3 if sentence.startswith("OK ") else 0))
