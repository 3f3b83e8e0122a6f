"""Has every causal link the sign that its meaning gives it?

The links are those of tests/sectors/links.yaml. Each cause is raised by one per cent, all else equal, at moments
of the fitted course: before the exits opened, in the projection, and where a link names it, in a boom.
"""

from collections.abc import Mapping
from pathlib import Path as File
from typing import Any

import numpy as np
import pytest
import yaml

from pujiang.engine.causality import MomentValues, link_sign
from pujiang.engine.profiles import Profile
from pujiang.engine.simulate import Simulation, simulate
from pujiang.engine.system import System
from pujiang.experiment.fit import Fit
from pujiang.experiment.inputs import lever_profiles
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.loops import moment

LINKS = yaml.safe_load((File(__file__).parent / "links.yaml").read_text(encoding="utf-8"))
SIGNS = {"+": 1, "-": -1, 0: 0}
MOMENTS = {2019: ("a goal", 2019.5), 2028: ("a goal", 2028.0), "boom": ("boom", 2028.0)}
LEVERS = {
    "a goal": {"research_intensity_target": 0.06},
    "boom": {"exit_window": 1.5, "market_valuation": 2.0},
}


def links() -> list[Any]:
    """One case a link and moment."""
    cases = []
    for sector, rows in LINKS.items():
        for cause, effect, sign, _ in rows:
            at = sign if isinstance(sign, dict) else {2019: sign, 2028: sign}
            cases += [
                pytest.param(cause, effect, when, SIGNS[expected], id=f"{sector}-{cause}-{effect}-{when}")
                for when, expected in at.items()
            ]
    return cases


@pytest.fixture(scope="module")
def values(system: System, series: Mapping[str, Profile], fit: Fit) -> dict[Any, MomentValues]:
    """Everything an equation may name, at each moment."""
    dt = Simulation(2015, 2030).dt
    paths = {
        name: lever_profiles(system, {k: LeverSetting(target=v) for k, v in levers.items()}, series, dt)
        for name, levers in LEVERS.items()
    }
    central = {name: np.array([value]) for name, value in fit.values.items()}
    courses = simulate(system, central, series=series, scenarios=paths)["trajectories"].to_dataset()
    return {
        when: moment(system, fit, courses, series, paths[case], case, time) for when, (case, time) in MOMENTS.items()
    }


@pytest.mark.parametrize(("cause", "effect", "when", "expected"), links())
def test_a_link_has_the_sign_of_its_meaning(
    system: System, values: dict[Any, MomentValues], cause: str, effect: str, when: Any, expected: int
) -> None:
    assert cause in system.variables[effect].causes, "the effect's equation does not name the cause"
    assert link_sign(system, cause, effect, values[when]) == expected


def test_no_link_is_listed_twice() -> None:
    pairs = [(cause, effect) for rows in LINKS.values() for cause, effect, *_ in rows]
    assert len(pairs) == len(set(pairs))
