"""How a store's writes reach the disk in a bench: as shipped, with `synchronous=NORMAL`, or with a slow fsync."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

FSYNC_S = 0.020
_SLOW = f"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
static int slowly(const char *name, int fd) {{
    struct timespec rest = {{0, {int(FSYNC_S * 1e9)}}};
    nanosleep(&rest, 0);
    return ((int (*)(int)) dlsym(RTLD_NEXT, name))(fd);
}}
int fsync(int fd) {{ return slowly("fsync", fd); }}
int fdatasync(int fd) {{ return slowly("fdatasync", fd); }}
"""
# The product knows no such setting: whoever acts has to survive a power cut.
_RELAXED = """
from slaboard.store.disk import opening
connect = opening.connect
def relaxed(*args, **options):
    connection = connect(*args, **options)
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection
opening.connect = relaxed
"""


@dataclass(frozen=True, slots=True)
class Disk:
    """What a Python program is started with."""

    name: str
    fsyncs_s: float = 0.0
    """What two of its fsyncs take longer than they do here."""
    prelude: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def python(self, program: str, *arguments: str) -> list[str]:
        """The command that runs `program` on it."""
        return [sys.executable, "-c", self.prelude + program, *arguments]


FULL = Disk("synchronous FULL, as shipped")
NORMAL = Disk("synchronous NORMAL", prelude=_RELAXED)


def slow(folder: Path) -> Disk:
    """A disk whose every fsync takes 20 ms more: the C library's are replaced in the processes that use it."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        raise RuntimeError("a slow fsync needs Linux and a C compiler (cc): it is put before the C library's own")
    source, library = folder / "slow_fsync.c", folder / "slow_fsync.so"
    source.write_text(_SLOW, encoding="ascii")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return Disk(f"fsync {FSYNC_S * 1000:.0f} ms", 2 * FSYNC_S, environment={"LD_PRELOAD": str(library)})
