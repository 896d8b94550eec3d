"""The person's own settings: which store, who they are, theme and keys; each from the nearest place that says so."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from slaboard import toml
from slaboard.address import STORE_VARIABLE, config_file, default, nearest, path_of
from slaboard.alerts import ways
from slaboard.host import document
from slaboard.text import cap, clean

if TYPE_CHECKING:
    from slaboard.alerts.alert import Rules

USER_VARIABLE = "SLABOARD_USER"
WEBHOOK_VARIABLE = "SLABOARD_WEBHOOK"

Check = Callable[[object], str | None]
"""What would be right instead of a value; None when it is."""


def text(value: object) -> str | None:
    """Any text."""
    return None if isinstance(value, str) else "write one text in quotes"


def flag(value: object) -> str | None:
    """Yes or no."""
    return None if isinstance(value, bool) else "write true or false, without quotes"


def seconds(value: object) -> str | None:
    """A number of seconds, 0 for never."""
    is_right = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 86_400
    return None if is_right else "write a number of seconds from 0 to 86400, without quotes"


def shown_facts(value: object) -> str | None:
    """What a wallboard may show of a ticket."""
    is_right = isinstance(value, str) and set(value.split()) <= {"customer", "title"}
    return None if is_right else 'write "customer", "title", "customer title", or "" for neither'


def hours(value: object) -> str | None:
    """Hours of the day, or none."""
    is_right = isinstance(value, str) and (not value or minutes(value) is not None)
    return None if is_right else 'write hours such as "20:00-07:00", or "" for none'


def minutes(text: str) -> tuple[int, int] | None:
    """`20:00-07:00` as minutes of the day; None where it is not so."""
    found = re.fullmatch(r"\s*([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)\s*", text, re.ASCII)
    if found is None:
        return None
    hour, minute, end_hour, end_minute = map(int, found.groups())
    both = 60 * hour + minute, 60 * end_hour + end_minute
    return both if both[0] != both[1] else None


def keys(value: object) -> str | None:
    """The keys of one action."""
    return None if isinstance(value, str) else 'write the keys as one text, such as "c" or "f5 ctrl+e"'


def zone(value: object) -> str | None:
    """A time zone by its IANA name."""
    if not isinstance(value, str):
        return text(value)
    return None if is_zone(value) else 'give the name of a zone, such as "Europe/Berlin"'


def is_zone(name: str) -> bool:
    """True for a time zone that this machine knows."""
    from zoneinfo import ZoneInfo

    try:
        return bool(ZoneInfo(name))
    except (LookupError, ValueError, OSError):  # OSError: "Europe" is a folder
        return False


class Setting(Struct, frozen=True):
    """One thing that the config file may say; sample_data/config.toml and docs/config.md explain it to people."""

    name: str
    """`theme`; a key of a table with its table, as in `alerts.bell`."""
    right: Check
    default: Any = None
    otherwise: str = ""
    """In words, what holds when nobody says and there is no default."""
    variable: str | None = None
    """The environment variable that wins over the file."""
    option: str | None = None
    """The command line's option, which wins over both."""
    is_open: bool = False
    """A table of names that people choose: `right` looks at each of its values."""
    is_private: bool = False
    """A wrong value is not told: it may be a secret that stands in the wrong place."""


SETTINGS = (
    Setting("store", text, otherwise="board.db in the user data folder", variable=STORE_VARIABLE, option="store"),
    Setting("name", text, otherwise="the login name if it is on the roster", variable=USER_VARIABLE, option="as_"),
    Setting("theme", text, "dark", option="theme"),
    Setting("timezone", zone, otherwise="this machine's"),
    Setting("shared", flag, False, option="shared"),
    Setting("mouse", flag, True),
    Setting("browser", ways.command, [], "the desktop's own"),
    Setting("reduce_motion", flag, False),
    Setting("wall.seconds", seconds, 20),
    Setting("wall.show", shown_facts, ""),
    Setting("wall.night", hours, ""),
    Setting("alerts.zones", ways.zones, "orange red"),
    Setting("alerts.quiet", hours, ""),
    Setting("alerts.bell", ways.way, True),
    Setting("alerts.tmux", ways.way, False),
    Setting("alerts.osc9", ways.way, False),
    Setting("alerts.desktop", ways.way, False),
    Setting("alerts.hook", ways.way, True),
    Setting("alerts.command", ways.command, []),
    Setting("alerts.webhook", ways.address, "", variable=WEBHOOK_VARIABLE, is_private=True),
    Setting("alerts.header", ways.header, "Authorization"),
    Setting("alerts.secret", ways.secret, "", is_private=True),
    Setting("alerts.patience", ways.patience, 10),
    Setting("keys", keys, {}, is_open=True),
)
"""Everything that the config file may say, in the order in which people read it."""
BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}
_BY_PATH: Mapping[toml.KeyPath, Setting] = {tuple(setting.name.split(".")): setting for setting in SETTINGS}
_TABLES = {setting.name.partition(".")[0] for setting in SETTINGS if "." in setting.name or setting.is_open}


class Config(Struct, frozen=True, eq=False):
    """What `config.toml` says."""

    path: Path
    said: Mapping[str, Any] = field(default_factory=dict)
    """Values by setting, only those that the file gives and that can be used."""
    problems: tuple[str, ...] = ()
    """What could not be used, with file and line: told at start and by `doctor`, never fatal."""
    lines: Mapping[toml.KeyPath, int] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        """Equal where the same is said, on whatever line."""
        if not isinstance(other, Config):
            return NotImplemented
        return (self.path, self.said, self.problems) == (other.path, other.said, other.problems)

    __hash__ = None  # type: ignore[assignment]

    def get(self, name: str) -> Any:
        """The value of the setting `name`, or its default."""
        return self.said.get(name, BY_NAME[name].default)

    @property
    def store(self) -> str | None:
        """The store's path as it is written."""
        found: str | None = self.get("store")
        return found

    @property
    def name(self) -> str | None:
        """Who acts here."""
        found: str | None = self.get("name")
        return found

    @property
    def keys(self) -> Mapping[str, str]:
        """Keys by action id, as in `[keys]`."""
        found: Mapping[str, str] = self.get("keys")
        return found

    @property
    def alerts(self) -> Rules:
        """What rings, and how."""
        from slaboard.alerts.alert import WAYS, rules

        said = {name: self.get(f"alerts.{name}") for name in ("zones", *WAYS)}
        return rules(said, minutes(self.get("alerts.quiet")))

    def line(self, table: str, name: str = "") -> int | None:
        """The line of a setting; of `name` in a table, whether its dots are quoted or not."""
        path = (*table.split("."), name) if name else tuple(table.split("."))
        return toml.line_of(self.lines, path if path in self.lines else tuple(".".join(path).split(".")))

    @property
    def theme_place(self) -> str:
        """Where the theme's name is written: `/home/ana/.config/slaboard/config.toml: line 2: `; empty when nowhere."""
        return f"{self.path}: line {self.line('theme')}: " if "theme" in self.said else ""

    @property
    def key_places(self) -> Mapping[str, str]:
        """Where each action's keys are written: `/home/ana/.config/slaboard/config.toml: line 3: `."""
        return {action: f"{self.path}: line {self.line('keys', action)}: " for action in self.keys}


class Settings(Struct, frozen=True):
    """What one board is opened with, after the command line, the environment and the config file were asked."""

    store: Path
    store_from: str = "command line"
    """Where the store's path came from, for people who wonder."""
    person: str | None = None
    """Who acts here; None when nobody said, and then the board asks once."""
    shared: bool = False
    read_only: bool = False
    theme: str = "dark"
    theme_place: str = ""
    """Where its name is written, to stand before what is wrong with it."""
    timezone: str | None = None
    """The zone instants are shown in; None for this machine's."""
    past_at: int | None = None
    mouse: bool = True
    browser: tuple[str, ...] = ()
    """The program that opens a link, with its arguments; empty for the desktop's own."""
    reduce_motion: bool = False
    """Nothing flashes."""
    is_wall: bool = False
    """It is opened as a wallboard, and nothing else."""
    is_history: bool = False
    """It is opened at the history screen."""
    wall_seconds: int = 20
    wall_show: str = ""
    wall_night: tuple[int, int] | None = None
    """From which minute of the day to which its night lasts."""
    alerts: Rules | None = None
    """What rings, and how; None for what holds where nobody says."""
    keys: Mapping[str, str] = field(default_factory=dict)
    key_places: Mapping[str, str] = field(default_factory=dict)
    """Where each action's own keys are written, to stand before what is wrong with them."""
    problems: tuple[str, ...] = ()


def load(path: Path | None = None) -> Config:
    """The config file as values; a missing one is empty, a broken one is empty and says why in `problems`."""
    path = path or config_file()
    try:
        found = toml.parse(document.read(path, named=False))
    except document.Missing:
        return Config(path)
    except document.Unreadable as error:
        return Config(path, problems=(f"{error} None of its settings is used",))
    if isinstance(found, toml.Problem):
        return Config(path, problems=(f"{path} cannot be read: {found}. None of its settings is used",))
    problems: list[toml.Problem] = []
    said = dict(_said(found, problems))
    return Config(path, said, tuple(f"{path}: {problem}" for problem in problems), found.lines)


def _said(written: toml.Written, problems: list[toml.Problem]) -> Iterator[tuple[str, Any]]:
    """Each setting that the file gives, with its value; what cannot be used goes to `problems`."""
    for path, value in _leaves(written.values):
        setting = _BY_PATH.get(path)
        if setting is not None and setting.is_open and isinstance(value, dict):
            yield setting.name, dict(_entries(setting, written, problems))
        elif right := _right(setting, path, value):
            shown = "(what it says)" if setting is not None and setting.is_private else toml.shown(value)
            what = f"{clean('.'.join(path), limit=60)} = {shown} is not used"
            problems.append(written.problem(path, what, right))
        elif setting is not None:
            yield setting.name, value


def _leaves(values: Mapping[str, Any]) -> Iterator[tuple[toml.KeyPath, Any]]:
    """The values that may be settings, each with its path: those of our closed tables one by one."""
    for key, value in values.items():
        if key in _TABLES and (key,) not in _BY_PATH and isinstance(value, dict):
            for inner, item in value.items():
                yield (key, inner), item
        else:
            yield (key,), value


def _right(setting: Setting | None, path: toml.KeyPath, value: object) -> str | None:
    """What would be right instead of `value`; None when it is."""
    if path[0] in _TABLES and len(path) == 1:
        return f"write [{path[0]}] above the lines of {path[0]}"
    return _known(path) if setting is None else setting.right(value)


def _entries(setting: Setting, written: toml.Written, problems: list[toml.Problem]) -> Iterator[tuple[str, Any]]:
    """The entries of an open table; a name may have dots, in quotes or not."""
    for key, value in written.values[setting.name].items():
        inner = value.items() if isinstance(value, dict) else [("", value)]
        for rest, item in inner:
            name = f"{key}.{rest}" if rest else key
            if right := setting.right(item):
                what = f"[{setting.name}] {clean(name, limit=60)} = {toml.shown(item)} is not used"
                problems.append(written.problem((setting.name, key, rest), what, right))
            else:
                yield name, item


def _known(path: toml.KeyPath) -> str:
    """What there is instead of a setting that nobody knows."""
    if near := get_close_matches(".".join(path)[:60], BY_NAME, n=1, cutoff=0.75):
        return f"perhaps {near[0]} is meant"
    names = [setting.name for setting in SETTINGS if not setting.is_open]
    if len(path) > 1:
        return f"there are {', '.join(name for name in names if name.startswith(f'{path[0]}.'))}"
    tables = [f"[{setting.name}]" for setting in SETTINGS if setting.is_open]
    return f"there are {', '.join(names)} and {', '.join(tables)}"


# --- where a value comes from -----------------------------------------------------------------------------------


class Held(Struct, frozen=True):
    """A setting's value as it holds, and who says so."""

    setting: Setting
    value: Any
    origin: str
    """`--theme`, `SLABOARD_STORE`, `config.toml line 3`, or `default`."""


def held(config: Config, options: Mapping[str, Any]) -> Iterator[Held]:
    """Every setting with its value: the command line's `options`, else the environment's, the file's, the default."""
    for setting in SETTINGS:
        if setting.option is not None and setting.option in options:
            yield Held(setting, options[setting.option], f"--{setting.option.rstrip('_')}")
        elif setting.variable is not None and os.environ.get(setting.variable):
            yield Held(setting, os.environ[setting.variable], setting.variable)
        elif setting.name in config.said:
            yield Held(setting, config.said[setting.name], _written(config, setting))
        else:
            yield Held(setting, setting.default, "default")


def _written(config: Config, setting: Setting) -> str:
    line = config.line(setting.name)
    return f"{config.path.name} line {line}" if line else config.path.name


def store_path(option: str | None, config: Config) -> tuple[Path, str]:
    """Which store, and who said so: --store, SLABOARD_STORE, the config file, or the user data folder."""
    if (found := nearest(option)) is not None:
        return found
    if config.store:
        return path_of(config.store, str(config.path)), str(config.path)
    return default(), "the user data folder"


def person(option: str | None, config: Config, team: tuple[str, ...] = ()) -> str | None:
    """Who acts: --as, SLABOARD_USER, the config file, or the login name if it is on the roster; else None."""
    for text in (option, os.environ.get(USER_VARIABLE), config.name):
        if text:
            return cap(text)
    login = os.environ.get("USER") or os.environ.get("LOGNAME") or ""
    return next((name for name in team if name.lower() == login.lower()), None) if login else None
