"""`slaboard views`: what boards show, saved under names: one's own and the team's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from slaboard import viewfile
from slaboard.board import saved
from slaboard.board.cells import fit
from slaboard.board.pivot import Pivot
from slaboard.board.saved import SavedView
from slaboard.board.views import SortBy, Tab
from slaboard.commands import choice
from slaboard.commands.options import Common, as_option, now, pass_common, plain, store_option
from slaboard.commands.prose import folded
from slaboard.errors import UsageError
from slaboard.store.team.teamviews import TeamViews
from slaboard.text import clean, json_line


@click.group("views")
def views() -> None:
    """Saved views: a filter, a list, an order and a grid under a name."""


_TEAM = click.option("--team", "is_team", is_flag=True, help="The team's, which every board of the store offers.")


def _json(view: SavedView) -> dict[str, Any]:
    return {
        "name": view.name, "team": view.is_team, "filter": view.filter, **saved.facts(view), "saved_by": view.saved_by,
    }  # fmt: skip


def every_view(common: Common) -> tuple[SavedView, ...]:
    """One's own and the team's; what is wrong with one's own is told beside."""
    own = viewfile.load()
    for problem in own.problems:
        click.echo(f"slaboard: {problem}", err=True)
    with common.open(read_only=True) as opened:
        team = TeamViews(opened).everything()
    return (*own.views, *team)


def find(common: Common, name: str) -> SavedView:
    """The view of that name; UsageError when there is none."""
    known = every_view(common)
    found = saved.named(known, name)
    if found is None:
        raise UsageError(f'There is no view "{clean(name)}". {_known(known)}')
    return found


def _known(views: Iterable[SavedView]) -> str:
    """Which views there are; how to make one where there is none."""
    names = [f'"{view.name}"' for view in views]
    if not names:
        return "None was saved yet: slaboard views save NAME --filter F"
    return f"There {'is' if len(names) == 1 else 'are'} {', '.join(names)}."


def _kept(common: Common, name: str, *, is_team: bool) -> None:
    """UsageError, with those that there are, where no view of one's own or the team's is called so."""
    known = [view for view in every_view(common) if view.is_team is is_team]
    if saved.named(known, name) is None:
        whose = "The team has" if is_team else "You have"
        raise UsageError(f'{whose} no view "{clean(name)}". {_known(known)}')


@views.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@store_option
@pass_common
def list_(common: Common, as_json: bool, store: str | None) -> None:
    """One's own views and the team's."""
    common.take({"store": store})
    known = every_view(common)
    for view in known:
        whose = "team" if view.is_team else "own"
        line = f"{whose:<5} {fit(view.name, 24)}  {clean(view.about)}"
        click.echo(json_line(_json(view)) if as_json else folded(line, 32))
    if not known and not as_json:
        click.echo("No view was saved yet. On the board v saves what it shows; here: slaboard views save NAME")


@views.command("show", short_help="A view as a file says it.")
@click.argument("name", shell_complete=choice.views)
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@store_option
@pass_common
def show(common: Common, name: str, as_json: bool, store: str | None) -> None:
    """A view as a file says it; `slaboard board --view NAME` opens it, `slaboard tickets --view NAME` lists it."""
    common.take({"store": store})
    view = find(common, plain(name))
    click.echo(json_line(_json(view)) if as_json else saved.written(view), nl=as_json)


@views.command("save")
@click.argument("name", shell_complete=choice.views)
@click.option("--filter", "text", metavar="F", default="", help='As behind / on the board: p1 o: cust:"NAME"')
@click.option("--list", "tab", type=click.Choice([tab.value for tab in Tab]), default="all", show_default=True)
@click.option("--sort", metavar="COLUMN", default="saving", show_default=True, help=f"{', '.join(SortBy)}; -due turns.")
@click.option("--grid", type=click.Choice([pivot.value for pivot in Pivot]), default="stage", show_default=True)
@_TEAM
@click.option("--json", "as_json", is_flag=True, help="Say it as one JSON object.")
@as_option
@store_option
@pass_common
def save(
    common: Common, name: str, text: str, tab: str, sort: str, grid: str, is_team: bool, as_json: bool,
    as_: str | None, store: str | None,
) -> None:  # fmt: skip
    """Save a view, instead of the one that had the name."""
    common.take({"store": store, "as_": as_})
    said = {"name": plain(name), "filter": plain(text), "list": tab, "sort": plain(sort), "grid": grid}
    view, wrong = saved.of_texts(said)
    if wrong:
        raise UsageError("It was not saved: " + "; ".join(f"{what}; {right}" for _, what, right in wrong) + ".")
    if is_team:
        who = common.who
        with common.open() as opened:
            TeamViews(opened).save(view, who, now())
        view, where = SavedView(view.name, view.filter, view.tab, view.sort, view.pivot, True, who), "for the team"
    else:
        where = f"in {viewfile.save(view)}"
    _say(view, f"{view.name} is saved {where}", as_json=as_json)


@views.command("rename")
@click.argument("name", shell_complete=choice.views)
@click.argument("new")
@_TEAM
@store_option
@pass_common
def rename(common: Common, name: str, new: str, is_team: bool, store: str | None) -> None:
    """Give a view another name."""
    common.take({"store": store})
    _kept(common, plain(name), is_team=is_team)
    if is_team:
        with common.open() as opened:
            TeamViews(opened).rename(plain(name), plain(new))
    else:
        viewfile.rename(plain(name), plain(new))
    click.echo(f"OK {clean(name)} is called {clean(new)} now")


@views.command("remove")
@click.argument("name", shell_complete=choice.views)
@_TEAM
@store_option
@pass_common
def remove(common: Common, name: str, is_team: bool, store: str | None) -> None:
    """Take a view away; its tickets stay."""
    common.take({"store": store})
    _kept(common, plain(name), is_team=is_team)
    if is_team:
        with common.open() as opened:
            TeamViews(opened).remove(plain(name))
        click.echo(f"OK the team has no view {clean(name)} any more")
        return
    click.echo(f"OK {clean(str(viewfile.remove(plain(name))), limit=400)} is deleted")


def _say(view: SavedView, sentence: str, *, as_json: bool) -> None:
    click.echo(json_line(_json(view)) if as_json else f"OK {clean(sentence, limit=400)}")
