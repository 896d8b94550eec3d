"""The files that belong to a store and lie beside it: its log, the log's index, the locks.

They lie beside the real file, where SQLite has its own: two boards that come by different links share them.
"""

from __future__ import annotations

import os
from pathlib import Path


def real(store: Path) -> Path:
    """The file itself, whatever links lead to it; a link to nothing leads to where it points."""
    return Path(os.path.realpath(store))


def beside(store: Path, end: str) -> Path:
    """`board.db-wal` for the end `-wal`."""
    return Path(os.path.realpath(store) + end)
