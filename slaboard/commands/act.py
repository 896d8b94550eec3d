"""The verbs: what one does to a ticket, each one transaction and one sentence."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import click

from slaboard.commands import choice
from slaboard.commands.options import Common, as_option, now, pass_common, plain, store_option
from slaboard.errors import SlaboardError, StoreError, UsageError
from slaboard.host.machine import via
from slaboard.output import iso
from slaboard.store.base import Act, Done
from slaboard.store.sqlite import SqliteStore
from slaboard.text import clean, json_line

_ON_ENDED = frozenset(("reopen", "close", "note", "undo"))
"""What is done to resolved tickets, too."""


def _verb(name: str, summary: str, *more: Callable[[Any], Any]) -> click.Command:
    """A command that does `name` to one ticket."""

    def command(common: Common, ticket: str, as_json: bool, **said: Any) -> int:
        common.take({"store": said.pop("store"), "as_": said.pop("as_")})
        text, any_zone = said.pop("text", None), said.pop("any_zone", False)
        text = " ".join(text) if isinstance(text, tuple) else text
        act = Act(
            name, plain(ticket), common.who, text and plain(text), _words(said), any_zone=any_zone, via=via("cli")
        )  # fmt: skip
        return perform(common, act, lambda store: store.act(act, now()), as_json=as_json)

    function: Any = pass_common(command)
    offered = choice.any_tickets if name in _ON_ENDED else choice.tickets
    for option in reversed((click.argument("ticket", shell_complete=offered), *more, as_option, store_option, _JSON)):
        function = option(function)
    return click.command(name, help=summary)(function)


def _words(said: Mapping[str, str | None]) -> dict[str, str | None]:
    """What was said, without what was not."""
    return {name: plain(value) for name, value in said.items() if value is not None}


def perform(common: Common, act: Act, do: Callable[[SqliteStore], Done], *, as_json: bool) -> int:
    """Do it and say what happened, on one line; the exit code tells scripts the same."""
    try:
        with common.open(whole=False) as store:
            done = do(store)
            near = _meant(act.who, store)
    except SlaboardError as error:
        if not as_json:
            raise
        facts = {"ok": False, "verb": act.verb, "ticket": act.ticket, "error": error.word, "exit_code": error.exit_code}
        click.echo(json_line({**facts, "sentence": str(error)}))
        return error.exit_code
    if as_json:
        facts = {"ok": True, "verb": act.verb, "ticket": done.act.ticket, "owner": done.owner, "at": iso(done.at)}
        click.echo(json_line({**facts, "event": done.seq, "sentence": done.text}))
    else:
        click.echo(f"OK {clean(done.text)}")
    if near is not None:
        who, ticket = clean(act.who), clean(done.act.ticket)
        back = f"`slaboard undo {ticket} --as {shlex.quote(who)}` takes it back for 30 seconds"
        click.echo(f"slaboard: {who} is not on the team. If {clean(near)} is meant: {back}.", err=True)
    return 0


def _meant(who: str, store: SqliteStore) -> str | None:
    """The one on the team whose name `who` nearly is; None for who is on it, and for a stranger."""
    team: list[str] = []
    with suppress(StoreError):  # what was done is done, whoever is on the team
        team = [person.name for person in store.team() if person.active]
    if not team or who in team:
        return None
    from difflib import get_close_matches  # nearly everybody is on the team

    return next(iter(get_close_matches(who, team, n=1, cutoff=0.75)), None)


_JSON = click.option("--json", "as_json", is_flag=True, help="Say it as one JSON object.")


def _text(name: str, metavar: str, summary: str) -> Callable[[Any], Any]:
    return click.option(name, "text", metavar=metavar, help=summary)


_ANY = click.option("--any", "any_zone", is_flag=True, help="Also a green one, although the policy would rather not.")
_SAID = click.argument("text", nargs=-1, metavar="TEXT...")

claim = _verb("claim", "Become the owner of an unowned ticket.", _ANY)
release = _verb("release", "Give your ticket back.", _text("--reason", "TEXT", "Why."))
takeover = _verb("takeover", "Take a ticket from its owner.", _text("--reason", "TEXT", "Why."))
engage = _verb(
    "engage",
    "Start working with the customer: this stops Resplan.",
    click.option("--skill", metavar="NAME", help="The skill that you bring, where the policy asks for one."),
)
respond = _verb(
    "respond", "Log that a human answered the customer: this stops Response.", _text("--note", "TEXT", "What was said.")
)
wait = _verb(
    "wait",
    "Wait for somebody else.",
    _text("--reason", "WHOM", "customer, vendor, parts, change window; else customer."),
)
resume = _verb("resume", "Go on after waiting.")
resolve = _verb(
    "resolve", "The work is done: this judges every clock that still runs.", _text("--note", "TEXT", "How.")
)
reopen = _verb("reopen", "Open a resolved or closed ticket again.", _text("--reason", "TEXT", "Why."))
close = _verb("close", "Close a ticket for good.", _text("--note", "TEXT", "Why."))
note = _verb("note", "Write an internal note.", _SAID)
undo = _verb("undo", "Take your last act on a ticket back, within 30 seconds.")


def _changes(command: Any) -> Any:
    for name, summary in (("title", "What it is about."), ("customer", "Whose it is."), ("priority", "How urgent.")):
        command = click.option(f"--{name}", metavar="TEXT", help=summary)(command)
    return command


@click.command("set")
@click.argument("ticket", shell_complete=choice.tickets)
@_changes
@as_option
@store_option
@_JSON
@pass_common
def set_(
    common: Common, /, ticket: str, as_json: bool, as_: str | None, store: str | None, **changes: str | None
) -> int:
    """Change a ticket's priority, customer or title."""
    common.take({"store": store, "as_": as_})
    act = Act("set", plain(ticket), common.who, changes=_words(changes), via=via("cli"))
    return perform(common, act, lambda opened: opened.act(act, now()), as_json=as_json)


@click.command("add")
@click.argument("title", nargs=-1, required=True, metavar="TITLE...")
@click.option("--id", "ticket", metavar="ID", default="", help="Its id; else the next free T-number.")
@click.option("--customer", metavar="TEXT", help="Whose it is.")
@click.option("--priority", metavar="TEXT", help="How urgent.")
@click.option("--status", metavar="WORD", help="A status word of the policy.")
@click.option("--board", metavar="TEXT", help="The board or queue that it belongs to.")
@click.option("--type", metavar="TEXT", help="Its type.")
@click.option("--url", metavar="URL", help="Where it can be opened in a browser.")
@as_option
@store_option
@_JSON
@pass_common
def add(
    common: Common, /, title: tuple[str, ...], ticket: str, as_json: bool, as_: str | None, store: str | None,
    **more: str | None,
) -> int:  # fmt: skip
    """Open a new ticket."""
    common.take({"store": store, "as_": as_})
    act = Act("add", plain(ticket), common.who, changes=_words({"title": " ".join(title), **more}), via=via("cli"))
    return perform(common, act, lambda opened: opened.add(_titled(act), now()), as_json=as_json)


def _titled(act: Act) -> Act:
    """`act`; UsageError where its title says nothing, as of a variable that is not set."""
    if not str((act.changes or {}).get("title")).strip():
        raise UsageError("The title is empty: say what the ticket is about.")
    return act
