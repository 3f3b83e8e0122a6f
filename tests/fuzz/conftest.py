"""What every fuzz test asks: is a case answered as promised, whatever it is?

Promised are: status 0, 1 or 2; what is wrong in one line; no traceback, no fault of the program itself; an answer
within `LONGEST` seconds; and, where a command ends with status 2, nothing left behind. Cases are drawn by
hypothesis, always the same ones. The numbers of cases are here; the long ones are run by `make slow`.
"""

import contextlib
import io
import os
import shutil
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

import pujiang
from pujiang.cli import main
from pujiang.errors import InputError, ModelError

QUICK = {"arguments": 40, "yaml": 50, "evidence": 30, "folders": 30, "python": 120}
LONG = {"arguments": 1000, "yaml": 1000, "evidence": 600, "folders": 800, "python": 2000}
LONGEST = 20.0
LIBRARY = Path(__file__).parents[1] / "library"

Question = Callable[[Any], str | None]
"""What is wrong with the answer to a case; None where it is as promised."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `cases` runs with few of them, and, as a slow one, with many."""
    if "cases" in metafunc.fixturenames:
        kind = metafunc.module.KIND
        long = pytest.param(LONG[kind], id="long", marks=pytest.mark.slow)
        metafunc.parametrize("cases", [pytest.param(QUICK[kind], id="quick"), long])


@pytest.fixture
def ask() -> Callable[[SearchStrategy[Any], int, Question], None]:
    """Fail where cases, of so many drawn, are not answered as promised; all of them are told."""

    def found(strategy: SearchStrategy[Any], cases: int, question: Question) -> None:
        wrong: list[str] = []

        @settings(
            max_examples=cases,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def asked(case: Any) -> None:
            start = time.process_time()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                fault = question(case)
            taken = time.process_time() - start
            if taken > LONGEST:
                fault = f"took {taken:.0f} s"
            if fault is not None:
                wrong.append(f"{repr(case)[:400]}: {fault}")

        asked()
        if wrong:
            pytest.fail(f"{len(wrong)} of {cases} cases:\n" + "\n".join(wrong[:50]), pytrace=False)

    return found


@pytest.fixture
def told(home: Path) -> Callable[..., tuple[int, str, str]]:
    """Run a command line in this process: status, stdout, stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = main(list(words))
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else 99
        return status, out.getvalue(), err.getvalue()

    return run


@pytest.fixture
def command(home: Path, told: Callable[..., tuple[int, str, str]]) -> Question:
    """Is a command line answered as promised?"""

    def asked(words: Any) -> str | None:
        before = _there(home)
        try:
            status, _, err = told(*words)
        except BaseException as error:
            return f"{type(error).__name__}: {error}"
        new = sorted(_there(home) - before, key=len)
        fault = misanswered(status, err)
        if fault is None and status == 2 and new:
            fault = f"left behind {new[:3]}"
        for path in new:
            shutil.rmtree(path) if Path(path).is_dir() else Path(path).unlink(missing_ok=True)
        return fault

    return asked


@pytest.fixture
def answered() -> Callable[[int, str], str | None]:
    """What is wrong with a status and what was said."""
    return misanswered


def misanswered(status: int, err: str) -> str | None:
    """What is wrong with a status and what was said."""
    lines = [line for line in err.splitlines() if "warning:" not in line]
    if status not in (0, 1, 2):
        return f"status {status}: {err[-300:]}"
    if "Traceback" in err or "a fault in pujiang itself" in err:
        return err[-400:]
    if status == 2 and (len(lines) != 1 or not lines[0].startswith("pujiang: ")):
        return f"{len(lines)} lines: {err[-400:]}"
    return None


def _there(folder: Path) -> set[str]:
    found = {entry.path for entry in os.scandir(folder)}
    for below in ("runs", "reports"):
        if (folder / below).is_dir():
            found |= {entry.path for entry in os.scandir(folder / below)}
    return found


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, with the library as the project at hand."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PUJIANG_PROJECT", str(LIBRARY))
    monkeypatch.delenv("PUJIANG_TRACEBACK", raising=False)
    return tmp_path


@pytest.fixture(scope="session")
def library() -> pujiang.Model:
    """A model of ten variables."""
    return pujiang.Model(LIBRARY)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder of every kind that commands leave: whole ones, and a sweep that was interrupted."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUJIANG_PROJECT", str(LIBRARY))
        patch.chdir(folder)
        whole = [f"output.folder={folder / 'whole'}", "output.figures=false"]
        some = {
            "run": ["run", "scenario=more_books", "ensemble=4"],
            "grid": ["sweep", "levers.purchases_a_year=100,200,300", "parameters.wear_rate=0.05,0.1", "ensemble=1"],
            "sample": ["sweep", "design=lhs", "design.size=6", "parameters=prior"],
            "fit": ["calibrate", *whole[:1]],
            "study": ["sensitivity", "methods=[tornado,morris]", "morris.size=2"],
        }
        found = {}
        for name, words in some.items():
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                assert main([*words, *(whole if name != "fit" else ())]) == 0, name
            found[name] = (folder / "whole" / "latest").resolve()

        def stop(done: int, of: int) -> None:
            if done == 2:
                raise KeyboardInterrupt

        patch.setattr("pujiang.experiment.sweep.RUNS_IN_BLOCK", 2)
        axes = {"parameters.wear_rate": [0.05, 0.06, 0.07, 0.1, 0.11]}
        with pytest.raises(KeyboardInterrupt):
            pujiang.sweep(axes, folder=folder / "broken", progress=stop)
        (found["partial"],) = (folder / "broken").iterdir()
    return found


@pytest.fixture
def called() -> Callable[..., str | None]:
    """Whether a function of the Python interface answers as promised."""
    return _called


def _called(function: Callable[..., Any], *given: Any, **named: Any) -> str | None:
    """What is wrong with how a function of the Python interface answers."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            function(*given, **named)
    except (InputError, ModelError) as error:
        return None if str(error) and (isinstance(error, ModelError) or "\n" not in str(error)) else "not one line"
    except Exception as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
    return None


@pytest.fixture
def within() -> Callable[[float], contextlib.AbstractContextManager[None]]:
    """Fail where what is inside asks for more seconds of processor time: it would go on and on, on any machine."""

    @contextlib.contextmanager
    def limit(seconds: float) -> Iterator[None]:
        start = time.process_time()
        yield
        assert time.process_time() - start < seconds

    return limit
