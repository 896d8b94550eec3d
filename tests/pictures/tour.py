"""docs/tour.md, written from the running program: ten steps of a morning, each with what is typed and what is seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import wrap

from tests.pictures.stage import STARTED, Stage

SIZE = (96, 20)
PAGE = """# A morning in ten steps

What is typed, and what stands on the screen then: written by `make pictures` from the program itself, on the sample
day. `make demo` opens the same board, with you as the one who acts.

{steps}
## And then

`q` at the top leaves; the terminal is as it was. The keys are all in [keys.md](keys.md) and under `?`, filters in
[the README](../README.md#keys), the room's own screen in [wall.md](wall.md), what rings in [alerts.md](alerts.md).
"""


@dataclass(frozen=True, slots=True)
class Step:
    """Keys by tmux's names, as they are told to people, and which lines of the screen are shown."""

    title: str
    said: str
    keys: tuple[str, ...]
    told: str
    seen: str
    """What must stand on the screen then (a regular expression)."""
    shown: tuple[str, ...] = ()
    """Lines in which one of these stands (regular expressions); empty for all."""
    most: int = SIZE[1]


STEPS = (
    Step("Look", "The grid says how many promises stand in which zone, the list what can still be saved, nearest "
         "first. One line holds what is lost, so that it neither hides nor buries the rest.", (), "slaboard", STARTED),
    Step("Ask why", "Before anybody believes a deadline: the sum, which can be checked by hand.", ("!",), "!", r"= due",
         (r"T-10271 +Response", r"promised", r"start", r"\+ open", r"= due", r"yellow", r"orange", r"  red "), most=8),
    Step("Claim", "One key. Of two people who press it together exactly one has the ticket.", ("q", "c"), "q c",
         r" OK +T-10271 is Amara", (r"^> ", r" OK ")),
    Step("Answer the customer", "`x` lists what else can be done here; `r` logs the answer, which stops Response. The "
         "next promise is shown at once.", ("x", "r", "We are on it.", "Enter"), "x r We are on it. enter",
         r"T-10271 is answered", (r"^> ", r" OK ")),
    Step("Wait", "A waiting clock stands in the colour in which it stopped. `u` takes any act back for 30 "
         "seconds, with the clock exactly as it was.", ("x", "w", "Enter"), "x w enter", r"waits for customer",
         (r"^> ", r" OK ")),
    Step("Undo", "It was another ticket that waits.", ("u",), "u", r"undone on T-10271", (r"^> ", r" OK ")),
    Step("Find", "A filter as you type; the grid says how many of how many match. `enter` keeps it, `q` clears it.",
         ("/", "mail p2", "Enter"), "/ mail p2 enter", r"\[Needs claim \d+ of \d+\]  filter: mail p2  q clears",
         (r"SLA by", r"^ Resp", r"^ Resplan", r"^ Resol", r"filter:", r"TICKET", r"  Y ", r"  O ", r"^> ")),
    Step("Take several", "`space` marks; acts are then done to all that is marked, each reported on its own.",
         ("q", "g", "Space", "Space", "c"), "q g space space c", r"2 tickets claimed",
         (r"^[> ][ *]T-100[0-4]", r"^[> ][ *]T-1011", r" OK ")),
    Step("Whose fire is it?", "`b` turns the grid: by priority, by customer, by owner, by board.", ("b", "b"), "b b",
         r"SLA by Customer", (r"SLA by", r"\d more", r"open: ", r"^ (?:Pell|Brack|Salt)")),
    Step("How did it come to this?", "`[` steps into the past, `P` plays it. Nothing can be changed there, and the top "
         "line says so.", ("b", "b", "b", "[", "[", "["), "b b b [ [ [", r"PAST 2026-11-20 14:2",
         (r"PAST", r"SLA by", r"^ Resp", r"^ Resplan", r"^ Resol", r"open: ", r"\[ \] 5 min")),
)  # fmt: skip


def written(stage: Stage) -> str:
    """The page, from a board that has just been opened."""
    return PAGE.format(steps="\n".join(_step(stage, number, step) for number, step in enumerate(STEPS, 1)))


def _step(stage: Stage, number: int, step: Step) -> str:
    stage.press(*step.keys)
    stage.until(step.seen)
    lines = [line for line in stage.text() if not step.shown or any(re.search(seen, line) for seen in step.shown)]
    typed = "" if number == 1 else f"Type `{step.told}`.\n\n"
    command = "```sh\nmake demo\n```\n\n" if number == 1 else ""
    said, seen = "\n".join(wrap(step.said, 120)), "\n".join(lines[: step.most])
    return f"## {number}. {step.title}\n\n{said}\n\n{command}{typed}```text\n{seen}\n```\n"
