"""`slaboard status` for those who ask every second: answered before click and the rest of the house are imported."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence

from slaboard.address import quickly
from slaboard.commands.clock import now
from slaboard.store.disk.driver import version_warning
from slaboard.store.read.glance import Glance, glance
from slaboard.text import clean, json_line

COMPLETION_VARIABLE = "_SLABOARD_COMPLETE"
"""Set by the shell while somebody presses tab; then click answers."""


WORST: Mapping[str, int] = {"red": 12, "orange": 11, "yellow": 10}
"""What `--exit-code` says of the worst zone that any ticket is in; 0 where all are green."""


def told(seen: Glance, form: str) -> tuple[str, int]:
    """The line of that form, and the exit code that tells scripts the same."""
    zones = seen.zones()
    worst = next((zone for zone in WORST if zones[zone]), "green")
    return FORMS[form](seen, zones, worst), WORST.get(worst, 0)


def _plain(seen: Glance, zones: Zones, worst: str) -> str:
    line, ahead = _counts(zones), seen.next()
    return line if ahead is None else f"{line}  next {clean(ahead)}"


def _counts(zones: Zones) -> str:
    return f"R {zones['red']}  O {zones['orange']}  Y {zones['yellow']}  G {zones['green']}"


def _tmux(seen: Glance, zones: Zones, worst: str) -> str:
    """tmux's own markup; numbers only, so nothing of a stranger's is in it."""
    return (
        f"#[fg=colour160]R{zones['red']} #[fg=colour208]O{zones['orange']} #[fg=colour220]Y{zones['yellow']}#[default]"
    )


def _json(seen: Glance, zones: Zones, worst: str) -> str:
    """`text` and `class` are what waybar and others like it look for; they hold nothing of a stranger's."""
    ahead = seen.next()
    waiting, no_sla, needs = seen.beside()
    facts = {"open": sum(zones.values()) + waiting + no_sla, "waiting": waiting, "no_sla": no_sla, "needs_claim": needs}
    shown = {"text": _counts(zones), "class": worst}
    return json_line({**zones, **facts, "next": None if ahead is None else clean(ahead), **shown})


Zones = Mapping[str, int]
FORMS: Mapping[str, Callable[[Glance, Zones, str], str]] = {"plain": _plain, "tmux": _tmux, "json": _json}
"""What `--format` takes."""


def answer(arguments: Sequence[str]) -> int | None:
    """Answer `slaboard status` and return its exit code; None when click has to look at it, and nothing was said."""
    said = _said(arguments)
    if said is None or COMPLETION_VARIABLE in os.environ:
        return None
    store = quickly(said.get("--store"))
    if store is None:
        return None
    with glance(store, now()) as seen:
        line, code = (None, 0) if seen is None else told(seen, said.get("--format", "plain"))
    if line is None or not line.isascii() or sys.stdout is None:
        return None
    if warning := version_warning():
        print(f"slaboard: warning: {warning}", file=sys.stderr)
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    return code if "--exit-code" in said else 0


def _said(arguments: Sequence[str]) -> dict[str, str] | None:
    """The options' values when these are the plain ones of `status`, None for whatever is not."""
    found: dict[str, str] = {}
    rest = iter(arguments)
    named = False
    for word in rest:
        name, equals, value = word.partition("=")
        if word == "status" and not named:
            named = True
        elif word == "--exit-code" and named:
            found[word] = "yes"
        elif word == "--json" and named:
            found["--format"] = "json"
        elif name == "--store" or (name == "--format" and named):
            found[name] = value if equals else next(rest, "")
            if not found[name]:
                return None
        else:
            return None
    return found if named and found.get("--format", "plain") in FORMS else None
