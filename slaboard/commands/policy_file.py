"""A policy file as commands take it, and how far a long look at the store has come."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import click

from slaboard.errors import UsageError
from slaboard.host import document
from slaboard.sla.policy import PolicySet, parse
from slaboard.store.write.settle import BATCH
from slaboard.text import clean

MOST_PROBLEMS = 100
"""How many problems of a file are told; who has corrected those will ask again."""


def read_policy(file: str, otherwise: str = "the policy in force stays") -> tuple[str, PolicySet]:
    """The file's text and meaning; UsageError with every problem at once, and what follows `otherwise`."""
    text = document.read(Path(file), "The policy")
    found, problems = parse(text)
    file = clean(file)
    for problem in problems[:MOST_PROBLEMS]:
        click.echo(f"{file}: {clean(str(problem))}", err=True)
    if len(problems) > MOST_PROBLEMS:
        click.echo(f"{file}: and {len(problems) - MOST_PROBLEMS:,} more problems.", err=True)
    if found is None:
        raise UsageError(f"{file} has {len(problems)} problem{'s' * (len(problems) > 1)}; {otherwise}.")
    return text, found


MANY = 2_000
"""So many tickets are only read, or written into a file, in less than a second."""
Counting = AbstractContextManager[Callable[[int], None] | None]


@contextmanager
def counting(total: int, what: str, few: int = 2 * BATCH) -> Iterator[Callable[[int], None] | None]:
    """How many of `total` tickets are done, on one line of a terminal; nothing elsewhere or for few."""
    if total < few or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=total, label=what, file=sys.stderr) as bar:
        yield lambda done: bar.update(min(done, total) - bar.pos)
