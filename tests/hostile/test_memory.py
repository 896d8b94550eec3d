"""What hostile files cost in memory: no more than a few MiB above what the smallest file costs, whatever their size."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path

import pytest

from slaboard.__main__ import main
from slaboard.store.sqlite import SqliteStore
from slaboard.toml import MAX_BYTES
from tests.hostile.scales import MIB, read, weigh

ROOM = 40 * MIB
"""How much more than a file of one line any other may cost."""
GIB = 1024 * MIB
ALL = "SLABOARD_HYPOTHESIS_EXAMPLES" in os.environ
BIG = 900 if ALL else 200
"""MiB of a big file."""


def event(number: int) -> bytes:
    return b'{"ticket":"A-%d","at":1767603600,"kind":"note"}\n' % number


@cache
def base() -> int:
    """What reading nothing costs."""
    return read("ndjson", Path(os.devnull))[0]


def long_line(path: Path) -> None:
    """BIG MiB without a line end (a sparse file: it takes no room on the disk) between two events."""
    with path.open("wb") as file:
        file.write(event(1))
        file.seek(BIG * MIB, os.SEEK_CUR)
        file.write(b"\n" + event(2))


def bomb(path: Path, mib: int = BIG) -> None:
    """An event, `mib` MiB of zeros on one line, an event: about a thousandth of that on the disk."""
    zeros = gzip.compress(b"0" * (20 * MIB), 1)
    path.write_bytes(gzip.compress(event(1)) + zeros * (mib // 20) + gzip.compress(b"\n" + event(2)))


def deep(path: Path) -> None:
    lists = b'{"ticket":"A-1","at":1,"kind":"note","x":' + b"[" * 10_000 + b"]" * 10_000 + b"}\n"
    path.write_bytes(event(1) + lists + b"[" * 500_000 + b"\n" + b'{"note":' * 60_000 + b"\n" + event(2))


def wide(path: Path) -> None:
    """A million columns; rows of half a million."""
    path.write_bytes(b"id," + b"," * (1_000_000) + b"\nA-1\n" + (b"a," * 500_000 + b"\n") * 5)


def blank(path: Path) -> None:
    """120 lines of nearly 1 MiB with nothing in them."""
    path.write_bytes((b" " * (MIB - 1) + b"\n") * 120 + event(1))


@pytest.mark.parametrize(
    ("connector", "make", "told"),
    [
        ("ndjson", long_line, "2 1"), ("ndjson", bomb, "2 1"), ("ndjson", deep, "2 3"), ("ndjson", blank, "1 0"),
        ("ticket_csv", wide, "6 0"), ("servicenow_log", bomb, "0 1"),
    ],
)  # fmt: skip
def test_a_hostile_file_costs_little(tmp_path: Path, connector: str, make: object, told: str) -> None:
    """And the lines around what is hostile are read."""
    assert callable(make)
    make(path := tmp_path / "file")
    peak, said = read(connector, path)
    assert said[-1] == told
    assert peak < base() + ROOM, f"{(peak - base()) / MIB:.0f} MiB"


@pytest.mark.slow
@pytest.mark.parametrize(("mib", "told"), [(1_100, "1 2"), (4_000, "1 2")])
def test_a_line_that_goes_on_for_more_than_a_gib_ends_the_reading(tmp_path: Path, mib: int, told: str) -> None:
    bomb(path := tmp_path / "file", mib)
    peak, said = read("ndjson", path)
    assert said[-1] == told
    assert peak < base() + ROOM


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero here")
def test_a_device_without_end_is_no_text() -> None:
    peak, said = read("ndjson", Path("/dev/zero"))
    assert said[-1] == "0 2"
    assert peak < base() + ROOM


@pytest.mark.slow
def test_an_import_costs_the_same_for_twice_as_many_fat_lines(tmp_path: Path) -> None:
    """Lines of 0.9 MiB: what is gathered before it is written is bounded by its size, not by its lines."""
    fields = ("title", "customer", "note", "reason", "channel", "skill", "url", "board", "type", "caused_by", "owner")
    fat = dict.fromkeys(fields, "x" * 65_000)
    peaks = []
    for lines in (250, 500):
        path, store = tmp_path / f"{lines}.ndjson", str(tmp_path / f"{lines}.db")
        with path.open("w") as file:
            for number in range(lines):
                event = {"ticket": f"A-{number}", "at": 1_767_603_600, "kind": "created", **fat}
                file.write(json.dumps(event) + "\n")
        assert weigh("-m", "slaboard", "init", store)[1] == 0
        peak, code, out, err = weigh("-m", "slaboard", "--store", store, "import", str(path))
        assert code == 0, err
        assert f"added {lines} events" in out
        peaks.append(peak)
    assert peaks[1] < 1.25 * peaks[0]


# --- what is no file ------------------------------------------------------------------------------------------


def slaboard(*arguments: str, timeout: float = 60) -> tuple[int, str]:
    """A command of its own process, and what it said; fails when it does not come back."""
    done = subprocess.run(
        [sys.executable, "-m", "slaboard", *arguments],
        capture_output=True, text=True, timeout=timeout, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def store(tmp_path: Path) -> str:
    path = tmp_path / "s.db"
    SqliteStore.create(path).close()
    return str(path)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["import", "FOLDER"], "cannot be read: Is a directory"),
        (["import", "/dev/zero"], "is binary or UTF-16"),
        (["import", "/dev/null"], "is neither event lines"),
        (["import", "x", "--map", "FOLDER"], "cannot be read: Is a directory"),
        (["import", "x", "--map", "/dev/zero"], "more than 1,048,576 bytes"),
        (["policy", "check", "/dev/zero"], "more than 1,048,576 bytes"),
        (["policy", "check", "FOLDER"], "cannot be read: Is a directory"),
        (["replay", "/dev/zero", "--policy", "/dev/zero"], "more than 1,048,576 bytes"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_folder_and_a_device_are_told(
    tmp_path: Path, store: str, capsys: pytest.CaptureFixture[str], command: list[str], said: str
) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no devices here")
    words = (str(tmp_path) if word == "FOLDER" else word for word in command)
    assert main(["--store", store, *words]) == 2
    assert said in capsys.readouterr().err


def test_a_pipe_that_somebody_names_is_read(tmp_path: Path, store: str) -> None:
    """As in `slaboard import <(zcat log.gz)`."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(event(1) * 3 + event(2),))
    writer.start()
    code, text = slaboard("--store", store, "import", str(pipe), "--format", "ndjson")
    writer.join(timeout=10)
    assert code == 0, text
    assert "added 2 events" in text


@pytest.mark.parametrize("made", ["pipe", "folder", "device", "endless"])
def test_a_config_that_is_no_file_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: str, made: str
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = tmp_path / "config" / "slaboard" / "config.toml"
    path.parent.mkdir(parents=True)
    if made == "pipe":
        os.mkfifo(path)
    elif made == "folder":
        path.mkdir()
    elif made == "device":
        path.symlink_to("/dev/zero")
    else:
        with path.open("wb") as file:
            file.truncate(GIB)
    code, text = slaboard("--store", store, "doctor")
    assert code == 0, text
    assert "None of its settings is used" in text


@pytest.mark.parametrize("command", [["policy", "check"], ["import", "x", "--map"]], ids=" ".join)
def test_a_huge_policy_or_map_is_not_read_whole(tmp_path: Path, store: str, command: list[str]) -> None:
    with (path := tmp_path / "huge.toml").open("wb") as file:
        file.truncate(GIB)
    peak, code, _, err = weigh("-m", "slaboard", "--store", store, *command, str(path))
    assert code == 2
    assert f"more than {MAX_BYTES:,} bytes" in err
    assert peak < base() + ROOM


@pytest.mark.parametrize("closed", ["<&-", "<&- >&- 2>&-", *([">&-", "2>&-"] if ALL else [])])
@pytest.mark.parametrize(
    "command", ["import -", "doctor", *(["policy check -", "board", "init new.db"] if ALL else [])]
)
def test_a_stream_that_is_closed_leads_nowhere(tmp_path: Path, store: str, command: str, closed: str) -> None:
    """As in a cron job or a service: no file of ours may stand in its place, and nothing stops."""
    line = f'exec "{sys.executable}" -m slaboard --store "{store}" {command} {closed}'
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    done = subprocess.run(
        ["sh", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode in (0, 2), (done.stdout, done.stderr)
    assert "has stopped" not in done.stderr
    with SqliteStore(Path(store)) as whole:
        assert whole.ask("PRAGMA integrity_check")[0][0] == "ok"
