"""`slaboard completion`: the script that makes a shell complete our words, and our end of it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import ClassVar

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, split_arg_string

HARMLESS = re.compile(r"(?:--?)?\w[\w .'/-]*\Z")
"""What may go to a shell at all, whoever offers it: no shell has a use for any of these but the blank and apostrophe,
and the scripts quote those."""

_BASH = r"""# slaboard: completion for bash 4.4 and newer.
_slaboard_complete() {
    local kind value _help word=${COMP_WORDS[COMP_CWORD]} IFS=$'\n'
    COMPREPLY=()
    while IFS=$'\t' read -r kind value _help; do
        case $kind in
        file) compopt -o default ;;
        plain)
            case $word in
            \"* | \'*) [[ $value == *\'* ]] || COMPREPLY+=("$value") ;;
            *) printf -v value '%q' "$value" && COMPREPLY+=("$value") ;;
            esac
            ;;
        esac
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD _SLABOARD_COMPLETE=bash_complete \
        command slaboard 2>/dev/null)
}
complete -o nosort -F _slaboard_complete slaboard
"""
_ZSH = r"""#compdef slaboard
# slaboard: completion for zsh.
_slaboard() {
    local kind value help
    local -a values shown
    while IFS=$'\t' read -r kind value help; do
        case $kind in
        file) _files ;;
        plain) values+=("$value") shown+=("$value${help:+  -- $help}") ;;
        esac
    done < <(COMP_WORDS="${(pj:\n:)words}" COMP_CWORD=$((CURRENT - 1)) _SLABOARD_COMPLETE=zsh_complete \
        command slaboard 2>/dev/null)
    (( $#values )) && compadd -U -V slaboard -l -d shown -a values
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _slaboard "$@"
else
    compdef _slaboard slaboard
fi
"""
_FISH = r"""# slaboard: completion for fish 3.1 and newer.
function __slaboard_complete
    set -l words (commandline -opc | string collect)
    set -l current (commandline -ct)
    COMP_WORDS=$words COMP_CWORD="$current" _SLABOARD_COMPLETE=fish_complete \
        command slaboard 2>/dev/null | while read -l -d \t kind value help
        switch $kind
            case file
                __fish_complete_path $current
            case plain
                printf '%s\t%s\n' $value $help
        end
    end
end
complete --no-files --keep-order --command slaboard --arguments '(__slaboard_complete)'
"""
SCRIPTS: Mapping[str, str] = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(SCRIPTS)))
def completion(shell: str) -> None:
    """Print the script that completes our words in a shell."""
    click.echo(SCRIPTS[shell], nl=False)


class _Ours(ShellComplete):
    """Our end: words in, a line each out as kind, value and help, parted by tabs."""

    source_template: ClassVar[str] = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is being typed, and that one so far."""
        words = [_unquoted(word) for word in os.environ["COMP_WORDS"].split("\n")]
        place = int(os.environ["COMP_CWORD"])
        incomplete = words[place] if place < len(words) else ""
        # bash parts --store=x.db into three words.
        return [word for word in words[1:place] if word != "="], "" if incomplete == "=" else incomplete

    def format_completion(self, item: CompletionItem) -> str:
        """One line; empty for what no shell may see."""
        if item.type != "plain":
            return str(item.type)
        if not HARMLESS.match(item.value):
            return ""
        return f"plain\t{item.value}\t{' '.join((item.help or '').split())}"


class _Bash(_Ours):
    name = "bash"


class _Zsh(_Ours):
    name = "zsh"


class _Fish(_Ours):
    name = "fish"

    def get_completion_args(self) -> tuple[list[str], str]:
        """fish has unquoted the words before, and gives the one that is being typed as it stands there."""
        return os.environ["COMP_WORDS"].split("\n")[1:], _unquoted(os.environ["COMP_CWORD"])


def _unquoted(word: str) -> str:
    """A word of a command line without its quotes, closed or not."""
    return next(iter(split_arg_string(word)), "")


def answer_shells() -> None:
    """Answer bash, zsh and fish in our way instead of click's."""
    for shell in (_Bash, _Zsh, _Fish):
        add_completion_class(shell)
