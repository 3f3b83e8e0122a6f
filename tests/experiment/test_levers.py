"""Does a lever follow the path its setting describes? Every expected value is worked by hand."""

from typing import Any

import numpy as np
import pytest

from pujiang.declare import Lever, assumed, lever
from pujiang.engine.profiles import Profile, steps
from pujiang.errors import InputError
from pujiang.experiment.levers import LeverSetting, companion_profile, fitted, lever_profile
from pujiang.shanghai.calendar import CALENDAR

DT = 1 / 16
HISTORY = steps([(2015.0, 0.0), (2019.5, 0.9), (2024.0, 0.1)])


def a_lever(default: float | None = 0.35, history: str | None = None) -> Lever:
    return lever("1", "A lever.", default=default, bounds=(0.0, 2.0), history=history, basis=assumed("test"))


def values(path: Profile, *times: float) -> list[float]:
    return [float(v) for v in path.from_right(np.array(times))]


def path_of(setting: LeverSetting | None, default: float | None = 0.35, history: Profile | None = None) -> Profile:
    of = a_lever(default, "observed" if history else None)
    if setting is not None:
        setting = fitted(setting, lambda *keys: ".".join(("levers", "x", *keys)), of, DT, CALENDAR)
    return lever_profile(of, setting, history, DT, CALENDAR)


def test_an_unset_lever_is_at_its_default_throughout() -> None:
    assert values(path_of(None), 2015.0, 2026.0, 2031.0) == [0.35, 0.35, 0.35]


def test_an_unset_lever_follows_its_history_and_jumps_to_its_default_in_2026() -> None:
    path = path_of(None, history=HISTORY)
    assert values(path, 2015.0, 2019.5, 2024.0, 2025.99, 2026.0) == [0.0, 0.9, 0.1, 0.1, 0.35]
    assert float(path.from_left(2026.0)) == 0.1


def test_history_after_2026_is_not_followed() -> None:
    later = steps([(2015.0, 0.2), (2027.0, 9.0)])
    assert values(path_of(None, history=later), 2025.0, 2028.0) == [0.2, 0.35]


def test_a_step_holds_the_default_until_its_start() -> None:
    path = path_of(LeverSetting(target=1.0, start=2027.5))
    assert values(path, 2026.0, 2027.4375, 2027.5, 2031.0) == [0.35, 0.35, 1.0, 1.0]
    assert float(path.from_left(2027.5)) == 0.35


def test_a_ramp_runs_straight_from_the_default() -> None:
    path = path_of(LeverSetting(target=1.35, start=2026.0, end=2028.0, shape="ramp"))
    assert values(path, 2025.0, 2026.0, 2027.0, 2028.0, 2030.0) == pytest.approx([0.35, 0.35, 0.85, 1.35, 1.35])


def test_a_ramp_jumps_to_the_value_it_is_told_to_run_from() -> None:
    path = path_of(LeverSetting(target=1.0, start=2027.0, end=2029.0, shape="ramp", origin=0.5))
    assert values(path, 2026.5, 2027.0, 2028.0, 2029.0) == [0.35, 0.5, 0.75, 1.0]


def test_a_ramp_of_an_undefaulted_lever_starts_at_the_last_observed_value() -> None:
    path = path_of(LeverSetting(target=0.3, start=2026.0, end=2028.0, shape="ramp"), None, HISTORY)
    assert values(path, 2026.0, 2027.0, 2028.0) == pytest.approx([0.1, 0.2, 0.3])


def test_a_pulse_returns_to_what_was_before() -> None:
    path = path_of(LeverSetting(target=2.0, start=2027.0, end=2028.0, shape="pulse"))
    assert values(path, 2026.9, 2027.0, 2027.9, 2028.0, 2031.0) == [0.35, 2.0, 2.0, 0.35, 0.35]


def test_a_pulse_returns_to_the_value_it_is_told_to() -> None:
    path = path_of(LeverSetting(target=2.0, start=2027.0, end=2028.0, shape="pulse", origin=0.5))
    assert values(path, 2026.9, 2027.0, 2028.0) == [0.35, 2.0, 0.5]


def test_a_path_is_straight_between_its_points_and_held_after_the_last() -> None:
    path = path_of(LeverSetting(path=((2027.0, 1.0), (2029.0, 0.5), (2030.0, 0.5))))
    assert values(path, 2026.5, 2027.0, 2028.0, 2029.0, 2031.0) == [0.35, 1.0, 0.75, 0.5, 0.5]
    assert float(path.from_left(2027.0)) == 0.35


@pytest.mark.parametrize(
    "setting",
    [
        LeverSetting(target=0.35),
        LeverSetting(target=0.35, start=2028.0),
        LeverSetting(target=0.35, start=2027.0, end=2029.0, shape="ramp"),
        LeverSetting(target=0.35, start=2027.0, end=2029.0, shape="pulse"),
        LeverSetting(path=((2027.0, 0.35), (2029.0, 0.35))),
    ],
)
@pytest.mark.parametrize("history", [None, HISTORY])
def test_a_lever_set_to_its_default_is_exactly_the_default_path(setting: LeverSetting, history: Profile | None) -> None:
    assert path_of(setting, history=history) == path_of(None, history=history)


def test_dropping_idle_knots_changes_no_value() -> None:
    setting = LeverSetting(path=((2027.0, 1.0), (2028.0, 1.0), (2029.0, 1.0), (2030.0, 0.5)))
    times = [2026.0, 2027.0, 2028.5, 2029.0, 2029.5, 2030.0]
    assert values(path_of(setting), *times) == [0.35, 1.0, 1.0, 1.0, 0.75, 0.5]


def test_history_is_moved_to_the_step_grid() -> None:
    path = path_of(None, history=steps([(2015.0, 0.0), (2018.3, 1.0)]))
    assert path.on_grid("history", DT) == path
    assert values(path, 2018.25, 2018.3125) == [0.0, 1.0]


def test_the_companion_says_when_an_undefaulted_lever_is_set() -> None:
    assert values(companion_profile(None), 2015.0, 2030.0) == [0.0, 0.0]
    assert values(companion_profile(LeverSetting(target=1.0, start=2027.0)), 2026.9, 2027.0, 2031.0) == [
        0,
        1,
        1,
    ]
    ramp = LeverSetting(target=1.0, start=2027.0, end=2028.0, shape="ramp", origin=0.5)
    assert values(companion_profile(ramp), 2026.9, 2027.0, 2029.0) == [0, 1, 1]
    assert values(companion_profile(LeverSetting(path=((2028.0, 1.0),))), 2027.9, 2028.0) == [0, 1]


def test_the_companion_of_a_pulse_goes_back_unless_it_is_told_where_to() -> None:
    pulse: dict[str, Any] = {"target": 1.0, "start": 2027.0, "end": 2028.0, "shape": "pulse"}
    assert values(companion_profile(LeverSetting(**pulse)), 2026.9, 2027.5, 2028.0) == [0, 1, 0]
    assert values(companion_profile(LeverSetting(**pulse, origin=0.5)), 2026.9, 2027.5, 2028.0) == [0, 1, 1]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (LeverSetting(), "levers.x: neither target nor path"),
        (LeverSetting(target=1.0, start=2025.0), "levers.x.start: found 2025, allowed from 2026 to 2061"),
        (
            LeverSetting(target=1.0, start=2026.3),
            "levers.x.start: 2026.3 is not on the grid.*2026.25, 2026.3125",
        ),
        (LeverSetting(target=1.0, end=2028.0), "levers.x.end: found 2028, but a step has none"),
        (LeverSetting(target=1.0, origin=0.5), "levers.x.from: found 0.5, but a step has none"),
        (LeverSetting(target=1.0, shape="ramp"), "levers.x.end: missing"),
        (
            LeverSetting(target=1.0, start=2028.0, end=2027.0, shape="pulse"),
            "levers.x.end: found 2027, must be",
        ),
        (LeverSetting(path=((2028.0, 1.0), (2027.0, 1.0))), "levers.x.path.1.time: found 2027 after 2028"),
        (LeverSetting(target=1.0, shape="rampe"), "levers.x.shape: found 'rampe'.*did you mean 'ramp'"),  # type: ignore[arg-type]
    ],
)
def test_a_setting_that_does_not_fit_together_is_refused(setting: LeverSetting, message: str) -> None:
    with pytest.raises(InputError, match=message):
        path_of(setting)


def test_a_ramp_from_nothing_is_refused() -> None:
    with pytest.raises(InputError, match=r"levers\.x\.from: missing"):
        path_of(LeverSetting(target=1.0, end=2027.0, shape="ramp"), default=None)
