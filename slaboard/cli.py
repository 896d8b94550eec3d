"""The composition root: commands by name, each loaded only when it is called."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from difflib import get_close_matches
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
    "show": "show:show",
    "explain": "explain:explain",
    "autopsy": "autopsy:autopsy",
    "handover": "handover:handover",
    "replay": "replay:replay",
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

# What `slaboard --help` says of each: one line, cut at no width, and no command is imported for it.
SUMMARIES: Mapping[str, Mapping[str, str]] = {
    "Look": {
        "board": "The live board.",
        "demo": "The board on a made-up busy day that goes on living.",
        "grid": "The SLA-by-status grid.",
        "tickets": "Tickets, in the order in which they can be saved.",
        "status": "One line for a status bar.",
        "show": "One ticket: its clocks, and who did what when.",
        "explain": "When a ticket's clocks are due, as a sum.",
        "watch": "Every change of zone as it happens; runs the hooks.",
    },
    "Act on a ticket": {
        "add": "Open a new ticket.",
        "claim": "Become the owner of an unowned ticket.",
        "release": "Give your ticket back.",
        "takeover": "Take a ticket from its owner.",
        "engage": "Work on it with the customer: this stops Resplan.",
        "respond": "The customer was answered: this stops Response.",
        "wait": "Wait for the customer or somebody else.",
        "resume": "Go on after waiting.",
        "resolve": "The work is done: this judges what still runs.",
        "reopen": "Open a resolved or closed ticket again.",
        "close": "Close a ticket for good.",
        "note": "Write an internal note.",
        "set": "Change a ticket's priority, customer or title.",
        "undo": "Take your last act back, within 30 seconds.",
    },
    "Look back": {
        "report": "What was promised and kept; review of one customer.",
        "handover": "What the next shift must know.",
        "autopsy": "Where the time of a late ticket went.",
        "replay": "The engine on a file of events, without a store.",
    },
    "Set up": {
        "init": "Make a new store.",
        "policy": "What is promised to whom: check, apply, try, suggest.",
        "team": "The people: their letters, skills and PINs.",
        "import": "Bring tickets in from a file, or take one back.",
        "views": "Saved views: a filter, a list, an order, a grid.",
        "config": "Your own settings: show, check, edit.",
        "keys": "Every key as it is set.",
        "themes": "Every theme, and which is on.",
        "completion": "What makes your shell complete our words.",
    },
    "Look after the store": {
        "doctor": "What is wrong with machine, terminal, store, config.",
        "check": "Recompute every clock and name each difference.",
        "backup": "Copy the store while boards go on.",
        "restore": "Put a backup back while boards go on.",
        "prune": "Remove the texts of tickets that ended long ago.",
        "bench": "How quick the store is on this machine.",
    },
}


BOARD_ONLY = ("--at", "--view", "--wall", "--history", "--once", "--size")
# Words of other programs, and what they are called here.
MEANT: Mapping[str, list[str]] = {
    "assign": ["claim", "takeover"], "close-ticket": ["close"], "create": ["add"], "dashboard": ["board"],
    "done": ["resolve"], "edit": ["set"], "export": ["tickets --out FILE"], "help": ["--help"],
    "history": ["board --history", "autopsy"], "list": ["tickets"], "ls": ["tickets"], "new": ["add"],
    "open": ["board", "reopen"], "reply": ["respond"], "sla": ["policy show"], "start": ["engage"], "tail": ["watch"],
    "ticket": ["tickets", "show"], "unclaim": ["release"], "update": ["set"], "users": ["team list"],
    "view": ["board --view NAME", "show"], "wall": ["board --wall"], "why": ["explain"],
}  # fmt: skip


class Commands(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """All commands by what one wants to do."""
        for title, summaries in SUMMARIES.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(10), summary) for name, summary in summaries.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The rest of the line; an option of the board that stands before its name is told where it stands."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if error.option_name in BOARD_ONLY:
                ctx.fail(f"{error.option_name} belongs to the board: slaboard board {error.option_name}")
            raise

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; one that nobody knows is told with those of nearly that name."""
        name = args[0]
        if name not in COMMANDS and name[:1].isalnum():
            near = get_close_matches(name[:40], COMMANDS, n=2)
            near = MEANT.get(name.lower(), near)
            hint = f"Perhaps {' or '.join(near)} is meant." if near else "slaboard --help lists them all."
            ctx.fail(f"There is no command {name[:40]}. {hint}")
        return super().resolve_command(ctx, args)

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
