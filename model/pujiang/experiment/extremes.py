"""Extreme conditions: what the model must do where no data reach, as questions with a yes or no."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pujiang.experiment.levers import LeverSetting

if TYPE_CHECKING:
    import xarray as xr

Values = Callable[[str, int], float]
"""The central value of an annual outcome, by scalar name, in a year."""


@dataclass(frozen=True)
class Extreme:
    """A condition far outside experience, from 2026 on, and what must come of it.

    `levers` are steps to a value; `switches` are cut; `expected` compares the run with the baseline:
    (what is expected, in words; the test, of run and baseline).
    """

    name: str
    levers: Mapping[str, float] = field(default_factory=dict)
    switches: tuple[str, ...] = ()
    expected: tuple[tuple[str, Callable[[Values, Values], bool]], ...] = ()

    @property
    def settings(self) -> dict[str, LeverSetting]:
        """The levers as settings: steps at the start of 2026."""
        return {name: LeverSetting(target=value) for name, value in self.levers.items()}


def _below(outcome: str, share: float) -> tuple[str, Callable[[Values, Values], bool]]:
    return (
        f"{outcome} in 2030 below {share:.0%} of the baseline",
        lambda run, base: run(outcome, 2030) < share * base(outcome, 2030),
    )


def _above(outcome: str, share: float) -> tuple[str, Callable[[Values, Values], bool]]:
    return (
        f"{outcome} in 2030 above {share:.0%} of the baseline",
        lambda run, base: run(outcome, 2030) > share * base(outcome, 2030),
    )


def _falls(outcome: str) -> tuple[str, Callable[[Values, Values], bool]]:
    return (f"{outcome} falls from 2026 to 2030", lambda run, base: run(outcome, 2030) < run(outcome, 2026))


def _none(outcome: str) -> tuple[str, Callable[[Values, Values], bool]]:
    return (
        f"{outcome} in 2030 under a millionth of the baseline",
        lambda run, base: run(outcome, 2030) < 1e-6 * base(outcome, 2030),
    )


def spinouts_since_2026(values: Values) -> float:
    """Reform spin-outs founded in 2026-30."""
    return values("reform_spinouts_cumulative", 2030) - values("reform_spinouts_cumulative", 2025)


def knowledge_per_research(run: Values, base: Values) -> float:
    """Knowledge gained over the baseline per yuan of research spent over it."""
    spent = sum(run("research_spending", y) - base("research_spending", y) for y in range(2026, 2031))
    return (run("applied_knowledge", 2030) - base("applied_knowledge", 2030)) / spent


EXTREMES = (
    Extreme(
        "no research is funded",
        {"public_research_multiplier": 0.0, "private_capital": 0.0},
        ("firm_research_active",),
        (
            _below("research_spending", 0.2),
            _falls("applied_knowledge"),
            _falls("high_tech_firms"),
            _below("invention_patent_applications", 0.5),
        ),
    ),
    Extreme(
        "exits are shut and stakes are worth nothing",
        {"exit_window": 0.0, "market_valuation": 0.0},
        (),
        (_below("venture_investment", 0.4), _none("star_listings")),
    ),
    Extreme(
        "every institution must reform at once",
        {"ownership_rollout_rate": 2.0},
        (),
        (
            (
                "fewer than one institution stays unreformed",
                lambda run, base: run("institutions_unreformed", 2030) < 1,
            ),
            _above("reform_spinouts_cumulative", 1.2),
        ),
    ),
    Extreme(
        "researchers remit everything",
        {"remittance_share": 1.0},
        (),
        (
            (
                "spin-outs of 2026-30 fall below a tenth of the baseline",
                lambda run, base: spinouts_since_2026(run) < 0.1 * spinouts_since_2026(base),
            ),
        ),
    ),
    Extreme(
        "researchers remit nothing",
        {"remittance_share": 0.0},
        (),
        (
            (
                "spin-outs of 2026-30 rise",
                lambda run, base: spinouts_since_2026(run) > spinouts_since_2026(base),
            ),
        ),
    ),
    Extreme(
        "two trillion yuan a year of patient capital",
        {"patient_capital_injection": 2000.0},
        (),
        (
            _above("venture_investment", 2.0),
            (
                "star-listed firms rise by less than a tenth",
                lambda run, base: run("star_listed_firms", 2030) < 1.1 * base("star_listed_firms", 2030),
            ),
        ),
    ),
    Extreme(
        "a research target of a fifth of output",
        {"research_intensity_target": 0.2},
        (),
        (
            _above("research_intensity", 1.1),
            _above("applied_knowledge", 1.0),
            (
                "a yuan more of research adds less knowledge than one at the average of the baseline",
                lambda run, base: (
                    knowledge_per_research(run, base)
                    < base("applied_knowledge", 2030) / sum(base("research_spending", y) for y in range(2026, 2031))
                ),
            ),
        ),
    ),
    Extreme(
        "all research is basic",
        {"basic_share_target": 1.0},
        (),
        (_below("applied_knowledge", 0.98), _above("scientific_knowledge", 1.02)),
    ),
    Extreme(
        "no births and no private capital",
        {"private_capital": 0.0},
        ("firms_are_born",),
        (_below("high_tech_firms", 0.95), _below("venture_investment", 0.6)),
    ),
    Extreme(
        "no private capital",
        {"private_capital": 0.0},
        (),
        (
            _below("venture_investment", 0.6),
            _below("technology_firm_births", 0.99),
            _below("high_tech_firms", 0.99),
            _below("three_industries_output", 0.998),
        ),
    ),
    Extreme(
        "restrictions bar all they can",
        {"restriction_target": 1.0},
        (),
        (
            _below("industry_output.ic", 0.97),
            _below("three_industries_output", 1.0),
            _below("import_dependence", 1.0),
            _below("foreign_talent", 1.0),
        ),
    ),
    Extreme(
        "restrictions end",
        {"restriction_target": 0.0},
        (),
        (_above("industry_output.ic", 1.03), _above("import_dependence", 1.0)),
    ),
    Extreme(
        "space is abundant and its rent paid",
        {"rent_relief": 1.0, "production_space_programme": 10.0},
        (),
        (
            _above("technology_firm_births", 1.05),
            _below("occupancy", 0.9),
            (
                "births rise by less than three quarters",
                lambda run, base: run("technology_firm_births", 2030) < 1.75 * base("technology_firm_births", 2030),
            ),
        ),
    ),
    Extreme(
        "five million square metres a year are withdrawn",
        {"production_space_programme": -5.0},
        (),
        (
            _above("rent_index", 1.2),
            _below("technology_firm_births", 1.0),
            _below("production_space", 0.8),
        ),
    ),
    Extreme(
        "enrolment in science and engineering collapses",
        {"stem_enrolment_growth": -0.3},
        (),
        (
            (
                "graduates of 2026 hardly change",
                lambda run, base: run("graduates", 2026) > 0.97 * base("graduates", 2026),
            ),
            _below("graduates", 0.8),
            _below("research_personnel", 1.0),
        ),
    ),
    Extreme(
        "twice as many people come",
        {"talent_attraction": 1.0},
        (),
        (_above("research_personnel", 1.0), _above("applied_knowledge", 1.0), _above("foreign_talent", 1.2)),
    ),
    Extreme(
        "every scenario is opened at once and all go digital",
        {"scenario_opening": 3000.0, "digital_programme": 0.2},
        (),
        (
            _above("application_scenarios", 1.0),
            (
                "adoption stays below one",
                lambda run, base: base("digital_adoption", 2030) < run("digital_adoption", 2030) < 1,
            ),
            _above("gdp", 1.0),
        ),
    ),
    Extreme(
        "half of all research moves to Minhang and Lin-gang",
        {"district_focus": 0.5},
        (),
        (
            _above("district_research_spending.minhang", 2.0),
            (
                "research of the city changes by less than two in a hundred",
                lambda run, base: abs(run("research_spending", 2030) / base("research_spending", 2030) - 1) < 0.02,
            ),
        ),
    ),
    Extreme(
        "fifty incubators open a year",
        {"incubator_openings": 50.0},
        (),
        (_above("venture_stage_firms", 1.0), _below("incubator_support", 1.3)),
    ),
    Extreme(
        "institutions stop caring",
        {"institutional_effort": -0.2},
        (),
        (_below("institutional_quality", 0.95), _below("gdp", 1.0)),
    ),
)
"""The extreme conditions of the sectors present (Forrester and Senge 1980: tests of model behaviour)."""


def judge(extreme: Extreme, run: Values, base: Values) -> list[tuple[str, bool]]:
    """Each expectation of an extreme condition and whether it holds."""
    return [(text, bool(test(run, base))) for text, test in extreme.expected]


def reader(annual: "xr.Dataset", trajectories: "xr.Dataset", scenario: str) -> Values:
    """Central values of a scenario: annual outcomes (`name.element` of one that runs over a dimension), and
    year-end values of other variables."""

    def value(name: str, year: int) -> float:
        name, _, element = name.partition(".")
        if name in annual:
            found = annual[name].sel(scenario=scenario, year=year)[0]
            return float(found.sel({found.dims[0]: element}) if element else found)
        return float(trajectories[name].sel(scenario=scenario, time=year + 1.0))

    return value
