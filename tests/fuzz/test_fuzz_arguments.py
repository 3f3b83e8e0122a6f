"""Is every command line answered as promised: in one line where it is wrong, whatever is written?"""

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import strategies as st

from pujiang.cli import COMMANDS

KIND = "arguments"
SOURCE_ROOT = Path(__file__).parents[2] / "model"

NASTY = [
    "", " ", "=", "==", "a=", "=a", "~a", "+a=1", "a@b=1", "--", "-", "-1", "--bogus", "-h=", "${x}",
        "a=${oc.env:HOME}",
    "\n", "a\nb=1", "\t", "\x00", "a=\x00", "\udc80", "a=\udc80", "上海", "été=1", "🙂=🙂", "null", "true", "a=null",
        "1e999",
    "a=1e999", "a=nan", "a=inf", "a=[", "a={", "a=]", "a={a:{b:", "a=(", "a='", 'a="', "a=\\", "a=[1,2",
        "a=range(0,1)",
    "a=range(0,1,0)", "a=range(0,1e9,1e-9)", "a=range(nan,1,1)", "a=interval(1,0)", "a=choice(1,2)", "a=glob(*)",
    "a=shuffle(1,2)", "a=sort(3,1)", "a=tag(x,1)", "a=int(1.5)", "x" * 300, "x" * 5000, "a/" * 800,
        "a=" + "x" * 60_000,
    "a=" + "[" * 100_000, "a=" + "{a:" * 5_000, "a=" + ",".join("1" * 3000), "../" * 500, "/dev/zero", "/dev/null",
        "/proc/self/mem",
    "latest:" + "a=1," * 300, "latest:::", ":", "C:\\x", "~", "~root", "*", "?", ".", "..", "/", "runs", "latest",
        "none",
]  # fmt: skip
KEYS = [
    "scenario", "shock", "levers", "parameters", "levers.purchases_a_year", "levers.purchases_a_year.target",
    "levers.purchases_a_year.start", "levers.purchases_a_year.end", "levers.purchases_a_year.shape",
    "levers.purchases_a_year.from", "levers.purchases_a_year.path", "parameters.wear_rate",
    "parameters.loans_of_reader",
    "parameters.share_of_branch", "parameters.share_of_branch.north", "ensemble", "ensemble.size", "ensemble.seed",
    "ensemble.kind", "simulation", "simulation.dt", "simulation.last_year", "simulation.method",
    "simulation.save_every",
    "fit", "evidence", "engine", "output", "output.folder", "output.figures", "output.lang", "output.outcomes",
    "output.precision", "design", "design.size", "design.seed", "design.file", "methods", "morris.size", "sobol.size",
    "sobol.inputs", "seed", "level", "lever.x", "a.b.c.d", ".", "..",
]  # fmt: skip
VALUES = [
    "baseline", "more_books", "freeze", "none", "0", "1", "2", "-1", "0.05", "0.1", "800", "1e3", "2026", "2026-02",
    "2030", "2060", "9999", "0.0625", "0.083333", "rk4", "euler", "step", "ramp", "pulse", "true", "false", "null",
    "[]",
    "{}", "[1]", "{a: 1}", "[{time: 2026, value: 3}]", "[{time: x}]", "laplace", "prior", "bounds", "shipped",
    "declared", "auto", "kernel", "reference", "en", "zh", "xx", "grid", "lhs", "sobol", "saltelli", "morris", "csv",
    "float32", "[loans]", "[nobody]", "loans", "1,2", "more_books,baseline", "range(0,900,300)", "interval(0,900)",
    "range(0,1,1e-7)", "10000000", "100000000000000000000", "4294967296", "0x10", "010", "1_000", ".5", "5.", "+3",
]  # fmt: skip
OPTIONS = [
    "--cfg", "job", "--from", "latest", "--config-dir", ".", "--resume", "--yes", "--baseline", "--year", "2028",
    "--outcome",
    "loans", "--out", "--title", "--question", "--lang", "zh", "--force", "--folder", "--all", "--html",
    "--parameters",
    "--keys", "--version", "--help", "--project", "--ship", "--cfg=job", "--year=x", "--lang=xx", "--out=/", "--out=",
]  # fmt: skip

junk = st.one_of(st.sampled_from(NASTY), st.text(max_size=12), st.text("[]{}(),:='\"\\$ab1.- ", max_size=20))
setting = st.builds(
    lambda key, sign, value: f"{key}{sign}{value}",
    st.sampled_from(KEYS),
    st.sampled_from(["=", "=", "=", "=", " = ", "==", ":"]),
    st.one_of(st.sampled_from(VALUES), st.sampled_from(VALUES), junk),
)
word = st.one_of(
    setting, setting, setting, junk, st.sampled_from(OPTIONS), st.sampled_from(["loans", "latest", "runs"])
)
# What would only run and draw, again and again, is asked for its configuration instead, mostly.
ends = st.sampled_from([[], ["--cfg", "job"], ["--cfg", "job"], ["output.figures=false", "ensemble=1"]])
lines = st.builds(
    lambda command, words, end: [*command, *words, *(end if command == ["run"] else [])],
    st.one_of(
        st.sampled_from([[name] for name in COMMANDS if name != "docs"]),
        st.sampled_from([["run"], ["run"], ["sweep"], ["sensitivity"], ["compare"], []]),
        st.lists(junk, min_size=1, max_size=1),
    ),
    st.lists(word, max_size=4),
    ends,
)


def test_is_every_command_line_answered(cases, ask, command) -> None:
    ask(lines, cases, command)


PROCESSES = {40: 2, 1000: 200}


def test_is_every_process_answered(cases, ask, home, answered) -> None:
    """The same from outside: a status, no traceback."""

    def asked(words: list[str]) -> str | None:
        if any("\0" in word or len(word) > 100_000 for word in words):
            return None  # no system passes them on
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pujiang", *(os.fsencode(word) for word in words)],
                env={**os.environ, "PYTHONPATH": str(SOURCE_ROOT)},
                capture_output=True,
                timeout=20,
                cwd=home,
            )
        except subprocess.TimeoutExpired as error:  # a study that was asked for may take long, once it has said so
            return None if error.stdout or error.stderr else "not a word in 20 s"
        return answered(done.returncode, done.stderr.decode("utf-8", "replace"))

    ask(lines, PROCESSES[cases], asked)
