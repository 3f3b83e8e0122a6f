"""What is to be run, as plain frozen values: scenarios side by side, and how they are simulated.

A `RunConfig` is made by `pujiang.configuration` (which checks it) and written into every run folder.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from pujiang.engine.simulate import EngineName, Simulation
from pujiang.experiment.levers import LeverSetting

FIRST_YEAR = Simulation.first_year
"""Every run starts here: the opening stocks are those of 2015."""

Kind = Literal["laplace", "prior"]
Language = Literal["en", "zh"]
KINDS: tuple[str, ...] = get_args(Kind)
LANGUAGES: tuple[str, ...] = get_args(Language)


@dataclass(frozen=True)
class Scenario:
    """One future: levers that are set (all others rest at their default) and parameters that are fixed.

    A parameter named here has this value in every member; all others come from the fit.
    """

    name: str
    title: str = ""
    meaning: str = ""
    levers: Mapping[str, LeverSetting] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)


BASELINE = Scenario("baseline", "Baseline")


@dataclass(frozen=True)
class EnsembleConfig:
    """How many members beside the central one, from which seed, drawn from what.

    laplace: from the fit's approximate posterior. prior: from the priors alone.
    """

    size: int = 200
    seed: int = 2026
    kind: Kind = "laplace"


@dataclass(frozen=True)
class Output:
    """Where run folders go, whether figures are drawn, and in which language."""

    folder: str = "runs"
    figures: bool = True
    lang: Language = "en"


@dataclass(frozen=True)
class RunConfig:
    """Everything a run depends on, but for the model and the evidence themselves.

    `scenarios[0]` is always the baseline. `fit` and `evidence` are "shipped" or a folder; `fit` may also be
    "declared": no fit, the declared values and priors. `engine` "auto" is the kernel where it is available,
    else the reference.
    """

    scenarios: tuple[Scenario, ...] = (BASELINE,)
    simulation: Simulation = field(default_factory=Simulation)
    ensemble: EnsembleConfig = EnsembleConfig()
    fit: str = "shipped"
    evidence: str = "shipped"
    engine: EngineName = "auto"
    output: Output = Output()

    def as_yaml(self) -> str:
        """The resolved configuration, as `config.yaml` of a run folder holds it.

        Where the run is put is no part of it: the same run in another folder has the same bytes.
        """
        import yaml

        dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
        text: str = yaml.dump(self.as_mapping(), Dumper=dumper, sort_keys=False, allow_unicode=True, width=100)
        return text

    def as_mapping(self) -> dict[str, Any]:
        """The resolved configuration as nested mappings of plain values."""
        scenarios = [
            {
                "name": scenario.name,
                "title": scenario.title,
                "meaning": scenario.meaning,
                "levers": {name: setting_as_mapping(s) for name, s in scenario.levers.items()},
                "parameters": dict(scenario.parameters),
            }
            for scenario in self.scenarios
        ]
        rest = {name: getattr(self, name) for name in ("fit", "evidence", "engine")}
        return {
            "scenarios": scenarios,
            "simulation": asdict(self.simulation),
            "ensemble": asdict(self.ensemble),
            **rest,
            "output": {"figures": self.output.figures, "lang": self.output.lang},
        }


def setting_as_mapping(setting: LeverSetting) -> dict[str, Any]:
    """A lever setting as a file holds it: only the keys its shape has."""
    if setting.path is not None:
        return {"path": [{"time": time, "value": value} for time, value in setting.path]}
    keys = {
        "from": setting.origin,
        "target": setting.target,
        "start": setting.start,
        "end": setting.end,
        "shape": setting.shape,
    }
    return {key: value for key, value in keys.items() if value is not None}
