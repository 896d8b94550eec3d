"""slaboard as a shell sees it, without pytest's own capture: for properties that run it many times."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

from slaboard.__main__ import main
from tests.commands.shell import Said


def said(*arguments: str, code: int | None = 0) -> Said:
    """What a command came to; no traceback, no log of a crash, and text that a terminal can be given."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO())):
        found = main(arguments)
    texts = [stream.buffer.getvalue().decode() for stream in (out, err) if isinstance(stream.buffer, io.BytesIO)]
    assert "has stopped" not in texts[1], texts[1]
    assert code is None or found == code, (found, texts)
    return Said(found, *texts)
