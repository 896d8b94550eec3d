"""One line being typed: what an editing key makes of it."""

from __future__ import annotations

Line = tuple[str, int]
"""The text, and how many of its characters stand behind the caret."""


def edited(text: str, back: int, key: str, character: str | None) -> Line | None:
    """The line after an editing key or a printable character; None for any other key."""
    back = min(max(0, back), len(text))
    before, behind = text[: len(text) - back], text[len(text) - back :]
    if (there := _moved(before, behind, key)) is not None:
        return text, there
    if key in ("backspace", "ctrl+h"):
        return before[:-1] + behind, back
    if key in ("delete", "ctrl+d"):
        return before + behind[1:], max(0, back - 1)
    if key == "ctrl+u":
        return behind, back
    if key == "ctrl+k":
        return before, 0
    if key == "ctrl+w":
        kept = before.rstrip()
        return kept[: kept.rfind(" ") + 1] + behind, back
    if character is not None and character.isprintable():
        return before + character + behind, back
    return None


def _moved(before: str, behind: str, key: str) -> int | None:
    """How many characters stand behind the caret after a key that moves it, None for others."""
    whole = len(before) + len(behind)
    if key in ("left", "ctrl+b"):
        return min(len(behind) + 1, whole)
    if key in ("right", "ctrl+f"):
        return max(len(behind) - 1, 0)
    if key == "ctrl+left":
        return whole - (before.rstrip().rfind(" ") + 1)
    if key == "ctrl+right":
        blanks = len(behind) - len(behind.lstrip())
        end = behind.find(" ", blanks)
        return len(behind) - end if end >= 0 else 0
    if key in ("home", "ctrl+a"):
        return whole
    return 0 if key in ("end", "ctrl+e") else None


def pasted(text: str, back: int, more: str) -> Line:
    """The line with `more` at its caret."""
    at = len(text) - min(max(0, back), len(text))
    return text[:at] + more + text[at:], back
