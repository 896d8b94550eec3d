"""What a terminal shows of the bytes that it was sent: only what Textual and the board write is understood."""

from __future__ import annotations

import codecs
import re

from slaboard.board import cells

_PARTS = re.compile(
    r"\x1b\[(\d*)(?:;(\d*))?H|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[?<>]?[\d;:]*[$]?[a-zA-Z]|[\r\n]|[^\x1b\r\n]+"
)
_UNFINISHED = re.compile(r"\x1b[^\x1b]{0,60}\Z")
FILLED = ""
"""The second cell of a wide character."""


class Screen:
    """Lines of cells; `feed` it with everything in order."""

    def __init__(self, width: int, height: int) -> None:
        self._cells = [[" "] * width for _ in range(height)]
        self._row = self._column = 0
        self._rest = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, output: bytes) -> None:
        """Write on it; a sequence that is cut in two is kept until the rest comes."""
        text = self._rest + self._decoder.decode(output)
        cut = _UNFINISHED.search(text)
        whole = text[: cut.start()] if cut and not _PARTS.fullmatch(cut[0]) else text
        self._rest = text[len(whole) :]
        for part in _PARTS.finditer(whole):
            if part[0].endswith("H") and part[0].startswith("\x1b["):
                self._row, self._column = int(part[1] or 1) - 1, int(part[2] or 1) - 1
            elif part[0] == "\r":
                self._column = 0
            elif part[0] == "\n":
                self._row += 1
            elif not part[0].startswith("\x1b"):
                self._write(part[0])

    def _write(self, text: str) -> None:
        for char in text:
            size = cells.width(char)
            for i, cell in enumerate([char, FILLED][:size]):
                if self._row < len(self._cells) and self._column + i < len(self._cells[self._row]):
                    self._cells[self._row][self._column + i] = cell
            self._column += size

    @property
    def lines(self) -> list[str]:
        """What stands on it."""
        return ["".join(line).rstrip() for line in self._cells]
