"""A person's own views: a file each, written whole, and nobody else's words lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard import viewfile
from slaboard.board.saved import SavedView
from slaboard.board.views import Tab
from slaboard.errors import UsageError

DAWN = SavedView("Morning round", "p1 o:", Tab.NEEDS)


@pytest.fixture
def folder() -> Path:
    viewfile.folder().mkdir(parents=True)
    return viewfile.folder()


def test_no_folder_is_no_view() -> None:
    assert viewfile.load() == viewfile.Own()


def test_what_is_saved_is_there_again() -> None:
    """Under a file name that any disk takes; nothing else is left in the folder."""
    path = viewfile.save(DAWN)
    assert path == viewfile.folder() / "morning-round.toml"
    assert viewfile.load().views == (DAWN,)
    assert [found.name for found in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["../x", "a/b", "...", "Über uns", "C:", "x" * 60, "-"])
def test_any_name_has_a_file_in_the_folder(name: str) -> None:
    path = viewfile.save(SavedView(name))
    assert path.parent == viewfile.folder()
    assert [view.name for view in viewfile.load().views] == [name]


def test_names_that_make_the_same_file_are_two() -> None:
    first, second = viewfile.save(SavedView("a/b")), viewfile.save(SavedView("a b"))
    assert (first.name, second.name) == ("a-b.toml", "a-b-2.toml")
    assert {view.name for view in viewfile.load().views} == {"a/b", "a b"}


def test_saving_again_keeps_the_remarks_and_all_other_files(folder: Path) -> None:
    other = folder / "other.toml"
    other.write_text("# theirs\nlist = 'all'  # why\n")
    mine = folder / "mine.toml"
    mine.write_text("# for the morning\n\nname = 'Morning Round'\nfilter = 'x'\n")
    assert viewfile.save(DAWN) == mine
    assert mine.read_text() == (
        '# for the morning\n\nname = "Morning round"\nfilter = "p1 o:"\nlist = "needs"\nsort = "saving"\n'
        'grid = "stage"\n'
    )
    assert other.read_text() == "# theirs\nlist = 'all'  # why\n"


def test_a_renamed_one_has_another_file() -> None:
    before = viewfile.save(DAWN)
    before.write_text("# mine\n" + before.read_text())
    after = viewfile.rename("morning ROUND", "Dawn")
    assert not before.exists()
    assert after.read_text().startswith("# mine\nname = ")
    assert [view.name for view in viewfile.load().views] == ["Dawn"]
    viewfile.save(SavedView("Dusk"))
    with pytest.raises(UsageError, match="You have a view Dusk already"):
        viewfile.rename("Dawn", "Dusk")
    assert viewfile.rename("Dawn", "DAWN") == after, "only its case"


def test_one_that_is_not_there_cannot_be_renamed_or_removed() -> None:
    with pytest.raises(UsageError, match="You have no view x"):
        viewfile.rename("x", "y")
    with pytest.raises(UsageError, match="You have no view x"):
        viewfile.remove("x")


def test_every_broken_file_is_told_and_the_others_are_read(folder: Path) -> None:
    viewfile.save(DAWN)
    (folder / "broken.toml").write_text("list = \n")
    (folder / "wrong.toml").write_text('\nlist = "moon"\nsort = 3\n')
    (folder / "twin.toml").write_text('name = "MORNING round"\n')
    (folder / "binary.toml").write_bytes(b"\xff\xfe\0")
    (folder / "folder.toml").mkdir()
    (folder / "readme.txt").write_text("not a view")
    own = viewfile.load()
    assert own.views == (DAWN,)
    told = "\n".join(own.problems)
    assert f"{folder / 'broken.toml'}: line 1: this is not TOML" in told
    assert f"{folder / 'wrong.toml'}: line 2: list" in told
    assert f"{folder / 'wrong.toml'}: line 3: sort" in told
    assert f"{folder / 'twin.toml'}: MORNING round is in morning-round.toml too" in told
    assert "binary.toml cannot be read" in told
    assert "folder.toml cannot be read" in told
    assert len(own.problems) == 6


def test_a_folder_that_cannot_be_written_is_a_sentence() -> None:
    viewfile.folder().parent.mkdir(parents=True, exist_ok=True)
    viewfile.folder().write_text("a file where the folder should be")
    assert viewfile.load() == viewfile.Own()
    with pytest.raises(UsageError, match=r"dawn\.toml cannot be written: File exists"):
        viewfile.save(SavedView("dawn"))
