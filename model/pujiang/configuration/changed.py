"""A run's own configuration with changes of a user laid over it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pujiang.configuration import levers
from pujiang.configuration.compose import CHANGED, changes_told
from pujiang.configuration.keys import GROUPS, flat, option_of
from pujiang.configuration.settings import settings
from pujiang.engine.system import System
from pujiang.errors import InputError
from pujiang.experiment.scenario import RunConfig, Scenario, setting_as_mapping


def with_changes(config: RunConfig, changes: Mapping[str, Any], system: System) -> RunConfig:
    """The configuration after changes by dotted key: settings for all of it, levers and parameters for every scenario
    but the baseline; where the baseline is alone, they make a second scenario beside it.

    Raises:
        InputError: one line on the first change that is not allowed.
    """
    for key in changes:
        if key in GROUPS:
            raise InputError(f"{key}: a run has its own scenarios; beside --from allowed: levers, parameters, settings")
        option_of(key, key, system)
    own = {key: value for key, value in config.as_mapping().items() if key != "scenarios"}
    values = {**flat(own), "output.folder": config.output.folder, **changes}
    made = settings(values, lambda *keys: ".".join(map(str, keys)), system)
    set_levers = {key: value for key, value in changes.items() if key.startswith("levers.")}
    fixed = {
        key.removeprefix("parameters."): option_of(key, key, system).check(value, key)
        for key, value in changes.items()
        if key.startswith("parameters.")
    }
    first, *others = config.scenarios
    if (set_levers or fixed) and not others:
        others = [replace(first, name=CHANGED)]
    told = changes_told({key: value for key, value in changes.items() if key.startswith(("levers.", "parameters."))})
    dt = made.simulation.dt
    scenarios = [
        first if scenario is first else _changed(scenario, set_levers, fixed, told, system, dt)
        for scenario in (first, *others)
    ]
    return replace(made, scenarios=tuple(scenarios))


def _changed(
    scenario: Scenario, set_levers: Mapping[str, Any], fixed: Mapping[str, float], told: str, system: System, dt: float
) -> Scenario:
    raw: dict[str, Mapping[str, Any]] = {name: setting_as_mapping(found) for name, found in scenario.levers.items()}
    for key, value in set_levers.items():
        name, _, part = key.removeprefix("levers.").partition(".")
        raw[name] = levers.laid(raw.get(name), part, value)
    layer = {name: (setting, lambda *keys: ".".join(map(str, keys))) for name, setting in raw.items()}
    return replace(
        scenario,
        title=scenario.title + told,
        levers=levers.all_checked(layer, system, dt),
        parameters={**scenario.parameters, **fixed},
    )
