"""What README and docs say is what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from slaboard.board import verb
from slaboard.board.keymap import keymap
from slaboard.board.keys import ACTIONS, printed
from slaboard.cli import COMMANDS
from slaboard.config import SETTINGS, load
from slaboard.store.sqlite import SqliteStore
from slaboard.text import json_line

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
NOT_COMMANDS = {"is", "counts", "tickets.csv"}


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_command_that_a_page_names_exists(path: Path) -> None:
    """A code line or span that begins with `slaboard WORD` names one of our commands or an option."""
    text = path.read_text(encoding="utf-8")
    code = [
        line for block in re.findall(r"```(?:sh|console|bash)\n(.*?)```", text, re.S) for line in block.splitlines()
    ]
    code += re.findall(r"`([^`\n]+)`", text)
    for line in code:
        match = re.match(r"\s*(?:\$ )?slaboard ([a-z]+)\b", line)
        assert match is None or match[1] in COMMANDS, f"{path.name}: {line.strip()}"


def test_the_readme_names_the_two_commands_and_ci_runs_the_test_command() -> None:
    """`make demo` and `make test` do everything, and CI calls the one that the README names."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for target in ("demo", "test"):
        assert f"make {target}" in README
        assert re.search(rf"^{target}:", makefile, re.M)
    assert re.search(r"^make test$", ci, re.M)


def test_the_keys_page_lists_every_action_with_its_keys() -> None:
    """docs/keys.md has a row for each action: id, default keys, help."""
    page = (ROOT / "docs" / "keys.md").read_text(encoding="utf-8")
    for action in ACTIONS:
        keys = " ".join(f"`{key}`" for key in printed(action.keys).split())
        if not keys:
            keys = "`{}` then `{}`".format(*verb.reached(action.id, {}).split()[-2:])
        assert f"| `{action.id}` | {keys} | {action.help} |" in page


def test_the_config_page_names_every_setting_with_who_may_say_it() -> None:
    """docs/config.md has a row for each: option, environment variable, default; and what it means."""
    page = (ROOT / "docs" / "config.md").read_text(encoding="utf-8")
    for setting in SETTINGS:
        assert f"\n- `{setting.name}`: " in page
        option = f"`--{setting.option.rstrip('_')}`" if setting.option else ""
        variable = f"`{setting.variable}`" if setting.variable else ""
        default = f"`{json_line(setting.default)}`" if setting.default is not None else setting.otherwise
        assert setting.is_open or f"| `{setting.name}` | {option} | {variable} | {default} |" in page


def test_the_config_page_s_example_is_one_without_mistakes(tmp_path: Path) -> None:
    """As it stands there, keys and all."""
    page = (ROOT / "docs" / "config.md").read_text(encoding="utf-8")
    for number, example in enumerate(re.findall(r"```toml\n(.*?)```", page, re.S)):
        (tmp_path / f"{number}.toml").write_text(example, encoding="utf-8")
        found = load(tmp_path / f"{number}.toml")
        assert (found.problems, keymap(found.keys).problems) == ((), ())


def test_the_readme_s_keys_are_the_defaults() -> None:
    """Each single key in the README's table is one that the registry binds by default."""
    bound = {key for action in ACTIONS for key in printed(action.keys).split()} | {"arrows"}
    table = README[README.index("## Keys") : README.index("Every key can be changed")]
    for row in re.findall(r"^\| (.*?) \|", table, re.M):
        for key in re.findall(r"`([^`]+)`", row):
            assert key in bound, key


def test_every_page_that_a_page_links_is_there() -> None:
    """No link of the README or of a page in docs/ leads nowhere."""
    for path in DOCS:
        text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (path.parent / link).exists(), f"{path.name}: {link}"


def test_each_dependency_says_why_it_is_there() -> None:
    """Each runtime dependency stands under a comment that gives its reason."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("dependencies = [") : text.index("]\n", text.index("dependencies = ["))].splitlines()[1:]
    for before, line in zip(["", *block], block, strict=False):
        if line.strip().startswith('"'):
            assert before.strip().startswith("#"), line
    assert any(name.startswith("textual==") for name in tomllib.loads(text)["project"]["dependencies"])


def test_the_store_s_page_names_every_table_view_and_column(tmp_path: Path) -> None:
    """docs/store.md is whole: the schema is public."""
    page = (ROOT / "docs" / "store.md").read_text(encoding="utf-8")
    with SqliteStore.create(tmp_path / "s.db") as store:
        sql = "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
        for name, kind in store.ask(sql):
            assert f"`{name}`" in page or f"### {name}\n" in page, name
            if kind == "table":
                for (column,) in store.ask("SELECT name FROM pragma_table_info(?)", (name,)):
                    assert f"`{column}`" in page, f"{name}.{column}"
