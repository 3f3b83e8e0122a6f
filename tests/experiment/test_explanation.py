"""Is a difference divided as it should be, from the words that name it to the tree?"""

from types import SimpleNamespace

import numpy as np
import pytest

import pujiang
from pujiang.api.model import Model
from pujiang.declare import assumed, auxiliary, lever, reported
from pujiang.engine.simulate import Simulation
from pujiang.engine.system import System, build
from pujiang.errors import InputError
from pujiang.evidence import NO_EVIDENCE
from pujiang.experiment import fit as fits
from pujiang.experiment.explanation.asked import Asked
from pujiang.experiment.explanation.explain import explain
from pujiang.experiment.explanation.sides import Side
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.scenario import EnsembleConfig, Scenario
from pujiang.labelled import in_xarray

SIX = (
    "ownership_rollout_rate",
    "exit_window",
    "patient_capital_injection",
    "early_stage_shift",
    "merger_support",
    "proof_of_concept_programme",
)
"""Six levers of new_core."""


def levers(**targets: float) -> Scenario:
    return Scenario("b", levers={name: LeverSetting(target=value, start=0.0) for name, value in targets.items()})


@pytest.fixture(scope="module")
def product() -> System:
    """y = (1 + a)(1 + b), z = max(a, b); c is read by nothing that is reported."""
    made = {name: lever("1", f"{name}.", default=0.0, bounds=(0, 9), basis=assumed("test")) for name in ("a", "b", "c")}

    @auxiliary("1", reported=reported("mean"))
    def y(a, b):
        """A product."""
        return (1 + a) * (1 + b)

    @auxiliary("1")
    def idle(c):
        """Nobody reads it."""
        return c + c

    return build([SimpleNamespace(**made, y=y, idle=idle, __name__="made")])


def explained(system: System, a: Scenario, b: Scenario, **asked: object) -> "pujiang.xr.DataTree":
    fit = fits.declared(system)
    pair = (Side("a", a, fit, NO_EVIDENCE), Side("b", b, fit, NO_EVIDENCE))
    return in_xarray(explain(system, *pair, Simulation(0, 2), EnsembleConfig(0), Asked(**asked)))


def test_two_levers_that_multiply_by_hand(product: System) -> None:
    tree = explained(product, Scenario("a"), levers(a=1.0, b=3.0, c=2.0))
    assert tree["levers"].y.sel(member=0, year=2).to_series().to_dict() == pytest.approx({"a": 2.5, "b": 4.5, "c": 0.0})
    assert tree["levers/joint"].y.sel(difference="a", other="b", year=2) == pytest.approx(3.0)
    sources = tree["pathways/sources"].to_dataset()
    # Along the straight line the shares are those by hand, too: the expression is bilinear.
    assert dict(zip(sources["input"].values, sources["amount"].values, strict=True)) == pytest.approx(
        {"a": 2.5, "b": 4.5}
    )


def test_levers_that_do_the_same_have_equal_parts(product: System) -> None:
    tree = explained(product, Scenario("a"), levers(a=2.0, b=2.0))
    first, second = tree["levers"].y.sel(member=0, year=1).values
    assert first == pytest.approx(second, rel=1e-14)


def test_levers_can_be_taken_together(product: System) -> None:
    tree = explained(product, Scenario("a"), levers(a=1.0, b=3.0, c=1.0), group={"both": ("a", "b")})
    assert tree["levers"]["difference"].values.tolist() == ["both", "c"]
    assert tree["levers"].y.sel(difference="both", member=0, year=2) == pytest.approx(7.0)


@pytest.mark.parametrize(
    ("how", "groups"),
    [
        ("theme", {"Transfer", "Exits", "Venture money"}),
        ("sector", {"proof_of_concept", "star_listing", "state_funds", "venture_chain"}),
    ],
)
def test_levers_are_taken_together_by_theme_or_by_sector(model: Model, how: str, groups: set[str]) -> None:
    """Groups keep the whole; a theme is a group of the page with levers."""
    case = {"scenario": "closed_loop_finance", "ensemble": 0}
    tree = model.explain(case, group=how, pathways=False, loops=False)
    assert set(tree["levers"]["difference"].values) == groups
    whole = float(np.diff(tree["annual"].high_tech_firms.sel(member=0, year=2030).values)[0])
    parts = tree["levers"].high_tech_firms.sel(member=0, year=2030)
    assert float(parts.sum()) == pytest.approx(whole, rel=1e-9)
    assert float(parts.max()) > 0.5 * whole


@pytest.fixture(scope="module")
def six(model: Model) -> "pujiang.xr.DataTree":
    """Six levers of new_core with twenty members."""
    config = model.configure("new_core", ensemble=20)
    whole = config.scenarios[1]
    chosen = Scenario("six", levers={name: whole.levers[name] for name in SIX})
    return model.explain(pujiang_config(config, chosen), outcomes=["high_tech_firms", "gdp", "research_intensity"])


def pujiang_config(config, scenario):
    from dataclasses import replace

    return replace(config, scenarios=(config.scenarios[0], scenario))


def test_parts_add_up_in_every_outcome_member_and_year(six) -> None:
    levels, parts = six["annual"].to_dataset(), six["levers"].to_dataset()
    assert six["levers"].attrs["exact"] == 1
    for name in parts.data_vars:
        whole = levels[name][1] - levels[name][0]
        gap = np.abs((parts[name].sum("difference") - whole).values).max()
        assert gap <= 1e-9 * float(np.abs(levels[name]).max()), name


def test_six_levers_of_new_core_equal_direct_enumeration(model: Model, six) -> None:
    """Shapley's formula over runs made one by one, each subset as a scenario of its own."""
    from itertools import combinations
    from math import factorial

    whole = model.configure("new_core", ensemble=0).scenarios[1]
    config = model.configure(ensemble=0)
    subsets = [frozenset(s) for size in range(7) for s in combinations(SIX, size)]
    scenarios = tuple(
        Scenario(f"s{n}", levers={name: whole.levers[name] for name in subset}) for n, subset in enumerate(subsets)
    )
    from dataclasses import replace

    from pujiang.experiment.run import run_outcomes

    annual = run_outcomes(
        replace(config, scenarios=(config.scenarios[0], *scenarios)), model.system, model.evidence(), model.fit()
    )
    value = {subset: annual.high_tech_firms.values[n + 1, 0, -1] for n, subset in enumerate(subsets)}
    for name in SIX:
        part = sum(
            factorial(len(s)) * factorial(5 - len(s)) / factorial(6) * (value[s | {name}] - value[s])
            for s in subsets
            if name not in s
        )
        found = float(six["levers"].high_tech_firms.sel(difference=name, member=0, year=2030))
        assert found == pytest.approx(part, rel=1e-9, abs=1e-6), name


def test_pathways_add_up_to_the_difference_and_agree_with_trajectories(six) -> None:
    pathways, courses = six["pathways"].to_dataset(), six["trajectories"].to_dataset()
    parts = pathways["part"].values
    effects = pathways["effect"].values
    for name in ("venture_investment", "high_tech_firms", "real_output", "perceived_exit_yield"):
        whole = courses[name].values[1] - courses[name].values[0]
        found = parts[effects == name].sum(axis=0)
        assert np.abs(found - whole).max() <= 1e-9 * np.abs(courses[name].values).max()
    sources = six["pathways/sources"].to_dataset()
    levels = six["annual"].to_dataset()
    for name in ("high_tech_firms", "gdp", "research_intensity"):
        whole = float(np.diff(levels[name].sel(member=0, year=2030).values)[0])
        amount = sources["amount"].values[sources["of"].values == name].sum()
        assert amount == pytest.approx(whole, rel=1e-9)


def test_sampled_orders_agree_with_exact_parts_within_their_error(model: Model) -> None:
    exact = model.explain("closed_loop_finance", ensemble=0, pathways=False)
    drawn = model.explain("closed_loop_finance", ensemble=0, pathways=False, orders=6)
    for name in ("high_tech_firms", "gdp", "venture_investment"):
        gap = np.abs(exact["levers"][name] - drawn["levers"][name]).sel(year=2030, member=0)
        error = drawn["levers/error"][name].sel(year=2030, member=0)
        assert bool((gap <= 4 * error + 1e-9).all()), name
    assert drawn["levers"].attrs["exact"] == 0


def test_parameters_and_the_fit_are_differences_too(model: Model) -> None:
    name = model.system.parameter_names[0]
    fitted = model.fit().values
    changed = {n: float(v * 1.01) for n, v in list(fitted.items())[:2]}
    tree = model.explain({"scenario": "baseline", "parameters": changed, "ensemble": 0}, pathways=False)
    assert set(tree["levers"]["difference"].values.tolist()) == set(changed)
    fits_differ = model.explain(
        {"scenario": "exit_drought", "fit": "declared", "ensemble": 0}, {"scenario": "exit_drought", "ensemble": 0}
    )
    assert fits_differ["levers"]["difference"].values.tolist() == ["fit"]
    assert fits_differ["levers"]["kind"].values.tolist() == ["fit"]
    assert name


def test_a_run_names_its_own_scenarios(model: Model) -> None:
    tree = model.run(["exit_drought", "rent_relief"], ensemble=0)
    found = model.explain(tree, a="rent_relief", b="exit_drought", pathways=False)
    assert (found.attrs["a"], found.attrs["b"]) == ("rent_relief", "exit_drought")
    assert "rent_relief" in found["levers"]["difference"].values
    levels = found["annual"].gdp.sel(member=0, year=2030).values
    assert (
        levels.tolist()
        == tree["annual"].gdp.sel(member=0, year=2030, scenario=["rent_relief", "exit_drought"]).values.tolist()
    )


@pytest.mark.parametrize(
    ("cases", "asked", "said"),
    [
        (("baseline",), {}, "the baseline is held against itself"),
        (("exit_drought", "exit_drought"), {}, "do not differ in anything"),
        (("exit_drought", "new_core", "rent_relief"), {}, "found 3 cases, takes two"),
        (("no_such_thing",), {}, "no run 'no_such_thing'"),
        (("exit_drougth",), {}, "or a scenario; did you mean 'exit_drought'"),
        (("exit_drought",), {"outcomes": ["gpd"]}, "there is no 'gpd'; did you mean 'gdp'?"),
        (("exit_drought",), {"year": 1999}, "year: found 1999, allowed: 2015 to 2030"),
        (("exit_drought",), {"group": {"x": ["rent_relief"]}}, "which does not differ"),
        (("exit_drought",), {"group": "themes"}, "group: found 'themes'"),
        (("exit_drought",), {"group": {"exit_window": ["market_valuation"]}}, "differs by itself"),
        ((), {}, "needs two cases"),
        (("exit_drought",), {"orders": 1}, "orders: found 1, needs 2 pairs or more"),
    ],
)
def test_what_cannot_be_explained_is_refused_in_one_line(model: Model, cases, asked, said: str) -> None:
    with pytest.raises(InputError) as caught:
        model.explain(*cases, ensemble=0, **asked)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_lost_with_a_variable_held_is_what_its_links_carry(model: Model) -> None:
    """A check by runs: what goes through the listing pace, and listed firms' cash, cannot arrive without them."""
    tree = model.explain(
        "closed_loop_finance", ensemble=0, outcomes=["high_tech_firms"], loops=False,
        hold=["listing_pace", "backed_certified_firms", "startups"],
    )  # fmt: skip
    whole = float(np.diff(tree["annual"].high_tech_firms.sel(member=0, year=2030).values)[0])
    held = tree["pathways/held"].to_dataset()
    for lost, carried in zip(held["lost"].values, held["carried"].values, strict=True):
        assert lost / whole == pytest.approx(carried / whole, abs=0.05)
    assert held["lost"].values[0] / whole > 0.5


def test_a_loop_is_measured_where_it_runs(model: Model) -> None:
    found = model.loops("closed_loop_finance")
    gains = found["gain"]
    assert gains.dims == ("loop", "case", "start")
    assert found["start"].values.tolist() == [2015, 2020, 2025, 2026, 2030]
    baseline = gains.sel(case="baseline", start=2026)
    for name, kind in zip(found["loop"].values, found["polarity"].values, strict=True):
        value = float(baseline.sel(loop=name))
        assert (value > 0) == (kind == "reinforcing"), name
    exits = gains.sel(loop="exits_and_capital", start=2026)
    assert float(exits.sel(case="closed_loop_finance")) > float(exits.sel(case="baseline")) > 0
    strongest = found["strongest"].sel(case="baseline", start=2026)
    assert int(strongest.sum()) == 2  # one of each polarity


def test_a_loop_that_does_not_do_what_it_is_called_fails_the_check() -> None:
    """A chain that reinforces, beside a stronger one that balances: called R, it gives back less than nothing."""
    from pujiang.experiment.check import _gain
    from pujiang.experiment.gains import Gain

    assert not _gain(Gain("x", "y", {2: -0.1, 5: -0.2}), "reinforcing").passed
    assert _gain(Gain("x", "y", {2: -0.1, 5: 0.2}), "reinforcing").passed
    assert not _gain(Gain("x", "y", {2: float("nan"), 5: float("nan")}), "reinforcing").passed
