"""`pujiang completion SHELL`: a script that completes commands, options, keys and names with the tab key.

The script asks this command what may follow: `pujiang completion words LINE`, LINE being what is typed so far.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

from pujiang.commands import model_of, say
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
    from pujiang.configuration.keys import GROUPS, LEVER, RUN, SHORT, SWEEP

    model = model_of(arguments)
    if command == "describe":
        system = model.system
        return [*system.variables, *system.parameters, *system.levers, *model.options("scenario")]
    key, equals, _ = typed.partition("=")
    if key in GROUPS and equals:
        before = typed.rpartition(",")[0]
        start = f"{before}," if before else "scenario=" if key == "scenario" else f"{key}="
        return [f"{start}{name}" for name in model.options(key)]
    options = {**RUN, **SWEEP} if command in ("sweep", "sensitivity") else RUN
    if equals:
        found = options.get(SHORT.get(key, key))
        words = () if found is None else found.words
        return [f"{key}={word}" for word in words]
    levers = [f"levers.{name}{end}" for name in model.system.levers for end in ("=", *(f".{part}=" for part in LEVER))]
    parameters = [f"parameters.{name}=" for name in model.system.parameter_names]
    return [*(f"{name}=" for name in (*GROUPS, *SHORT, *options)), *levers, *parameters]


def _runs() -> list[str]:
    from pujiang.results.run_folder import runs

    return ["latest", *(path.name for path in runs(Path("runs")))]


def _starting(words: Iterable[str], typed: str) -> list[str]:
    return [word for word in dict.fromkeys(words) if word.startswith(typed)]
