"""The composition root: commands by name, each loaded only when it is called."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from slaboard import __version__
from slaboard.commands.options import Common, board_options

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# Loaded one at a time: `status` in a status line must not wait for what the board needs.
COMMANDS: Mapping[str, str] = {
    "board": "board:board",
    "demo": "demo:demo",
    "grid": "read:grid",
    "tickets": "read:tickets",
    "status": "read:status",
    "explain": "explain:explain",
    "autopsy": "autopsy:autopsy",
    "handover": "handover:handover",
    "replay": "explain:replay",
    "watch": "watch:watch",
    "init": "init:init",
    "report": "report:report",
    "import": "intake:import_",
    "check": "keep:check",
    "prune": "prune:prune_",
    "backup": "backup:backup_",
    "restore": "backup:restore",
    "doctor": "doctor:doctor",
    "bench": "bench:bench",
    "team": "team:team",
    "views": "views:views",
    "config": "config:config",
    "keys": "keys:keys",
    "themes": "themes:themes",
    "completion": "completion:completion",
    "policy": "policy:policy",
    "claim": "act:claim",
    "release": "act:release",
    "takeover": "act:takeover",
    "engage": "act:engage",
    "respond": "act:respond",
    "wait": "act:wait",
    "resume": "act:resume",
    "resolve": "act:resolve",
    "reopen": "act:reopen",
    "close": "act:close",
    "note": "act:note",
    "undo": "act:undo",
    "add": "act:add",
    "set": "act:set_",
}


class Commands(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order people meet them."""
        return list(COMMANDS)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands and options that begin with `incomplete`, without importing any of the commands."""
        from click.shell_completion import CompletionItem

        named = [CompletionItem(name) for name in COMMANDS if name.startswith(incomplete)]
        return named + click.Command.shell_complete(self, ctx, incomplete)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(f"slaboard.commands.{module}"), name)
        return command


@click.group(
    cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)  # fmt: skip
@click.version_option(__version__, prog_name="slaboard")
@board_options
@click.pass_context
def slaboard(context: click.Context, /, **options: Any) -> int:
    """A live SLA board for the terminal. Without a command it opens the board."""
    common = context.ensure_object(Common)
    common.take(options)
    if context.invoked_subcommand is None:
        from slaboard.commands.board import open_board

        return open_board(common)
    return 0
