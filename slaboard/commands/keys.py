"""`slaboard keys`: every key as it is set, and what is wrong with those of the config file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import click

from slaboard.board.keymap import Keymap, keymap
from slaboard.board.keys import ACTIONS, Action
from slaboard.board.verb import reached
from slaboard.commands.options import Common, pass_common
from slaboard.commands.prose import folded
from slaboard.config import Config
from slaboard.text import clean, json_line

_REACHED = 18
"""Cells of an action's keys."""


@click.command("keys")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@pass_common
def keys(common: Common, as_json: bool) -> None:
    """Every key as it is set: id, keys, what it does, and the line of the config file that says so."""
    config = common.config
    found = keymap(config.keys, config.key_places)
    if as_json:
        facts = [_json(action, found, config) for action in ACTIONS]
        click.echo(json_line({"keys": facts, "problems": [clean(problem) for problem in problems(config)]}, indent=2))
        return
    for line in _lines(found, config):
        click.echo(line)
    for problem in problems(config):
        click.echo(f"slaboard: {clean(problem)}", err=True)


def problems(config: Config) -> tuple[str, ...]:
    """What is wrong with the config file and its keys, each with file and line."""
    return (*config.problems, *keymap(config.keys, config.key_places).problems)


def _origin(action: Action, found: Keymap, config: Config) -> str:
    """`default`, or the line that says otherwise; of an action that another one left without its keys, that one's."""
    if action.id in found.own:
        line = config.line("keys", action.id)
        return f"{config.path.name} line {line}"
    is_whole = all(found.actions.get(key) == action.id for key in action.keys)
    return "default" if is_whole else "default, but for keys given to others"


def _keys(action: Action, found: Keymap) -> list[str]:
    return [key for key in found.printed[action.id].split(" ") if key]


def _json(action: Action, found: Keymap, config: Config) -> dict[str, Any]:
    return {
        "id": action.id,
        "keys": _keys(action, found),
        "help": action.help,
        "group": action.group.value,
        "origin": _origin(action, found, config),
    }


def _reached(action: Action, found: Keymap) -> str:
    """Its keys; where it has none of its own, how hands get to it all the same."""
    if keys := _keys(action, found):
        return " ".join(keys)
    way = reached(action.id, found.printed)
    if not way:
        return "no key"
    return f"{way} (palette)" if way.endswith(f" {action.id}") else f"{way} (menu)"


def _lines(found: Keymap, config: Config) -> Iterator[str]:
    width = max(len(action.id) for action in ACTIONS)
    for group, actions in groupby(ACTIONS, key=lambda action: action.group):
        yield group.value
        for action in actions:
            origin = _origin(action, found, config)
            said = "" if origin == "default" else f"  ({origin})"
            line = f"  {action.id:<{width}}  {_reached(action, found):<{_REACHED}}  {action.help}{said}"
            yield folded(line, 2 + width + 2 + _REACHED + 2)
        yield ""
    yield folded(f"Change them under [keys] in {clean(str(config.path))}: slaboard config edit")
