"""What is to be run, as plain frozen values: scenarios side by side, and how they are simulated.

A `RunConfig` is made by `pujiang.configuration` (which checks it) and written into every run folder.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from pujiang.engine.simulate import EngineName, Simulation
from pujiang.experiment.levers import LeverSetting
from pujiang.options import option, options_of

EnsembleKind = Literal["posterior", "laplace", "prior"]
Language = Literal["en", "zh"]
Precision = Literal["float64", "float32"]
Keep = Literal["all", "outcomes", "quantiles"]


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
    """The members beside the central one."""

    size: int = option(200, low=0, high=100_000, short=True, doc="members beside the central one")
    seed: int = option(
        2026, low=0, high=2**32 - 1,
        doc="what the draws start from; the same seed gives the same members in every scenario",
    )  # fmt: skip
    kind: EnsembleKind = option(
        "posterior",
        doc="posterior: draws of the calibration. laplace: a normal distribution around the fit. "
        "prior: drawn from the priors alone",
    )
    model_error: bool = option(True, doc="whether levels carry the errors of the model itself, as hindcasts size them")


@dataclass(frozen=True)
class Output:
    """What a run leaves behind."""

    folder: str = option("runs", kind="name of a file", doc="where run folders go")
    figures: bool = option(True, doc="whether figures are drawn")
    lang: Language = option("en", doc="the language of figures and reports")


@dataclass(frozen=True)
class SweepOutput:
    """What a sweep keeps."""

    outcomes: tuple[str, ...] | None = option(
        None, kind="list of names", allowed="reported outcomes", doc="the outcomes a sweep stores; by default all"
    )
    precision: Precision = option("float64", doc="how a sweep stores its numbers")
    keep: Keep = option(
        "all",
        doc="all: every run in every year. quantiles: none, but what they come to by year: quantiles, moments, "
        "chances of goals. outcomes: that, and every run in the last year",
    )


@dataclass(frozen=True)
class RunConfig:
    """Everything a run depends on, but for the model and the evidence themselves.

    `scenarios[0]` is always the baseline.
    """

    simulation: Simulation
    scenarios: tuple[Scenario, ...] = (BASELINE,)
    ensemble: EnsembleConfig = EnsembleConfig()
    fit: str = option(
        "shipped", kind="word or folder", words=("shipped", "declared"),
        doc="where the parameters come from: the shipped fit, none at all (declared), or the folder of a calibration",
    )  # fmt: skip
    evidence: str = option(
        "shipped", kind="word or folder", words=("shipped",), doc="the folder of the observations and input series"
    )
    engine: EngineName = option(
        "auto", doc="kernel: compiled. reference: plain NumPy. auto: the kernel where it is available"
    )
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
            # Where it was written is no part of what was run: a copy of a run is the same run.
            "output": {key: value for key, value in asdict(self.output).items() if key != "folder"},
        }


def setting_as_mapping(setting: LeverSetting) -> dict[str, Any]:
    """A lever setting as a file holds it: only the keys its shape has."""
    if setting.path is not None:
        return {"path": [{"time": time, "value": value} for time, value in setting.path]}
    keys = {key: getattr(setting, of.field) for key, of in options_of(LeverSetting).items()}
    return {key: value for key, value in keys.items() if value is not None}
