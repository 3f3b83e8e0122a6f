"""Is what a model is asked told without loading it, and told the same?"""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from pujiang import cache
from pujiang.api.model import Model
from pujiang.documentation.answers import Answers, answers, kept

SOURCE_ROOT = Path(__file__).parents[1] / "model"


@pytest.fixture(scope="module")
def told(model: Model) -> Answers:
    """What is told of the shipped model."""
    return answers(model.system, model.evidence(), model.folders()[-1])


@pytest.fixture(scope="module")
def filled(told: Answers, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds them."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        kept(lambda: told)
    return folder


def test_every_name_is_told_as_the_loaded_model_tells_it(model: Model, told: Answers) -> None:
    parts = (model.system.variables, model.system.parameter_names, model.system.levers, model.system.series)
    assert {name for part in parts for name in part} <= set(told.descriptions)
    assert set(told.names) <= set(told.descriptions)
    for name in told.descriptions:
        assert told.descriptions[name] == model.describe(name), name


def test_what_is_kept_is_told_again_until_the_package_changes(
    told: Answers, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> Answers:
        raise AssertionError("it was told anew")

    monkeypatch.setenv("XDG_CACHE_HOME", str(filled))
    assert asdict(kept(refused)) == json.loads(json.dumps(asdict(told)))
    monkeypatch.setattr(cache, "version", lambda: "another")
    with pytest.raises(AssertionError, match="told anew"):
        kept(refused)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["list"], "exit_window"),
        (["list", "levers"], "exit_window"),
        (["list", "scenarios"], "exit_drought"),
        (["describe", "gdp"], "## gdp"),
        (["describe", "exit_drought"], "exit_window: target"),
        (["completion", "words", "pujiang run levers.exit_w"], "levers.exit_window.shape="),
        (["completion", "words", "pujiang run levers.exit_window.shape="], "shape=ramp"),
        (["completion", "words", "pujiang sweep design="], "design=sobol"),
    ],
)
def test_an_answer_loads_no_model(words: list[str], part: str, filled: Path) -> None:
    code = (
        f"import sys; from pujiang.cli import main; main({words!r})\n"
        "heavy = ('numpy', 'hydra', 'xarray', 'rich', 'pujiang.declare', 'pujiang.engine')\n"
        "print('loaded:', [m for m in heavy if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCE_ROOT), "XDG_CACHE_HOME": str(filled)}
    environment.pop("PUJIANG_PROJECT", None)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert part in done.stdout, done.stderr
    assert "loaded: []" in done.stdout
