"""Does a fit come back from its files, and does it serve a model that has gained or lost parameters?"""

# A sector of a test is a class used as a namespace.
# ruff: noqa: N801

from pathlib import Path

import numpy as np
import pytest

from pujiang.declare import Prior, assumed, dimension, logitnormal, lognormal, normal, parameter
from pujiang.engine.system import System, build
from pujiang.errors import InputError
from pujiang.experiment.fit import Fit, declared, uncertain, z_bounds
from pujiang.experiment.fit_files import load, read, save

place = dimension("place", ("north", "south"), "Places.")


class core:
    rate = parameter(lognormal(2.5, 0.5), "1/year", "Rate.", bounds=(0, 9), start=2.0, basis=assumed("test"))
    level = parameter(normal(0, 2), "1", "Level.", bounds=(-5, 5), start=-1.0, basis=assumed("test"))
    fixed = parameter(3.0, "1", "Fixed.", basis=assumed("test"))
    share = parameter(
        {"north": logitnormal(0.2, 0.05), "south": logitnormal(0.3, 0.05)},
        "1",
        "Share.",
        over=place,
        bounds=(0, 1),
        start={"south": 0.4},
        basis=assumed("test"),
    )


class more:
    extra = parameter(lognormal(1, 0.1), "1", "Extra.", bounds=(0, 9), basis=assumed("test"))


class less:
    level = parameter(normal(0, 2), "1", "Level.", bounds=(-5, 5), start=-1.0, basis=assumed("test"))
    rate = parameter(lognormal(2.5, 0.5), "1/year", "Rate.", bounds=(0, 9), start=2.0, basis=assumed("test"))


CORE = build([core])
NAMES = ["rate", "level", "share.north", "share.south"]


def a_fit(system: System = CORE) -> Fit:
    names = list(uncertain(system))
    square = np.random.default_rng(3).standard_normal((len(names), len(names)))
    covariance = square @ square.T / 9 + 0.1 * np.eye(len(names))
    values = dict(zip(names, [2.3, 0.7, 0.15, 0.35], strict=True))
    return Fit(values, np.linalg.cholesky(covariance), {"model_hash": system.hash, "cost": 1.5})


def test_every_uncertain_parameter_has_its_prior_and_no_other() -> None:
    assert list(uncertain(CORE)) == NAMES
    assert uncertain(CORE)["share.south"] == Prior("logitnormal", 0.3, 0.05)


def test_bounds_in_z_are_where_the_prior_has_the_bounds() -> None:
    low, high = z_bounds(CORE, uncertain(CORE))
    assert low[0] == -np.inf  # a lognormal never reaches 0
    assert high[0] == pytest.approx(np.log(9 / 2.5) / 0.5)
    assert (low[1], high[1]) == (-2.5, 2.5)
    assert (low[2], high[2]) == (-np.inf, np.inf)


def test_no_fit_is_declared_values_and_priors() -> None:
    fit = declared(CORE)
    assert fit.values == {"rate": 2.0, "level": -1.0, "share.north": 0.2, "share.south": 0.4}
    assert np.array_equal(fit.factor, np.eye(4))


def test_a_fit_comes_back_from_its_files(tmp_path: Path) -> None:
    fit = a_fit()
    save(fit, tmp_path)
    found = load(read(tmp_path / "fit.yaml"), CORE)
    assert list(found.values) == NAMES
    assert found.values == pytest.approx(fit.values, rel=1e-9)
    assert found.factor == pytest.approx(fit.factor, rel=1e-4, abs=1e-5)
    assert found.facts == fit.facts


def test_saving_again_what_was_loaded_gives_the_same_files(tmp_path: Path) -> None:
    save(a_fit(), tmp_path, "one")
    save(load(read(tmp_path / "one.yaml"), CORE), tmp_path, "other")
    assert (tmp_path / "one.yaml").read_bytes() == (tmp_path / "other.yaml").read_bytes()


def test_a_larger_model_takes_what_the_fit_knows_and_its_priors_for_the_rest(tmp_path: Path) -> None:
    save(a_fit(), tmp_path)
    larger = build([more, core])
    found = load(read(tmp_path / "fit.yaml"), larger)
    assert list(found.values) == ["extra", *NAMES]
    assert found.values["extra"] == 1.0
    assert found.values["rate"] == pytest.approx(2.3)
    wanted = np.zeros((5, 5))
    wanted[0, 0] = 1.0
    wanted[1:, 1:] = a_fit().factor @ a_fit().factor.T
    assert found.factor @ found.factor.T == pytest.approx(wanted, rel=1e-4, abs=1e-5)


def test_a_smaller_model_in_another_order_keeps_the_covariance_of_what_is_left(tmp_path: Path) -> None:
    save(a_fit(), tmp_path)
    found = load(read(tmp_path / "fit.yaml"), build([less]))
    assert list(found.values) == ["level", "rate"]
    wanted = (a_fit().factor @ a_fit().factor.T)[np.ix_([1, 0], [1, 0])]
    assert found.factor @ found.factor.T == pytest.approx(wanted, rel=1e-4)


def test_a_model_without_uncertain_parameters_has_an_empty_fit(tmp_path: Path) -> None:
    class certain:
        fixed = parameter(3.0, "1", "Fixed.", basis=assumed("test"))

    system = build([certain])
    save(declared(system), tmp_path)
    assert load(read(tmp_path / "fit.yaml"), system).factor.shape == (0, 0)


VALUES = "facts: {}\nvalues:\n  rate: 2.0\n  level: 1.0\n"
DAMAGE = {
    "no values": ("facts: {}\n", "1\n0,1\n"),
    "not YAML": ("values: [\n", "1\n0,1\n"),
    "a list": ("- 1\n", "1\n0,1\n"),
    "empty": ("", "1\n0,1\n"),
    "a word for a number": ("values:\n  rate: much\n  level: 1\n", "1\n0,1\n"),
    "no number": ("values:\n  rate: .nan\n  level: 1\n", "1\n0,1\n"),
    "beyond the prior": ("values:\n  rate: -2.0\n  level: 1\n", "1\n0,1\n"),
    "half a factor": (VALUES, "1\n"),
    "a square factor": (VALUES, "1,0\n0,1\n"),
    "a word in the factor": (VALUES, "1\nx,1\n"),
    "no number in the factor": (VALUES, "1\nnan,1\n"),
    "a factor without variance": (VALUES, "1\n0,0\n"),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_file_is_refused_in_one_line_that_names_it(case: str, tmp_path: Path) -> None:
    values, factor = DAMAGE[case]
    (tmp_path / "fit.yaml").write_text(values, encoding="utf-8")
    (tmp_path / "fit_factor.csv").write_text(factor, encoding="utf-8")
    with pytest.raises(InputError, match=r"^fit: .*fit\.yaml or fit_factor\.csv is damaged: [^\n]+$"):
        load(read(tmp_path / "fit.yaml"), CORE)


def test_a_value_out_of_bounds_is_refused_by_name(tmp_path: Path) -> None:
    bounds = CORE.parameters["rate"].bounds
    assert bounds is not None
    beyond = 2 * bounds[1]
    (tmp_path / "fit.yaml").write_text(f"facts: {{}}\nvalues:\n  rate: {beyond}\n  level: 1.0\n", encoding="utf-8")
    (tmp_path / "fit_factor.csv").write_text("1\n0,1\n", encoding="utf-8")
    told = f"rate is {beyond:g}, allowed from {bounds[0]:g} to {bounds[1]:g}"
    with pytest.raises(InputError, match=rf"^fit: \S+fit\.yaml: {told}$"):
        load(read(tmp_path / "fit.yaml"), CORE)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "fit.yaml").write_bytes(b"\xff\xfe\x00values")
    (tmp_path / "fit_factor.csv").write_text("1\n", encoding="utf-8")
    with pytest.raises(InputError, match="is damaged"):
        load(read(tmp_path / "fit.yaml"), CORE)


@pytest.mark.parametrize("missing", ["fit.yaml", "fit_factor.csv"])
def test_a_missing_file_is_named(missing: str, tmp_path: Path) -> None:
    save(a_fit(), tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(InputError, match=rf"^fit: \S*{missing}' is missing"):
        load(read(tmp_path / "fit.yaml"), CORE)


def with_draws() -> Fit:
    system = build([core])
    names = declared(system).values
    random = np.random.default_rng(3)
    draws = {name: np.clip(value + 0.1 * random.standard_normal(20), 0.01, 0.99) for name, value in names.items()}
    return Fit(names, np.eye(len(names)), {"kind": "fitted"}, draws)


def test_draws_come_back_to_seven_digits_by_name(tmp_path: Path) -> None:
    save(with_draws(), tmp_path)
    found = load(read(tmp_path / "fit.yaml"), build([core]))
    assert found.draws.keys() == with_draws().draws.keys()
    for name, drawn in with_draws().draws.items():
        assert found.draws[name] == pytest.approx(drawn, rel=1e-6)


def test_draws_tell_one_fit_from_another(tmp_path: Path) -> None:
    save(with_draws(), tmp_path)
    one = load(read(tmp_path / "fit.yaml"), build([core])).hash
    drawn = np.load(tmp_path / "fit_draws.npy")
    drawn[0, 0] *= 1.5
    np.save(tmp_path / "fit_draws.npy", drawn)
    assert load(read(tmp_path / "fit.yaml"), build([core])).hash != one


def test_a_system_takes_the_draws_of_the_parameters_it_has(tmp_path: Path) -> None:
    save(with_draws(), tmp_path)
    found = load(read(tmp_path / "fit.yaml"), build([less]))
    assert set(found.draws) == {"level", "rate"}


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", np.lib.format.magic(1, 0), b"PICKLE"], ids=["empty", "words", "cut", "other"]
)
def test_damaged_draws_are_one_line_that_names_the_file(tmp_path: Path, content: bytes) -> None:
    save(with_draws(), tmp_path)
    (tmp_path / "fit_draws.npy").write_bytes(content or b"\0")
    with pytest.raises(InputError, match=r"fit_draws\.npy is damaged"):
        load(read(tmp_path / "fit.yaml"), build([core]))


@pytest.mark.parametrize(
    "wrong", [np.zeros((3, 2), np.float32), np.full((3, 4), np.nan, np.float32), np.zeros(4, np.float32)]
)
def test_draws_of_another_shape_are_refused(tmp_path: Path, wrong: np.ndarray) -> None:
    save(with_draws(), tmp_path)
    np.save(tmp_path / "fit_draws.npy", wrong)
    with pytest.raises(InputError, match=r"fit_draws\.npy is damaged"):
        load(read(tmp_path / "fit.yaml"), build([core]))
