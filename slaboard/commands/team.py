"""`slaboard team`: who is on the roster, under which letter, with which skills and PIN."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from typing import Any

import click

from slaboard.board.cells import fit
from slaboard.commands import choice
from slaboard.commands.options import Common, pass_common, plain, store_option
from slaboard.errors import UsageError
from slaboard.store.team.roster import Roster
from slaboard.text import clean, json_line
from slaboard.ticket import Engineer

PIN_VARIABLE = "SLABOARD_PIN"
"""A PIN for `team pin` where nobody can be asked."""


@click.group("team")
def team() -> None:
    """The people of the board: their letters, skills and PINs."""


def _json(person: Engineer, loads: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": person.name,
        "key": person.key,
        "skills": list(person.skills),
        "active": person.active,
        "pin": person.has_pin,
        "open": loads.get(person.name, 0),
    }


def _say(common: Common, person: Engineer, loads: Mapping[str, int], sentence: str, *, as_json: bool) -> None:
    click.echo(json_line(_json(person, loads)) if as_json else f"OK {clean(sentence, limit=400)}")


_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Say it as one JSON object.")


@team.command("list")
@click.option("--all", "everybody", is_flag=True, help="Those who have left the team too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@store_option
@pass_common
def list_(common: Common, everybody: bool, as_json: bool, store: str | None) -> None:
    """Who is on the team: letter, name, open tickets, skills."""
    common.take({"store": store})
    with common.open(read_only=True) as opened:
        people, loads = Roster(opened).everybody(), opened.loads()
    shown = [person for person in people if person.active or everybody]
    if as_json:
        for person in shown:
            click.echo(json_line(_json(person, loads)))
        return
    if not shown:
        click.echo("Nobody is on the team yet: slaboard team add NAME")
    for person in shown:
        notes = [", ".join(person.skills), "PIN" * person.has_pin, "" if person.active else "left the team"]
        text = "  ".join(note for note in notes if note)
        line = f"{clean(person.key)}  {fit(person.name, 24)}  {loads.get(person.name, 0):>3} open  {clean(text)}"
        click.echo(line.rstrip())


@team.command("add")
@click.argument("names", metavar="NAME...", nargs=-1, required=True, shell_complete=choice.everybody)
@click.option("--key", metavar="LETTER", help="Their letter; else the first free one of the name.")
@click.option("--skill", "skills", metavar="SKILL", multiple=True, help="What they can do; may be said several times.")
@_AS_JSON
@store_option
@pass_common
def add(
    common: Common, names: tuple[str, ...], key: str | None, skills: tuple[str, ...], as_json: bool, store: str | None
) -> None:  # fmt: skip
    """Put people on the team, or back on it under the letter they had."""
    common.take({"store": store})
    if len(names) > 1 and (key is not None or skills):
        raise UsageError("--key and --skill are one person's. Add one at a time, or put a name of two words in quotes.")
    with common.open() as opened:
        for name in names:
            person = Roster(opened).add(plain(name), key and plain(key), map(plain, skills))
            _say(common, person, opened.loads(), f"{person.name} is on the team, under {person.key}", as_json=as_json)


@team.command("remove")
@click.argument("name", shell_complete=choice.people)
@_AS_JSON
@store_option
@pass_common
def remove(common: Common, name: str, as_json: bool, store: str | None) -> None:
    """Take somebody off the team; what they did and their letter stay."""
    common.take({"store": store})
    with common.open() as opened:
        person = Roster(opened).remove(plain(name))
        loads = opened.loads()
        sentence = f"{person.name} is off the team; {person.key} stays theirs"
        if owned := loads.get(person.name, 0):
            many = f"{owned} open ticket{'s are' if owned > 1 else ' is'} still theirs"
            wanted = shlex.quote(f'owner:="{person.name}"')
            sentence += f". {many}: slaboard tickets --filter {wanted}"
        _say(common, person, loads, sentence, as_json=as_json)


@team.command("key")
@click.argument("name", shell_complete=choice.people)
@click.argument("letter")
@_AS_JSON
@store_option
@pass_common
def key(common: Common, name: str, letter: str, as_json: bool, store: str | None) -> None:
    """Give somebody another letter for the claim prompt."""
    common.take({"store": store})
    with common.open() as opened:
        person = Roster(opened).rekey(plain(name), plain(letter))
        _say(common, person, opened.loads(), f"{person.key} is {person.name}'s", as_json=as_json)


@team.command("skills", context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("name", shell_complete=choice.people)
@click.argument("changes", metavar="[+SKILL|-SKILL]...", nargs=-1, type=click.UNPROCESSED)
@_AS_JSON
@store_option
@pass_common
def skills(common: Common, name: str, changes: tuple[str, ...], as_json: bool, store: str | None) -> None:
    """Show somebody's skills, or change them: +network -windows."""
    if name == "-h":  # behind a name it is a skill that goes
        click.echo(click.get_current_context().get_help())
        return
    common.take({"store": store})
    more = [plain(change).removeprefix("+") for change in changes if not change.startswith("-")]
    less = [plain(change).removeprefix("-") for change in changes if change.startswith("-")]
    with common.open(read_only=not changes) as opened:
        roster = Roster(opened)
        person = roster.reskill(plain(name), more, less) if changes else roster.find(plain(name))
        sentence = f"{person.name}: {', '.join(person.skills) or 'no skills yet'}"
        _say(common, person, opened.loads(), sentence, as_json=as_json)


@team.command("pin", short_help="Give somebody a PIN for shared screens, or take it away.")
@click.argument("name", shell_complete=choice.people)
@click.option("--clear", is_flag=True, help="Take the PIN away.")
@click.option("--pin-stdin", is_flag=True, help="Read the PIN from standard input, one line.")
@_AS_JSON
@store_option
@pass_common
def pin(common: Common, name: str, clear: bool, pin_stdin: bool, as_json: bool, store: str | None) -> None:
    """Give somebody a PIN of 4 to 12 digits that a shared screen asks for, or take it away."""
    common.take({"store": store})
    if clear and pin_stdin:
        raise click.UsageError("--clear and --pin-stdin: choose one of them")
    with common.open() as opened:
        roster = Roster(opened)
        who = roster.find(plain(name)).name  # before anybody types one for nobody
        person = roster.set_pin(who, None if clear else _pin(who, from_stdin=pin_stdin))
        sentence = f"a shared screen asks {who} for a PIN" if person.has_pin else f"{who} has no PIN"
        _say(common, person, opened.loads(), sentence, as_json=as_json)


def _pin(name: str, *, from_stdin: bool) -> str:
    """The new PIN: a line of standard input, else the environment's, else typed twice; it is never shown."""
    if from_stdin:
        return plain(sys.stdin.readline(100).strip())
    if said := os.environ.get(PIN_VARIABLE):
        return plain(said)
    if not sys.stdin.isatty():
        raise UsageError(f"Nobody can be asked for a PIN here. Say it in {PIN_VARIABLE}, or with --pin-stdin.")
    found: str = click.prompt(f"PIN of {clean(name)}", hide_input=True, confirmation_prompt="Once more", err=True)
    return plain(found)
