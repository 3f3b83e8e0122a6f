"""The command `pujiang`: arguments in, one function of `pujiang.commands` called, a status out.

Status 0: done. 1: it failed (a certificate or a check not passed). 2: bad input, said in one line.
Nothing heavy is imported before a command needs it.
"""

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn, TextIO

from pujiang.errors import InputError, ModelError, nearest
from pujiang.terminal import forgive_encodings
from pujiang.values import path, readable, shown

COMMANDS = {
    "run": "run scenarios side by side, beside the baseline",
    "sweep": "run many points as one batch: grids, samples, files of points",
    "sensitivity": "what carries the bands, which levers move what; on request Morris, Sobol' indices",
    "compare": "compare runs: differences, and the probability of reaching each goal",
    "explain": "why two trajectories differ: by lever, and along which pathways",
    "loops": "the feedback loops, with the gain of each as it is measured",
    "report": "one HTML file on runs, to read, print and hand on",
    "page": "one HTML file in which the model runs, with levers to move",
    "calibrate": "fit the model to the observations, and draw from its posterior",
    "hindcast": "fit to past years' data, and see how well what came was foretold",
    "describe": "what a variable, parameter, lever, series or scenario is; all of them; every key",
    "docs": "write the documentation that is generated from the model",
    "list": "scenarios, shocks, levers, parameters, outcomes, runs",
    "show": "the results of a run",
    "export": "the model, or a sector, in formats other tools open",
    "completion": "tab completion for bash, zsh and fish",
    "check": "units, loops, conservation, extreme conditions",
}
QUICK = ("list", "describe", "completion")
"""Whatever else is asked takes a second or longer, and says so at once on a terminal, before anything is loaded."""
TRACEBACK = "PUJIANG_TRACEBACK"
"""Set in the environment, it lets the traceback of an unforeseen error through."""

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "1")
"""NumPy's linear algebra on one thread, unless the user says otherwise: our matrices are small, and its threads spin
between them (a fifth of a run's processor time, and a fit takes a third longer). The kernel has threads of its own."""

PATHS = ("FOLDER", "DIR", "FILE", "RUN")
"""What an option takes that is a path: checked before anything looks for it."""

LISTS = ("scenarios", "shocks", "levers", "parameters", "outcomes", "runs")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, like every other fault."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{self.prog}: {message}")


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    return parsers()[""]


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command by its name, and that of the whole under ""."""
    top = _Parser(
        prog="pujiang",
        description="System-dynamics scenarios: run, compared, explained, and how sure one may be of them.",
        epilog="'pujiang COMMAND --help' says more. 'pujiang list' says what there is to run.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="store_true", help="print the version")
    top.add_argument(
        "--project",
        metavar="FOLDER|FILE",
        help="another model: the folder of its package, or a file of XMILE or Vensim (see PUJIANG_PROJECT);"
        " model=FILE among the words is the same",
    )
    subparsers = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    made = {
        name: subparsers.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False)
        for name, text in COMMANDS.items()
    }
    words: dict[str, Any] = {"nargs": "*", "metavar": "KEY=VALUE"}
    config_dir: dict[str, Any] = {
        "metavar": "DIR",
        "help": "a folder of your own scenarios, searched before the shipped ones",
    }

    made["run"].add_argument("words", **words, help="settings, such as scenario=a,b or levers.NAME.target=1.0")
    made["run"].add_argument(
        "--from", dest="source", metavar="RUN", help="repeat this run; with settings, changed by them"
    )
    made["run"].add_argument("--cfg", choices=["job"], help="print the resolved configuration, and run nothing")
    made["run"].add_argument("--config-dir", **config_dir)

    made["sweep"].add_argument(
        "words", **words, help="settings, with several values for what varies: a=range(0,1.01,0.1) b=1,2 design=lhs"
    )
    made["sweep"].add_argument("--from", dest="source", metavar="RUN", help="repeat this sweep")
    made["sweep"].add_argument("--resume", metavar="DIR", help="resume an interrupted sweep: <id>.partial")
    made["sweep"].add_argument("--yes", action="store_true", help="start a sweep that may not fit on the disk")
    made["sweep"].add_argument("--config-dir", **config_dir)

    made["sensitivity"].add_argument(
        "words", nargs="*", metavar="RUN|KEY=VALUE", help="a sweep or run, or settings as for sweep; methods=[...]"
    )
    made["sensitivity"].add_argument("--config-dir", **config_dir)
    made["sensitivity"].add_argument("--ship", action="store_true", help="ship what carries bands (source checkout)")

    made["compare"].add_argument(
        "words",
        nargs="*",
        metavar="RUN",
        help="run folders, ids, latest; parts of them: RUN:SCENARIO, RUN:LEVER=0.4",
    )
    made["compare"].add_argument("--baseline", metavar="RUN", help="the run, or RUN:SCENARIO, others are held against")
    made["compare"].add_argument("--year", type=int, help="the year to show (default: the last)")
    made["compare"].add_argument("--outcome", nargs="+", action="extend", metavar="NAME", help="outcomes to compare")
    made["compare"].add_argument(
        "--why", action="store_true", help="say why each differs: where the difference comes from, and how it travels"
    )
    made["compare"].add_argument("--out", metavar="FOLDER", help="write the tables, for all years, and a figure")

    made["explain"].add_argument(
        "words",
        nargs="*",
        metavar="RUN|KEY=VALUE",
        help="A and B, or B alone beside its baseline: RUN:SCENARIO, latest:SCENARIO; or settings, scenario=a,b;"
        " model=FILE model=FILE: the models of A and B",
    )
    made["explain"].add_argument("--outcome", nargs="+", action="extend", metavar="NAME", help="outcomes to explain")
    made["explain"].add_argument("--year", type=int, help="the year to explain (default: the last)")
    made["explain"].add_argument(
        "--group",
        nargs="+",
        action="extend",
        metavar="GROUP",
        help="levers taken together: sector, theme (as on the page with levers), or NAME=LEVER,LEVER",
    )
    made["explain"].add_argument(
        "--variable", nargs="+", action="extend", metavar="NAME", help="draw strips of the causes of these (with --out)"
    )
    made["explain"].add_argument(
        "--hold", nargs="+", action="extend", metavar="NAME", help="what is lost where these stay as they are in A"
    )
    made["explain"].add_argument("--ensemble", metavar="N", help="members beside the central one (default: as run)")
    made["explain"].add_argument(
        "--orders", type=int, help="pairs of orders to draw (default: all, up to 12 differences)"
    )
    made["explain"].add_argument("--lang", choices=["en", "zh"], default="en", help="the language (default: en)")
    made["explain"].add_argument("--out", metavar="FOLDER", help="write text, tables and pictures into a new folder")
    made["explain"].add_argument("--folder", default="runs", metavar="DIR", help="where runs are (default: runs)")
    made["explain"].add_argument("--config-dir", **config_dir)

    made["loops"].add_argument("words", **words, help="settings, such as scenario=a,b")
    made["loops"].add_argument("--config-dir", **config_dir)

    made["report"].add_argument(
        "words", nargs="*", metavar="RUN", help="run folders, ids, latest (the default), or parts: RUN:SCENARIO"
    )
    made["report"].add_argument("--out", metavar="FILE", help="the file to write (default: reports/ID.html)")
    made["report"].add_argument("--title", metavar="TEXT", help="the title of the report")
    made["report"].add_argument("--question", metavar="TEXT", help="the question it answers")
    made["report"].add_argument("--lang", choices=["en", "zh"], help="its language (default: that of the run)")
    made["report"].add_argument("--force", action="store_true", help="replace a file with other content")
    made["report"].add_argument("--folder", default="runs", metavar="DIR", help="where runs are (default: runs)")

    made["page"].add_argument(
        "words", nargs="*", metavar="RUN", help="run folders or ids whose scenarios, fit and members it takes"
    )
    made["page"].add_argument("--out", metavar="FILE", help="the file to write (default: PROJECT.html)")
    made["page"].add_argument("--title", metavar="TEXT", help="the title of the page")
    made["page"].add_argument(
        "--members", type=int, metavar="N", help="members of the ensemble (default: 200, or the runs')"
    )
    made["page"].add_argument("--lang", choices=["en", "zh"], default="en", help="its language at first")
    made["page"].add_argument("--force", action="store_true", help="replace a file with other content")
    made["page"].add_argument("--folder", default="runs", metavar="DIR", help="where runs are (default: runs)")

    made["calibrate"].add_argument(
        "words", **words, help="evidence, engine, fit (to start from), simulation.dt, cluster …"
    )
    made["calibrate"].add_argument("--ship", action="store_true", help="make it the shipped fit (source checkout)")
    made["calibrate"].add_argument("--resume", metavar="DIR", help="resume an interrupted calibration: <id>.partial")

    made["calibrate"].add_argument(
        "--profile", nargs="+", action="extend", metavar="NAME", help="parameters to draw the profile of"
    )

    made["hindcast"].add_argument("words", **words, help="evidence, engine, ensemble.seed, cluster")
    made["hindcast"].add_argument("--cutoff", nargs="+", action="extend", metavar="YEAR", help="years to fit up to")
    made["hindcast"].add_argument("--resume", metavar="DIR", help="resume an interrupted hindcast: <id>.partial")
    made["hindcast"].add_argument("--ship", action="store_true", help="ship its record and sizes (source checkout)")

    made["describe"].add_argument("words", nargs="*", metavar="NAME", help="what to describe")
    made["describe"].add_argument("--all", action="store_true", help="every variable, in the order of the model")
    made["describe"].add_argument("--html", metavar="FILE", help="with --all: write it as one HTML page")
    made["describe"].add_argument("--parameters", action="store_true", help="the table of parameters")
    made["describe"].add_argument("--keys", action="store_true", help="every key of the configuration")
    made["describe"].add_argument("--config-dir", **config_dir)

    made["docs"].add_argument("words", nargs="*", help=argparse.SUPPRESS)
    made["docs"].add_argument("--out", metavar="FOLDER", help="where to write (default: docs)")

    made["list"].add_argument("words", nargs="*", metavar="WHAT", help=", ".join(LISTS))
    made["list"].add_argument("--folder", default="runs", metavar="DIR", help="where runs are (default: runs)")
    made["list"].add_argument("--config-dir", **config_dir)

    made["show"].add_argument("words", nargs="*", metavar="RUN", help="a run folder, an id, or latest (the default)")
    made["show"].add_argument("--folder", default="runs", metavar="DIR", help="where runs are (default: runs)")

    made["export"].add_argument("words", **words, help="settings of one scenario, as for run; iamc: a run")
    made["export"].add_argument(
        "--format", default="xmile", metavar="FORMAT", help="xmile (the default), mermaid, dot, svg, iamc"
    )
    made["export"].add_argument("--sector", metavar="NAME", help="only this sector; what it reads is given")
    made["export"].add_argument("--around", metavar="NAME", help="diagrams: what stands around this variable")
    made["export"].add_argument("--loop", metavar="CODE", help="diagrams: one feedback loop, such as R1")
    made["export"].add_argument("--arrays", action="store_true", help="xmile: dimensions as arrays, for Stella, Simlin")
    made["export"].add_argument(
        "--exact-delays", action="store_true", help="xmile: fixed delays as stocks, step by step"
    )
    made["export"].add_argument("--out", metavar="FILE", help="the file to write (default: print)")
    made["export"].add_argument("--config-dir", **config_dir)
    made["completion"].add_argument("words", nargs="*", metavar="SHELL", help="bash, zsh or fish")

    made["check"].add_argument("words", **words, help="evidence, engine, fit")
    made["check"].add_argument(
        "--posterior", action="store_true", help="whether fits of simulated data find what made them: a minute a world"
    )
    made["check"].add_argument("--worlds", metavar="N", default="20", help="worlds simulated (default: 20)")
    return {"": top, **made}


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """Read the command line; options and words may stand in any order.

    Raises:
        InputError: an unknown command or option, with the nearest there is.
    """
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    first.add_argument("--project")
    try:
        for place, word in enumerate(argv, 1):
            readable(word, f"argument {place}")
        before, words = first.parse_known_args(argv)
    except argparse.ArgumentError as error:
        raise InputError(f"pujiang: {error}") from None
    command = next((word for word in words if not word.startswith("-")), None)
    if command is not None and command not in COMMANDS:
        raise InputError(
            f"{shown(command)}: unknown command; allowed: {', '.join(COMMANDS)}{nearest(command, COMMANDS)}"
        )
    known = parsers()
    found, rest = known[""].parse_known_args(words)
    options = known[command or ""]._option_string_actions
    for word in rest:
        if word in ("-m", "--multirun"):
            raise InputError(f"'{word}': several values are run by 'pujiang sweep', and scenario=a,b by 'pujiang run'")
        if word.startswith("-"):
            raise InputError(
                f"{shown(word)}: unknown option (see 'pujiang {command or ''} --help'){nearest(word, options)}"
            )
        if not hasattr(found, "words"):
            raise InputError(f"{shown(word)}: 'pujiang {command}' takes options alone")
        found.words.append(word)
    found.models = [word.removeprefix("model=") for word in getattr(found, "words", ()) if word.startswith("model=")]
    found.project = found.models[-1] if found.models else before.project
    if found.models:
        found.words = [word for word in found.words if not word.startswith("model=")]
    for action in (*known[""]._actions, *known[command or ""]._actions):
        value = getattr(found, action.dest, None)
        if action.option_strings and action.metavar in PATHS and value is not None:
            path(value, action.option_strings[0])
    found.argv = list(argv)
    found.options = {name: tuple(known[name]._option_string_actions) for name in COMMANDS}
    found.lists = LISTS
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status."""
    forgive_encodings()
    os.environ.setdefault(*ONE_THREAD)
    try:
        found = arguments(sys.argv[1:] if argv is None else argv)
        if found.version:
            import pujiang

            print(f"pujiang {pujiang.__version__}")
            return 0
        if found.command is None:
            parser().print_help()
            return 0
        if found.command not in QUICK and sys.stderr.isatty():
            print(f"pujiang {found.command}: {COMMANDS[found.command]} ...", file=sys.stderr, flush=True)
        with warnings.catch_warnings():
            warnings.showwarning = _warn
            status: int = import_module(f"pujiang.commands.{found.command}").main(found)
        sys.stdout.flush()
        return status
    except (InputError, ModelError) as error:
        print(f"pujiang: {error}", file=sys.stderr)
        return 2 if isinstance(error, InputError) else 1
    except KeyboardInterrupt:
        print("pujiang: stopped; nothing is left half-written", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read the output has seen enough; keep the interpreter from complaining when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        if TRACEBACK in os.environ:
            raise
        if isinstance(error, OSError) and error.filename is not None:
            print(f"pujiang: cannot use '{error.filename}': {error.strerror}", file=sys.stderr)
            return 2
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        print(f"pujiang: a fault in pujiang itself: {reason} ({TRACEBACK}=1 shows where)", file=sys.stderr)
        return 1


def _warn(
    message: Any,
    category: Any,
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    print(f"pujiang: warning: {message}", file=sys.stderr)
