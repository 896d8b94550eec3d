"""docs/reliability.md, which quotes what people see: each test of a fault holds its sentences against the page."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "reliability.md"


def assert_told(said: str, store: Path) -> None:
    """The page has the sentence, with the paths and processes of its examples."""
    text = said.removeprefix("slaboard: ").strip().replace(str(store), "/srv/team/board.db")
    text = re.sub(r"process \d+(?: \([^)]*\))?", "process 4711 (slaboard import)", text)
    text = re.sub(r"-CONT \d+", "-CONT 4711", text)
    assert text in " ".join(PAGE.read_text(encoding="utf-8").split()), text
