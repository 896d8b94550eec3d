"""The built wheel is whole: its themes and sample data come along, and it runs without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, unpacked; built offline with the hatchling that `make test` installs."""
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def test_themes_and_sample_data_are_in_it_and_no_tests(unpacked: Path) -> None:
    """`force-include` puts both folders beside the package."""
    assert {path.name for path in (unpacked / "slaboard" / "themes").iterdir()} >= {"dark.toml", "light.toml"}
    assert (unpacked / "slaboard" / "sample_data" / "busy_day.ndjson").is_file()
    assert not (unpacked / "tests").exists()


def test_the_demo_runs_from_it(unpacked: Path, tmp_path: Path) -> None:
    """One board is printed by the unpacked wheel, far from any checkout."""
    env = {**os.environ, "PYTHONPATH": str(unpacked), "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "slaboard", "demo"],
        cwd=tmp_path, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "SLA by Status" in done.stdout
    where = subprocess.run(
        [sys.executable, "-c", "import slaboard; print(slaboard.__file__)"],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert where.stdout.startswith(str(unpacked))
