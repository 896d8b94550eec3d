"""`slaboard themes`: every theme, where it comes from, and what is wrong with those that people have written."""

from __future__ import annotations

from typing import Any

import click

from slaboard import themefile
from slaboard.commands.options import Common, pass_common
from slaboard.commands.prose import folded
from slaboard.text import clean, json_line
from slaboard.themefile import ThemeFile


@click.command("themes")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@pass_common
def themes(common: Common, as_json: bool) -> int:
    """Every theme: which is on, where it comes from, what is wrong with it. Exit 1 when something is."""
    chosen = common.settings().theme
    found = themefile.theme_files()
    facts = [_fact(file, chosen) for _, file in sorted(found.items())]
    missing = [] if chosen in found else themefile.load(chosen)[1]
    if as_json:
        click.echo(json_line({"themes": facts, "folder": str(themefile.own_folder()), "problems": missing}, indent=2))
    else:
        _print(facts)
        for problem in (*(problem for fact in facts for problem in fact["problems"]), *missing):
            click.echo(f"slaboard: {clean(problem)}", err=True)
    return int(bool(missing) or any(fact["problems"] for fact in facts))


def problems(name: str, place: str = "") -> list[str]:
    """What is wrong with the theme of that name, which is written at `place`, for `doctor` and `config check`."""
    return themefile.load(name, place)[1]


def _fact(file: ThemeFile, chosen: str) -> dict[str, Any]:
    parsed = themefile.read(file)
    return {
        "name": clean(file.name),
        "on": file.name == chosen,
        "for": None if parsed.theme is None else "dark" if parsed.theme.dark else "light",
        "origin": clean(str(file.path)) if file.is_own else "shipped",
        "problems": list(parsed.problems),
    }


def _print(facts: list[dict[str, Any]]) -> None:
    width = max(len(fact["name"]) for fact in facts)
    for fact in facts:
        mark = "*" if fact["on"] else " "
        ground = fact["for"] or "broken"
        click.echo(f"{mark} {fact['name']:<{width}}  {ground:<6}  {fact['origin']}")
    click.echo()
    click.echo(folded(f"Try one: slaboard --theme NAME. Your own go into {clean(str(themefile.own_folder()))}"))
