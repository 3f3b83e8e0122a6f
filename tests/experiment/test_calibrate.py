"""Does a calibration find what made the data, and is its curvature that of theory?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801, N805

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pujiang.declare import (
    assumed,
    auxiliary,
    constant,
    flow,
    lever,
    lognormal,
    normal,
    parameter,
    reported,
    series,
    stock,
    unit,
)
from pujiang.engine.system import System, build
from pujiang.evidence import Evidence, InputSeries, Observation
from pujiang.experiment.calibrate import calibrate, problem
from pujiang.shanghai.calendar import CALENDAR

UNITS = (unit("firm", "Firm."),)


def evidence(observations: Sequence[Observation]) -> Evidence:
    climate = InputSeries(
        "climate", (2015.0, 2020.0), (1.0, 1.2), "1", "linear", ("assumed",) * 2, ((), ()), ("", ""), (2015, 2020)
    )
    return Evidence(tuple(observations), {"climate": climate}, {}, {}, {}, Path(), "hash of the data")


def observed(outcome: str, year: int, value: float, sd: float, likelihood: str, role: str = "fit") -> Observation:
    scale = "abs" if likelihood == "normal" else "log"
    return Observation(
        outcome, "here", year, value, "1", outcome, "mean", likelihood, sd, scale, role, (), (), "", value, "1"
    )


class logistic:
    """Limited growth with three uncertain parameters."""

    rate = parameter(lognormal(0.5, 0.7), "1/year", "Rate.", bounds=(0.01, 5), basis=assumed("test"))
    room = parameter(lognormal(150, 0.7), "firm", "Room.", bounds=(1, 9e3), basis=assumed("test"))
    seed = parameter(lognormal(5, 0.7), "firm", "Start.", bounds=(0.1, 99), basis=assumed("test"))
    climate = series("1", "Climate.")
    push = lever("1", "Push.", default=1.0, bounds=(0, 2), basis=assumed("test"))
    firms = stock("firm", "Firms.", initial="seed", reported=reported("end"))

    @flow("firm/year", into=firms, reported=reported("integral"))
    def births(rate, room, firms, climate, push):
        """Births."""
        return rate * climate * push * firms * (1 - firms / room)


def built(sector: type) -> System:
    """The system of one sector, in the years of the observations."""
    return build([sector], UNITS, calendar=CALENDAR)


LOGISTIC = built(logistic)
TRUTH = {"rate": 0.8, "room": 100.0, "seed": 3.0}


def synthetic(system: System, sd: float, noise: np.random.Generator | None = None) -> Evidence:
    """Observations the model itself makes at the truth, with or without noise."""
    empty = problem(system, evidence([observed("firms", 2024, 1.0, 1.0, "lognormal")]), dt=1 / 4, engine="reference")
    made = empty.outcomes({name: np.array([value]) for name, value in TRUTH.items()})
    rows = []
    for outcome in ("firms", "births"):
        for k, value in enumerate(made[outcome][:, 0]):
            error = 0.0 if noise is None else sd * noise.standard_normal()
            rows.append(observed(outcome, 2015 + k, float(value * np.exp(error)), sd, "lognormal"))
    return evidence(rows)


def task(data: Evidence, system: System = LOGISTIC) -> Any:
    return problem(system, data, dt=1 / 4, engine="reference")


def test_a_calibration_recovers_the_parameters_that_made_the_data() -> None:
    found = calibrate(task(synthetic(LOGISTIC, 1e-4)))
    assert found.converged
    assert found.fit.values == pytest.approx(TRUTH, rel=1e-5)
    assert max(abs(c.error) for c in found.comparisons) < 0.1
    assert found.fit.facts["model_hash"] == LOGISTIC.hash
    assert found.fit.facts["data_hash"] == "hash of the data"
    assert found.fit.facts["observations"] == 20


def test_the_start_does_not_matter() -> None:
    data = synthetic(LOGISTIC, 0.05, np.random.default_rng(1))
    one = calibrate(task(data))
    other = calibrate(task(data), start={"rate": 2.0, "room": 40.0, "seed": 15.0})
    assert other.cost == pytest.approx(one.cost, rel=1e-4)
    assert other.fit.values == pytest.approx(one.fit.values, rel=1e-3)


def test_the_truth_lies_where_the_covariance_says() -> None:
    """The squared distance of the truth from the fit, in units of the covariance, is chi-squared with 3."""
    distances = []
    for seed in range(12):
        noise = np.random.default_rng(seed)
        found = calibrate(task(synthetic(LOGISTIC, 0.05, noise)))
        priors = {name: LOGISTIC.parameters[name].prior for name in TRUTH}
        off = [priors[n].z(TRUTH[n]) - priors[n].z(v) for n, v in found.fit.values.items()]  # type: ignore[union-attr]
        distances.append(float(np.sum(np.linalg.solve(found.fit.factor, off) ** 2)))
    assert 11.6 < sum(distances) < 74.7, distances  # chi-squared with 36: 0.1 % to 99.98 %


class straight:
    """Outcomes linear in normal parameters: the posterior is known."""

    height = parameter(normal(1, 2), "1", "Height.", bounds=(-99, 99), basis=assumed("test"))
    slope = parameter(normal(0.5, 0.3), "1", "Slope.", bounds=(-99, 99), start=0.0, basis=assumed("test"))
    bend = parameter(normal(0, 0.1), "1", "Bend.", bounds=(-99, 99), basis=assumed("test"))
    first = constant(2015.0, "year", "First year.", basis=assumed("test"))
    unit_year = constant(1.0, "year", "A year.", basis=assumed("test"))

    @auxiliary("1")
    def elapsed(time, first, unit_year):
        """Years elapsed."""
        return (time - first) / unit_year

    @auxiliary("1", reported=reported("mean"))
    def course(height, slope, bend, elapsed):
        """A parabola."""
        return height + slope * elapsed + bend * elapsed**2


def design(years: int) -> Any:
    """Annual means of 1, t and t^2."""
    k = np.arange(years)
    return np.stack([np.ones(years), k + 0.5, ((k + 1) ** 3 - k**3) / 3], axis=1)


def test_of_a_linear_model_mode_and_covariance_are_those_of_theory() -> None:
    sd = np.array([0.5, 0.4, 0.3, 0.6, 0.2, 0.7])
    values = np.array([1.4, 1.9, 3.0, 3.1, 4.9, 5.5])
    rows = [
        observed("course", 2015 + k, float(v), float(s), "normal")
        for k, (v, s) in enumerate(zip(values, sd, strict=True))
    ]
    found = calibrate(task(evidence(rows), built(straight)))
    mean, spread = np.array([1, 0.5, 0]), np.array([2, 0.3, 0.1])
    x = design(6) * spread / sd[:, None]
    covariance = np.linalg.inv(x.T @ x + np.eye(3))
    z = covariance @ x.T @ ((values - design(6) @ mean) / sd)
    assert list(found.fit.values.values()) == pytest.approx(list(mean + spread * z), rel=1e-6)
    assert found.fit.factor @ found.fit.factor.T == pytest.approx(covariance, rel=1e-6)
    misfit = (design(6) @ (mean + spread * z) - values) / sd
    assert found.cost == pytest.approx(0.5 * (np.sum(misfit**2) + np.sum(z**2)), rel=1e-8)


def test_without_fitted_data_the_priors_come_back() -> None:
    found = calibrate(
        task(
            evidence([observed("course", 2016, 9.0, 0.1, "normal", "check")]),
            built(straight),
        )
    )
    assert found.fit.values == pytest.approx({"height": 1, "slope": 0.5, "bend": 0}, abs=1e-6)
    assert found.fit.factor == pytest.approx(np.eye(3), abs=1e-6)
    assert len(found.comparisons) == 1


def test_only_fitted_roles_move_the_fit_and_others_are_compared() -> None:
    rows = [observed("course", 2015 + k, float(v), 0.1, "normal") for k, v in enumerate([1.0, 2.0, 3.0])]
    with_check = [*rows, observed("course", 2016, 1e6, 1e-9, "normal", "check")]
    system = built(straight)
    one, other = (calibrate(task(evidence(data), system)) for data in (rows, with_check))
    assert other.fit.values == pytest.approx(one.fit.values, rel=1e-12)
    assert [c.observation.role for c in other.comparisons] == ["fit"] * 3 + ["check"]
    assert abs(other.comparisons[-1].error) > 1e12


def test_a_fit_stays_inside_the_bounds() -> None:
    class bounded:
        height = parameter(normal(1, 5), "1", "Height.", bounds=(0, 2), basis=assumed("test"))

        @auxiliary("1", reported=reported("mean"))
        def course(height):
            """A level."""
            return height

    found = calibrate(task(evidence([observed("course", 2015, 9.0, 0.1, "normal")]), built(bounded)))
    assert 1.99 < found.fit.values["height"] <= 2
    assert found.at_bounds == ("height",)
    assert calibrate(task(evidence([observed("course", 2015, 1.5, 0.1, "normal")]), built(bounded))).at_bounds == ()
    assert np.isfinite(found.fit.factor).all()


def test_progress_is_told() -> None:
    told: list[tuple[int, float]] = []
    found = calibrate(task(synthetic(LOGISTIC, 0.05)), progress=lambda n, cost: told.append((n, cost)))
    assert [n for n, _ in told] == list(range(1, found.iterations + 1))
    assert told[-1][1] <= told[0][1]
    assert told[-1][1] == pytest.approx(found.cost, rel=1e-2)


def test_the_jacobian_is_the_slope_of_the_residuals() -> None:
    work = task(synthetic(LOGISTIC, 0.05))
    z = np.array([0.3, -0.2, 0.1])
    found = work.jacobian(z)
    assert found[-3:] == pytest.approx(np.eye(3), abs=1e-9)
    for k in range(3):
        step = 1e-4 * np.eye(3)[k]
        both = work.residuals(np.stack([z + step, z - step], axis=1))
        assert found[:, k] == pytest.approx((both[:, 0] - both[:, 1]) / 2e-4, rel=1e-3, abs=1e-3)
