"""What strangers write, and what may come out of the program instead."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import strategies as st

NASTY = (
    "\x1b[2J\x1b[1;1H cleared",
    "\x1b]0;owned\x07 title",
    "\x1b]52;c;b3duZWQ=\x07 clipboard",
    "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1bP+q544e\x1b\\ dcs",
    "\x1b_Gf=24;AAAA\x1b\\ apc",
    "\x9b31m\x90q\x9c c1",
    "\x05\x07\x08\x0e\x0f\x7f\0 c0",
    "one\ttwo\nthree\r\nfour\x0b\x0c\x85\u2028\u2029five",
    "safe\u202egnp.exe\u2066\u2069\u200f\u061c",
    "T\u200b-\u00ad1\u2060\u180e\ufeff",
    "tags\U000e0001\U000e0041\U000e007f",
    "\ufe0f\U000e0100 selectors \u2764\ufe0f",
    "z\u0335\u0321\u0328\u034d\u0324" + "\u0301" * 60,
    "\u0301 begins with a mark",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308 \U0001f1e9\U0001f1ea",
    "漢字" * 40,
    "ﷺ\U00012434 very wide",
    "\u1112\u1161\u11ab \uac01 \u0958",
    "[bold]x[/bold] [/] [@click=app.quit]now[/] [link=http://evil.example]",
    "$(touch pwned) `touch pwned` ; rm -rf / | cat & {a,b}",
    "#(touch pwned) #[fg=red] #{pane_pid} ##",
    "%s %d %n %(id)s {0} {ticket.id} {{x}} %C3%28",
    "Robert'); DROP TABLE tickets;--",
    "' OR '1'='1' UNION SELECT text FROM policies --",
    '" OR ""="',
    "\\'; ATTACH DATABASE 'pwned.db' AS x; --",
    '%_\\ [a-z]* "NEAR" (a) OR b*',
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＋1 ﹣1 ＠x",
    "a;=1+1;@x",
    '"=1+1"',
    '","=1+1',
    "<script>alert(1)</script> &lt; <!--",
    "../../etc/passwd",
    "nan",
    "1e400",
    "null",
    " ",
    "x" * 70_000,
    "\U0010ffff\ufdd0\uffff\ue000",
    "~user ${HOME} ~/x",
    "-",
    "--all",
    "#1",
)
"""Each breaks something that was not careful; all of them are text that UTF-8 can write."""
SURROGATES = ("\ud800 lone", "\udc80\udcff bytes", "\ude00\ud83d swapped")

ANY = st.text(st.characters(codec="utf-8"), max_size=40)
"""Every character that UTF-8 can write."""
_SHORT = [text for text in NASTY if len(text) < 1_000]
_PIECES = st.sampled_from(_SHORT).map(lambda text: text[:40])
TEXTS = ANY | st.sampled_from(_SHORT) | st.lists(ANY | _PIECES, max_size=3).map("".join)

_HIDDEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]")


def harmful(output: str) -> set[str]:
    """The characters of `output` that a terminal would act on or that hide something; line ends are ours."""
    controls = {char for char in output if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")} - {"\n"}
    return controls | set(_HIDDEN.findall(output))


_FORMULA = re.compile(r"[\s\"\u200c\u200d\ufe00-\ufe0f]*[=+\-@\u2212\uff1d\uff0b\uff0d\uff20\ufe62-\ufe66\ufe6b]")
_NUMBER = re.compile(r"-?\d+\Z")


def is_formula(cell: str) -> bool:
    """True when a spreadsheet would run a cell, or a part of it where semicolons part cells; a number is none."""
    if _NUMBER.match(cell):
        return False
    return cell[:1] in ("\t", "\r") or any(_FORMULA.match(part) for part in cell.split(";"))
