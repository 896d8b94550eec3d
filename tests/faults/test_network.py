"""A store on a network file system: refused with the reason, in the real program, wherever one comes in.

No such mount can be made here, so the table of mounts that the program reads is another one.
"""

from __future__ import annotations

from pathlib import Path

from tests.faults.page import assert_told
from tests.faults.people import slaboard
from tests.tui.pane import Pane


def test_a_store_on_a_network_file_system(path: Path) -> None:
    mounts = path.with_name("mounts")
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/team {path.parent.resolve()} nfs4 rw 0 0\n")
    before = f"from pathlib import Path; from slaboard.store.disk import driver; driver.MOUNTS = Path({str(mounts)!r})"
    for command in (
        ("claim", "T-1", "--as", "Ben", "--store", str(path)),
        ("status", "--store", str(path)),
        ("init", str(path.with_name("new.db"))),
    ):
        code, out, err = slaboard(*command, before=before)
        assert (code, out) == (3, "")
        assert_told(err.replace("new.db", "board.db"), path)
    with Pane(path, size=(120, 30), before=before) as pane:
        pane.shows("is on a network file system (nfs4), where SQLite cannot share a store safely.")
        pane.shows("Keep it on a local disk of one host and let people come there (ssh, tmux).")
    assert not path.with_name("board.db-wal").exists(), "it was not even opened"
