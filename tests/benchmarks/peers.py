"""A peer on a screen: a board as Textual's own `DataTable` makes one.

`python -m tests.benchmarks.peers FILE` shows the rows of a JSON file; clocks are instants there, countdowns here.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import DataTable

COLUMNS = ("TICKET", "P", "CUSTOMER", "SUMMARY", "RESPONSE", "RESPLAN", "RESOLUTION", "OWNER")
CLOCKS = COLUMNS[4:7]


class TableBoard(App[None]):
    """A DataTable whose countdowns are updated cell by cell, each second when it begins."""

    CSS = "DataTable { height: 1fr; }"

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        super().__init__(ansi_color=True)
        self._rows = rows
        self._table: DataTable[str | Text] = DataTable(show_cursor=False)

    def compose(self) -> ComposeResult:
        """The table alone."""
        yield self._table

    def on_mount(self) -> None:
        """All columns and rows, then a tick a second."""
        for column in COLUMNS:
            self._table.add_column(column, key=column)
        for row in self._rows:
            words = [row[column] for column in COLUMNS if column not in CLOCKS]
            self._table.add_row(*words[:4], *self._countdowns(row), *words[4:], key=row["TICKET"])
        self._tick()

    def _tick(self) -> None:
        for row in self._rows:
            for column, text in zip(CLOCKS, self._countdowns(row), strict=True):
                self._table.update_cell(row["TICKET"], column, text)
        self.set_timer(1.0 - time.time() % 1 + 0.001, self._tick)  # noqa: TID251 its own clock, as the board's

    @staticmethod
    def _countdowns(row: dict[str, Any]) -> list[Text]:
        """The first one coloured, the others plain, as on a board."""
        now = int(time.time())  # noqa: TID251
        left = [row[column] - now for column in CLOCKS]
        texts = [f"G  {s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in left]
        return [Text(text, style="" if i else "green", justify="right") for i, text in enumerate(texts)]


if __name__ == "__main__":
    TableBoard(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))).run()
