"""docs/reliability.md is whole: it has every fault's test, and quotes nothing that the program no longer says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.page import PAGE
from tests.faults.people import ROOT

TEXT = PAGE.read_text(encoding="utf-8")
QUOTED = [" ".join(quote.split()) for quote in re.findall(r"“(.+?)”", TEXT, re.S)]
CHANGING = re.compile(
    r"/srv/team/board\.db|board\.db-wal|process 4711 \(slaboard import\)|,? which is stopped,?|nfs4|\d+|[.;:(),]"
)
"""What differs from one time to the next."""


@pytest.mark.parametrize("file", sorted(Path(__file__).parent.glob("test_*.py")), ids=lambda file: file.stem)
def test_every_fault_is_on_the_page_with_its_test(file: Path) -> None:
    assert f"](../tests/faults/{file.name})" in TEXT or file == Path(__file__)


def test_the_readme_leads_there() -> None:
    assert "(docs/reliability.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_what_the_page_quotes_stands_in_the_program() -> None:
    """Each piece between what changes is a piece of one of the program's texts."""
    texts = list(_texts())
    assert len(QUOTED) > 10
    for quote in QUOTED:
        for piece in CHANGING.split(quote):
            words = piece.strip()
            assert len(words) < 16 or any(words in text for text in texts), words


def _texts() -> Iterator[str]:
    for file in (ROOT / "slaboard").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = (str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values)
                yield "".join(parts)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
