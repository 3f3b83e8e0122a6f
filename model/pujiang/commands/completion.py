"""`pujiang completion SHELL`: a script that completes commands, options, keys and names with the tab key.

The script asks this command what may follow: `pujiang completion words LINE`, LINE being what is typed so far.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

from pujiang.commands import answers_of, say
from pujiang.configuration.folders import group_files
from pujiang.errors import InputError, nearest

BASH = """\
_pujiang() {
    local typed="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" IFS=$'\\n'
    local whole="${typed##*[[:space:]]}"
    local fixed="${whole%"$word"}"
    COMPREPLY=($(pujiang completion words "$typed" 2>/dev/null))
    COMPREPLY=("${COMPREPLY[@]#"$fixed"}")
    [[ ${COMPREPLY[0]} == *[=.] ]] && compopt -o nospace
}
complete -o default -F _pujiang pujiang
"""
SCRIPTS = {
    "bash": BASH,
    "zsh": f"autoload -Uz bashcompinit && bashcompinit\n{BASH}",
    "fish": "complete -c pujiang -a '(pujiang completion words (commandline -cp) 2>/dev/null)'\n",
}
USE = {
    "bash": 'eval "$(pujiang completion bash)"  in ~/.bashrc',
    "zsh": 'eval "$(pujiang completion zsh)"  in ~/.zshrc',
    "fish": "pujiang completion fish | source  in ~/.config/fish/config.fish",
}
OF_RUNS = ("compare", "report", "page", "show", "sensitivity")


def main(arguments: argparse.Namespace) -> int:
    """Status 0."""
    words = arguments.words
    if words and words[0] == "words":
        for candidate in candidates(arguments, " ".join(words[1:])):
            say(candidate)
        return 0
    if len(words) != 1 or words[0] not in SCRIPTS:
        found = " ".join(words) or "nothing"
        raise InputError(f"completion: found '{found}', allowed: {', '.join(SCRIPTS)}{nearest(found, SCRIPTS)}")
    say(f"# {USE[words[0]]}")
    say(SCRIPTS[words[0]].rstrip())
    return 0


def candidates(arguments: argparse.Namespace, line: str) -> list[str]:
    """What the last word of a line may become."""
    options: dict[str, tuple[str, ...]] = arguments.options
    typed = line.split(" ")
    command = next((word for word in typed[1:-1] if word in options), None)
    if command is None:
        return _starting(options, typed[-1])
    if typed[-1].startswith("-"):
        return _starting(options[command], typed[-1])
    if command == "list":
        return _starting(arguments.lists, typed[-1])
    if command == "completion":
        return _starting(SCRIPTS, typed[-1])
    runs = _runs() if command in OF_RUNS or typed[-2] in ("--from", "--baseline") else []
    return _starting([*runs, *_settings(arguments, command, typed[-1])], typed[-1])


def _settings(arguments: argparse.Namespace, command: str, typed: str) -> Iterable[str]:
    told = answers_of(arguments)
    if command == "describe":
        return [*told.descriptions, *group_files("scenario", [Path(told.configs)])]
    key, equals, _ = typed.partition("=")
    if key in ("scenario", "shock") and equals:
        start = typed[: max(typed.rfind(","), len(key)) + 1]
        return [f"{start}{name}" for name in group_files(key, [Path(told.configs)])]
    settings = told.settings["sweep" if command in ("sweep", "sensitivity") else "run"]
    return [f"{key}={word}" for word in settings.get(key, ())] if equals else [f"{name}=" for name in settings]


def _runs() -> list[str]:
    from pujiang.results.finding import runs

    return ["latest", *(path.name for path in runs(Path("runs")))]


def _starting(words: Iterable[str], typed: str) -> list[str]:
    return [word for word in dict.fromkeys(words) if word.startswith(typed)]
