"""Are members drawn from what is said, inside their bounds, and the same for the same seed?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import truncnorm

from pujiang.declare import assumed, logitnormal, lognormal, normal, parameter
from pujiang.engine.system import build
from pujiang.errors import InputError
from pujiang.experiment.ensemble import members
from pujiang.experiment.fit import Fit, declared, uncertain


class core:
    rate = parameter(lognormal(2.5, 0.3), "1/year", "Rate.", bounds=(0.01, 90), start=2.0, basis=assumed("test"))
    level = parameter(normal(0.5, 2), "1", "Level.", bounds=(-50, 50), start=-1.0, basis=assumed("test"))
    share = parameter(logitnormal(0.3, 0.05), "1", "Share.", bounds=(0, 1), start=0.2, basis=assumed("test"))
    tight = parameter(normal(1, 0.2), "1", "Tight.", bounds=(0.9, 1.2), basis=assumed("test"))


CORE = build([core])
SIZE = 20_000


def a_fit() -> Fit:
    factor = np.diag([0.5, 0.2, 0.1, 0.1])
    factor[1, 0] = -0.3
    return Fit({"rate": 3.0, "level": 1.5, "share": 0.25, "tight": 1.0}, factor, {})


@pytest.mark.parametrize("kind", ["laplace", "prior"])
def test_the_first_member_is_the_fit_itself(kind: str) -> None:
    drawn = members(CORE, a_fit(), 5, 1, kind)
    assert {name: values[0] for name, values in drawn.items()} == a_fit().values
    assert all(values.shape == (6,) for values in drawn.values())


@pytest.mark.parametrize("kind", ["laplace", "prior"])
def test_a_seed_draws_the_same_members_and_another_seed_others(kind: str) -> None:
    one, again, other = (members(CORE, a_fit(), 50, seed, kind) for seed in (1, 1, 2))
    assert all(np.array_equal(one[name], again[name]) for name in one)
    assert not np.array_equal(one["rate"], other["rate"])


@pytest.mark.parametrize("kind", ["laplace", "prior"])
def test_a_larger_ensemble_begins_with_the_smaller_one(kind: str) -> None:
    small, large = (members(CORE, a_fit(), size, 1, kind) for size in (10, 100))
    assert all(np.allclose(large[name][:11], small[name], rtol=1e-12) for name in small)


@pytest.mark.parametrize("kind", ["laplace", "prior"])
def test_no_member_leaves_its_bounds(kind: str) -> None:
    for name, values in members(CORE, a_fit(), SIZE, 3, kind).items():
        low, high = CORE.parameters[name].bounds or (0, 0)
        assert values.min() >= low
        assert values.max() <= high


def test_prior_draws_have_the_moments_of_the_prior() -> None:
    drawn = members(CORE, a_fit(), SIZE, 4, "prior")
    error = 4 / np.sqrt(SIZE)  # four standard errors of a mean in units of its sd
    assert np.log(drawn["rate"][1:]).mean() == pytest.approx(np.log(2.5), abs=0.3 * error)
    assert np.log(drawn["rate"][1:]).std() == pytest.approx(0.3, rel=error)
    assert drawn["level"][1:].mean() == pytest.approx(0.5, abs=2 * error)
    assert drawn["level"][1:].std() == pytest.approx(2.0, rel=error)
    assert np.median(drawn["share"][1:]) == pytest.approx(0.3, abs=0.05 * 1.3 * error)
    assert np.corrcoef(drawn["rate"][1:], drawn["level"][1:])[0, 1] == pytest.approx(0, abs=error)


def test_fitted_draws_have_the_covariance_of_the_fit_around_its_values() -> None:
    drawn, priors = members(CORE, a_fit(), SIZE, 5, "laplace"), uncertain(CORE)
    z = np.array([[priors[n].z(v) for v in drawn[n][1:]] for n in ("rate", "level", "share")])
    center = [priors[n].z(a_fit().values[n]) for n in ("rate", "level", "share")]
    covariance = (a_fit().factor @ a_fit().factor.T)[:3, :3]
    sd = np.sqrt(np.diag(covariance))
    error = 5 / np.sqrt(SIZE)
    assert np.abs((z.mean(axis=1) - center) / sd).max() < error
    assert np.abs((np.cov(z) - covariance) / np.outer(sd, sd)).max() < 1.5 * error


def test_a_prior_is_cut_off_at_the_bounds_and_not_heaped_on_them() -> None:
    """The mean and sd of a normal cut off half a sd below its mean and one above are known in closed form."""
    tight = members(CORE, a_fit(), SIZE, 6, "prior")["tight"][1:]
    priors = uncertain(CORE)
    cut = truncnorm(-0.5, 1.0, loc=priors["tight"].center, scale=priors["tight"].spread)
    assert tight.min() > 0.9
    assert tight.max() < 1.2
    assert tight.mean() == pytest.approx(cut.mean(), abs=4 * cut.std() / np.sqrt(SIZE))
    assert tight.std() == pytest.approx(cut.std(), rel=4 / np.sqrt(SIZE))


def test_bounds_that_hardly_any_draw_meets_are_said_to_be_so() -> None:
    class narrow:
        p = parameter(normal(1.0, 5.0), "1", "P.", bounds=(0.9999999, 1.0000001), basis=assumed("x"))

    system = build([narrow])
    with pytest.raises(InputError, match="hardly any draw"):
        members(system, declared(system), 10, 1, "prior")


def test_an_ensemble_of_none_is_the_central_run() -> None:
    drawn = members(CORE, declared(CORE), 0, 1, "laplace")
    assert {name: list(values) for name, values in drawn.items()} == {
        "rate": [2.0], "level": [-1.0], "share": [0.2], "tight": [1.0],
    }  # fmt: skip


def drawn_fit() -> Fit:
    known = {
        name: np.linspace(low, high, 30)
        for name, (low, high) in {"rate": (2, 4), "level": (1, 2), "share": (0.2, 0.3)}.items()
    }
    return replace(a_fit(), facts={"kind": "fitted"}, draws=known)


def test_posterior_members_are_draws_of_the_calibration_together() -> None:
    """Values of one member come from one draw: what the data hold together stays together."""
    found, known = members(CORE, drawn_fit(), 20, 1, "posterior"), drawn_fit().draws
    places = [int(np.flatnonzero(known["rate"] == value)[0]) for value in found["rate"][1:]]
    assert len(set(places)) == 20
    for name in ("level", "share"):
        assert np.array_equal(found[name][1:], known[name][places])


def test_a_parameter_the_fit_does_not_know_is_drawn_from_its_prior_inside_the_bounds() -> None:
    tight = members(CORE, drawn_fit(), 5000, 1, "posterior")["tight"][1:]
    assert 0.9 <= tight.min() < tight.max() <= 1.2
    cut = truncnorm(-0.5, 1.0, loc=1.0, scale=0.2)
    assert tight.mean() == pytest.approx(cut.mean(), abs=4 * cut.std() / np.sqrt(5000))


def test_more_members_than_draws_begin_anew() -> None:
    rates = members(CORE, drawn_fit(), 70, 1, "posterior")["rate"][1:]
    assert np.array_equal(rates[:30], rates[30:60])
    assert np.array_equal(np.sort(rates[:30]), drawn_fit().draws["rate"])


def test_a_seed_and_a_larger_ensemble_of_the_posterior() -> None:
    small, large, other = (members(CORE, drawn_fit(), n, seed, "posterior") for n, seed in ((5, 1), (15, 1), (5, 2)))
    assert np.array_equal(small["rate"], large["rate"][:6])
    assert not np.array_equal(small["rate"], other["rate"])


def test_a_fit_without_draws_says_what_else_there_is() -> None:
    with pytest.raises(InputError, match="no draws of the posterior"):
        members(CORE, a_fit(), 5, 1, "posterior")


def test_without_data_the_posterior_is_the_prior() -> None:
    of_prior, of_none = (members(CORE, declared(CORE), 50, 3, kind) for kind in ("prior", "posterior"))
    assert all(np.array_equal(of_prior[name], of_none[name]) for name in of_prior)
