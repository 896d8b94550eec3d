"""`slaboard themes`: what there is, whose it is, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard.resources import shipped
from tests.commands.shell import Run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a person's own themes."""
    made = tmp_path / "config" / "slaboard" / "themes"
    made.mkdir(parents=True)
    return made


def test_every_shipped_theme_and_which_is_on(run: Run) -> None:
    """One line each."""
    done = run("themes")
    names = [line[2:].split()[0] for line in done.out.splitlines() if line.endswith("shipped")]
    assert names == sorted(path.stem for path in shipped("themes").glob("*.toml"))
    assert next(line for line in done.out.splitlines() if line.startswith("*")).split()[1] == "dark"


def test_one_s_own_have_their_file_and_their_problems_with_file_and_line(folder: Path, run: Run) -> None:
    """What is wrong is not fatal: the others are listed all the same."""
    (folder / "mine.toml").write_text("like = 'warm'\n")
    (folder / "broken.toml").write_text("[styles]\ntext = 'azure'\n")
    done = run("--theme", "mine", "themes", code=1)
    assert f"* mine                light   {folder / 'mine.toml'}" in done.out
    assert f"  broken              broken  {folder / 'broken.toml'}" in done.out
    assert f'{folder / "broken.toml"}: line 2: text: "azure" is no colour' in done.err


def test_for_programs(folder: Path, run: Run) -> None:
    """The same as one object; a theme that is chosen and not there is a problem, too."""
    (folder / "light.toml").write_text("[styles]\nnope = 'bold'\n")
    found = run("--theme", "neon", "themes", "--json", code=1).json
    own = next(one for one in found["themes"] if one["name"] == "light")
    assert (own["origin"], own["for"]) == (str(folder / "light.toml"), None)
    assert own["problems"] == [f"{folder / 'light.toml'}: line 2: nope is no style of the board; leave it out."]
    assert found["folder"] == str(folder)
    assert "There is no theme neon" in found["problems"][0]
