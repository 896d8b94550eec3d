"""Coverage-guided fuzzing of one reader: `python -m tests.hostile.guided TARGET [libFuzzer options]` (needs atheris).

Not run by `make test`: the properties beside it are, and ask the same of each reader.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]

with atheris.instrument_imports(include=["slaboard"]):
    from slaboard.board import theme
    from slaboard.board.views import parse_filter
    from slaboard.config import load
    from slaboard.connectors.ndjson import Ndjson
    from slaboard.connectors.servicenow_log import ServicenowLog
    from slaboard.connectors.survey_csv import SurveyCsv
    from slaboard.connectors.ticket_csv import TicketCsv, parse_mapping
    from slaboard.text import cap, clean, csv_cell, json_line
    from tests.hostile.test_imports import GOOD, LOG, SURVEYS, TABLE, checked
    from tests.hostile.test_policies import judged, texts
    from tests.hostile.test_settings import CONFIG, themes
    from tests.hostile.words import NASTY, harmful, is_formula


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def _map(data: bytes) -> None:
    found, _ = parse_mapping(_text(data))
    if found is not None:
        checked(TicketCsv(mapping=found).read([b"id,title,opened_at\n", b"A-1,x,2026-01-05 09:00\n"]))


def _config(data: bytes) -> None:
    path = Path(tempfile.gettempdir()) / "slaboard-guided.toml"
    path.write_bytes(data)
    for problem in load(path).problems:
        assert not harmful(clean(problem))


def _theme(data: bytes) -> None:
    found = theme.parse(_text(data))
    assert found.problems or found.theme is not None
    assert not harmful(clean(" ".join(found.problems)))


def _filter(data: bytes) -> None:
    parse_filter(data.decode("utf-8", "surrogateescape"))


def _words(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    assert not harmful(clean(text) + json_line(text))
    assert not is_formula(csv_cell(text))
    cap(text).encode()


TARGETS: Mapping[str, Callable[[bytes], object]] = {
    "ndjson": lambda data: checked(Ndjson().read(_lines(data))),
    "servicenow_log": lambda data: checked(ServicenowLog().read([LOG, *_lines(data)])),
    "survey_csv": lambda data: checked(SurveyCsv().read([SURVEYS, *_lines(data)])),
    "ticket_csv": lambda data: checked(TicketCsv().read([TABLE, *_lines(data)])),
    "map": _map,
    "policy": lambda data: judged(_text(data)),
    "config": _config,
    "theme": _theme,
    "filter": _filter,
    "words": _words,
}


MAP = '[columns]\nid = "id"\ntitle = "x"\n[format]\ntime = "%d/%m/%Y"\nnull = ["?"]\n[priority]\nHigh = "P1"\n'
SEEDS: Mapping[str, tuple[str, ...]] = {
    "policy": texts(),
    "config": (CONFIG,),
    "theme": themes(),
    "map": (MAP,),
    "ndjson": ((GOOD["ndjson"] % 1).decode(),),
    "servicenow_log": ((GOOD["servicenow_log"] % 1).decode(),),
    "survey_csv": ((GOOD["survey_csv"] % 1).decode(),),
    "ticket_csv": ((GOOD["ticket_csv"] % 1).decode(), 'A-1,"x\ny",,,,\n'),
    "filter": ('p1 o: owner:"a b" -x cust:y in:resplan unclaimed',),
    "words": NASTY[:-10],
}
"""What the fuzzing of a target begins with."""


def main() -> None:
    """Fuzz the target that the command line names until something breaks or the time is up."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"Say which: {', '.join(TARGETS)}.")
    name = sys.argv.pop(1)
    target = TARGETS[name]
    with tempfile.TemporaryDirectory(prefix="slaboard-guided-") as corpus:
        for number, seed in enumerate(SEEDS[name]):
            (Path(corpus) / str(number)).write_text(seed, encoding="utf-8", newline="")
        atheris.Setup([*sys.argv, corpus], lambda data: target(data) and None)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
