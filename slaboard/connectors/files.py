"""Files as lines: plain or gzip, from a path or standard input, with bounded memory."""

from __future__ import annotations

import gzip
import io
import os
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, cast

from slaboard.connectors.base import MAX_LINE, BrokenInput
from slaboard.errors import UsageError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_GZIP = b"\x1f\x8b"
_BUFFER = 256 * 1024
_HEAD_LINES = 100
_ENDLESS = 1024 * MAX_LINE
"""No line of a text is that long, in bytes: /dev/zero and a gzip bomb would never end."""


class Lines:
    """The lines of one file with their ends, to be read once; `head` is the first that is not blank, read ahead.

    A line longer than `MAX_LINE` comes cut to one byte more than that, so that whoever reads it sees it is too long.
    Raises BrokenInput where the input cannot be read on.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name = name
        self._rest = self._bounded(stream)
        self._first: list[bytes] = []
        size = 0
        for line in self._rest:
            self._first.append(line)
            size += len(line)
            if line.strip() or len(self._first) == _HEAD_LINES or size > MAX_LINE:
                break
        self.head = b"".join(self._first)

    def __iter__(self) -> Iterator[bytes]:
        return chain(self._first, self._rest)

    def _bounded(self, stream: BinaryIO) -> Iterator[bytes]:
        try:
            for line in iter(partial(stream.readline, MAX_LINE + 1), b""):
                yield line
                end, size = line, 0
                while len(end) > MAX_LINE and not end.endswith(b"\n"):
                    end = stream.readline(MAX_LINE + 1)
                    size += len(end)
                    if size > _ENDLESS:
                        raise BrokenInput(
                            f"{self.name} has a line of more than {_ENDLESS // 2**30} GiB here, so it is no text; what "
                            "stands before is read. Is it the right file?"
                        )
        except (OSError, EOFError, zlib.error) as error:
            raise BrokenInput(
                f"{self.name} is cut short or damaged here ({error}); what stands before is read. Fetch the file again."
            ) from error


@contextmanager
def open_lines(path: str | os.PathLike[str], on_bytes: Callable[[int], None] | None = None) -> Iterator[Lines]:
    """The lines of `path` (`-` is standard input); gzip is told by its first bytes, not by the name.

    `on_bytes` is called with the number of bytes of the file (as it is packed) read so far. Raises UsageError when the
    file cannot be opened.
    """
    name = "Standard input" if path == "-" else os.fspath(path)
    with ExitStack() as stack:
        try:
            source = sys.stdin.buffer if path == "-" else stack.enter_context(open(path, "rb"))
            stream = _buffered(_Source(source, on_bytes))
            if stream.peek(len(_GZIP)).startswith(_GZIP):
                stream = _buffered(_Source(cast(BinaryIO, gzip.GzipFile(fileobj=stream))))
        except OSError as error:
            raise UsageError(f"{name} cannot be read: {error.strerror or error}.") from error
        yield Lines(cast(BinaryIO, stream), name)


class _Source(io.RawIOBase):
    """Hands on what is there, without waiting for a full buffer.

    For a pipe it means that a line is seen as soon as it is written; for a gzip cut short, that all which stands
    before the cut is seen (`BufferedReader.read` drops what it holds when its source raises).
    """

    def __init__(self, source: BinaryIO, on_bytes: Callable[[int], None] | None = None) -> None:
        self._source = cast(io.BufferedIOBase, source)
        self._on_bytes = on_bytes
        self._total = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        count = self._source.readinto1(buffer)
        self._total += count
        if self._on_bytes is not None:
            self._on_bytes(self._total)
        return count


def _buffered(source: _Source) -> io.BufferedReader:
    return io.BufferedReader(source, _BUFFER)
