"""`slaboard config`: the person's own settings, where each value comes from, and what is wrong with the file."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from slaboard.board.keys import ACTIONS, printed
from slaboard.commands import choice
from slaboard.commands.keys import problems as key_problems
from slaboard.commands.options import Common, pass_common
from slaboard.commands.themes import problems as theme_problems
from slaboard.config import held, load
from slaboard.errors import UsageError
from slaboard.host.machine import timezone
from slaboard.resources import shipped
from slaboard.text import clean, json_line

EDITORS = ("sensible-editor", "nano", "vi", "notepad")
"""Looked for, in this order, where neither VISUAL nor EDITOR names one."""


@click.group("config")
def config() -> None:
    """Your own settings: where they are, what holds, what is wrong with them."""


@config.command("path")
@pass_common
def path(common: Common) -> None:
    """Where the config file is, or would be."""
    click.echo(clean(str(common.config.path)))


# --- show -------------------------------------------------------------------------------------------------------


@config.command("show")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@pass_common
def show(common: Common, as_json: bool) -> None:
    """Every setting as it holds, with who says so."""
    found = list(_shown(common))
    if as_json:
        facts = {name: {"value": value, "origin": origin} for name, value, origin in found}
        click.echo(json_line({"path": str(common.config.path), "settings": facts}, indent=2))
        return
    wide = max(len(name) for name, _, _ in found)
    texts = ["-" if value is None else clean(json_line(value)) for _, value, _ in found]
    wider = min(40, max(map(len, texts)))
    for (name, _, origin), text in zip(found, texts, strict=True):
        click.echo(f"{clean(name):<{wide}}  {text:<{wider}}  {clean(origin)}")


def _shown(common: Common) -> Iterator[tuple[str, Any, str]]:
    """Name, value and origin of every setting; where nobody says, the value that comes of it."""
    otherwise: Mapping[str, Callable[[], str | None]] = {
        "store": lambda: str(common.store),
        "timezone": timezone,
        "name": lambda: common.settings().person,
    }
    for one in held(common.config, common.said):
        name = one.setting.name
        if one.setting.is_open:
            for key, value in one.value.items():
                line = common.config.line(name, key)
                yield f"{name}.{key}", value, f"{common.config.path.name} line {line}"
        elif one.value is None:
            yield name, otherwise[name]() if name in otherwise else None, one.origin
        else:
            yield name, one.value, one.origin


# --- check ------------------------------------------------------------------------------------------------------


@config.command("check", short_help="Name every problem of a config file, with its line.")
@click.argument("file", required=False, shell_complete=choice.files)
@pass_common
def check(common: Common, file: str | None) -> None:
    """Name every problem of the config file, its keys and its theme, each with file and line."""
    named = Path(file) if file else None
    if named is not None and not named.exists():
        raise UsageError(f"There is no file {clean(file or '')}; slaboard config path says where yours is.")
    _told(common, named or common.config.path)


def _told(common: Common, file: Path) -> None:
    """Say each problem of `file`, or that it has none; UsageError when there is any."""
    found = load(file)
    settings = common.settings(config=found)
    problems = [*key_problems(found), *theme_problems(settings.theme, settings.theme_place)]
    for problem in problems:
        click.echo(clean(problem, limit=400), err=True)
    if problems:
        mend = " slaboard config edit" if file == common.config.path else ""
        many = f"{len(problems)} problem" + "s" * (len(problems) > 1)
        raise UsageError(f"{clean(str(file))} has {many}; where one is, the default holds.{mend}")
    click.echo(f"OK {clean(str(file))} {'has no problems.' if file.exists() else 'is not there: the defaults hold.'}")


# --- edit -------------------------------------------------------------------------------------------------------


@config.command("edit", short_help="Open the config file in your editor, then check it.")
@pass_common
def edit(common: Common) -> None:
    """Open the config file in VISUAL or EDITOR, made with every default in it if there is none; then check it."""
    file = common.config.path
    editor = _editor()
    if not os.path.lexists(file):
        write_new(file, written())
        click.echo(f"OK {clean(str(file))} is new; every line that is commented out says what holds.")
    try:
        code = subprocess.run([*editor, str(file)], check=False).returncode
    except OSError as error:
        raise UsageError(f"The editor {clean(editor[0])} cannot be run: {error.strerror}. Set EDITOR.") from None
    if code:
        raise UsageError(f"The editor {clean(editor[0])} ended with {code}; {clean(str(file))} is as it left it.")
    _told(common, file)


def _editor() -> list[str]:
    """The person's editor with its arguments; UsageError when there is none."""
    for name in ("VISUAL", "EDITOR"):
        if said := os.environ.get(name, "").strip():
            with suppress(ValueError):
                return shlex.split(said)
            raise UsageError(f"{name} has a quotation mark that is not closed: {clean(said, limit=100)}")
    found = next((editor for editor in EDITORS if shutil.which(editor)), None)
    if found is None:
        raise UsageError("No editor is known here. Set EDITOR, as in: EDITOR=nano slaboard config edit")
    return [found]


def written(values: Mapping[str, str] | None = None) -> str:
    """A config file with every setting and key in it as a comment; those of `values` are said."""
    text = (shipped("sample_data") / "config.toml").read_text(encoding="utf-8")
    for name, value in (values or {}).items():
        text = _said(text, name, value)
    actions = [action for action in ACTIONS if action.id != "quit"]
    wide = max(len(f'# {action.id} = "{printed(action.keys)}"') for action in actions)
    lines = (f"{f'# {action.id} = {json_line(printed(action.keys))}':<{wide}}  # {action.help}" for action in actions)
    return text + "\n".join(lines) + "\n"


def _said(text: str, name: str, value: str) -> str:
    """`text` with the comment that shows `name` turned into a line that says it is `value`."""
    return re.sub(rf"^# {name} = .*$", lambda _: f"{name} = {json_line(value)}", text, flags=re.M)


def write_new(file: Path, text: str) -> None:
    """A new file, there whole or not at all, never over one that is there; UsageError where that cannot be."""
    made = None
    try:
        if not file.parent.is_dir():
            file.parent.mkdir(parents=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}.", delete=False
        ) as new:
            made = Path(new.name)
            new.write(text)
        os.link(made, file)
    except FileExistsError as error:
        if not os.path.lexists(file):  # a file where its folder should be
            raise UsageError(f"{file} cannot be written: {error.strerror}.") from None
        raise UsageError(f"{file} is there already and stays as it is: slaboard config edit") from None
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from None
    finally:
        if made is not None:
            made.unlink(missing_ok=True)
