"""A made-up run with the shape of a real one: every reported outcome, growing, a little apart by scenario."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

import pujiang
from pujiang.evidence import Observation
from pujiang.results import run_folder

PRESENTATION = pujiang.load_model().presentation
"""How results of the shipped model are shown."""

YEARS = np.arange(2015, 2031)
TIMES = np.arange(2015.0, 2031.01, 0.25)
INDUSTRIES = ["ic", "biomedicine", "ai", "other"]
SCENARIOS = (
    "baseline",
    "fifteenth_plan",
    "deep_basic_research",
    "full_ownership_reform",
    "closed_loop_finance",
    "exit_drought",
)
# Value in 2015 and 2030, unit, kind, annual.
OUTCOMES = {
    "gdp": (2782.0, 7400.0, "billion_yuan", "auxiliary", "integral"),
    "research_spending": (93.6, 330.0, "billion_yuan", "auxiliary", "integral"),
    "research_intensity": (0.0336, 0.0462, "1", "auxiliary", "ratio"),
    "research_intensity_reported": (0.0336, 0.0462, "1", "auxiliary", "ratio"),
    "basic_research_share": (0.082, 0.11, "1", "auxiliary", "ratio"),
    "government_research_funding": (34.0, 72.0, "billion_yuan", "flow", "integral"),
    "enterprise_research_funding": (54.0, 240.0, "billion_yuan", "flow", "integral"),
    "enterprise_research_share": (0.578, 0.735, "1", "auxiliary", "ratio"),
    "research_personnel": (171798.0, 365000.0, "person", "stock", "mean"),
    "scientific_knowledge": (40.0, 160.0, "billion_yuan_2015", "stock", "end"),
    "applied_knowledge": (300.0, 1100.0, "billion_yuan_2015", "stock", "end"),
    "invention_patent_applications": (46976.0, 131000.0, "patent", "flow", "integral"),
    "invention_patent_grants": (17601.0, 62000.0, "patent", "flow", "integral"),
    "invention_patents_in_force": (69982.0, 450000.0, "patent", "stock", "end"),
    "technology_contract_value": (66.4, 610.0, "billion_yuan", "auxiliary", "integral"),
    "reform_spinouts_cumulative": (0.1, 620.0, "firm", "stock", "end"),
    "reform_investment_cumulative": (0.01, 31.0, "billion_yuan", "stock", "end"),
    "venture_investment": (60.0, 96.0, "billion_yuan", "auxiliary", "integral"),
    "star_listings": (0.1, 9.0, "firm", "flow", "integral"),
    "star_listed_firms": (0.1, 140.0, "firm", "stock", "end"),
    "star_listed_firms_national": (0.1, 760.0, "firm", "stock", "end"),
    "high_tech_certificates": (2100.0, 9100.0, "firm", "flow", "integral"),
    "high_tech_firms": (6071.0, 26300.0, "firm", "stock", "end"),
    "three_industries_output": (600.0, 2900.0, "billion_yuan", "auxiliary", "integral"),
}


def observation(
    outcome: str | None,
    year: int,
    value: float,
    sd: float | None,
    sd_scale: str,
    likelihood: str = "lognormal",
    role: str = "fit",
) -> Observation:
    """An observation of one series an outcome."""
    series = f"{outcome}_reported"
    return Observation(
        series, "here", year, value, "1", outcome, "flow", likelihood, sd, sd_scale, role, (), (), "", value, "1"
    )


def make_tree(scenarios: tuple[str, ...] = SCENARIOS[:2], draws: int = 20, seed: int = 1) -> xr.DataTree:
    """A run with `draws` ensemble members besides the central one; scenarios part from 2026 on."""
    random = np.random.default_rng(seed)
    push = np.linspace(0.0, 0.06, len(scenarios))
    after = np.clip((YEARS - 2025) / 5, 0, None)
    variables = {}
    for name, (start, end, units, kind, annual) in OUTCOMES.items():
        noise = np.concatenate([[0.0], random.normal(0, 0.06, draws)])
        reaction = np.concatenate([[1.0], random.normal(1, 0.3, draws)])
        history = (YEARS - 2015) / 15
        level = start * (end / start) ** history
        values = level * np.exp(
            noise[None, :, None] * (0.3 + 0.7 * history)
            + push[:, None, None] * reaction[None, :, None] * after * (-1 if name == "venture_investment" else 1)
        )
        attributes = {"units": units, "long_name": name, "sector": "made_up", "kind": kind, "annual": annual}
        variables[name] = (("scenario", "member", "year"), values, attributes)
    total = variables["three_industries_output"][1]
    shares = np.array([0.2, 0.5, 0.3, 1.4])
    variables["industry_output"] = (
        ("scenario", "member", "year", "industry"),
        total[..., None] * shares,
        {
            "units": "billion_yuan",
            "long_name": "output",
            "sector": "made_up",
            "kind": "flow",
            "annual": "integral",
        },
    )
    coordinates = {"scenario": list(scenarios), "member": np.arange(draws + 1), "year": YEARS}
    annual = xr.Dataset(variables, {**coordinates, "industry": INDUSTRIES}, {"seed": seed, **PRESENTATION.attributes()})
    path = np.broadcast_to(np.exp(0.1 * (TIMES - 2015)), (len(scenarios), len(TIMES))).copy()
    trajectories = xr.Dataset(
        {
            "applied_knowledge": (
                ("scenario", "time"),
                path,
                {"units": "billion_yuan_2015", "kind": "stock"},
            ),
            "startups": (
                ("scenario", "time", "industry"),
                path[..., None] * shares,
                {"units": "firm", "kind": "stock"},
            ),
        },
        {"scenario": list(scenarios), "time": TIMES, "industry": INDUSTRIES},
    )
    return xr.DataTree.from_dict({"/annual": annual, "/trajectories": trajectories})


def make_observations() -> list[Observation]:
    """Data near the central member up to 2024, of every role and likelihood."""
    points = []
    for name, (start, end, units, *_) in OUTCOMES.items():
        for year in range(2015, 2025):
            value = start * (end / start) ** ((year - 2015) / 15) * (1 + 0.03 * (-1) ** year)
            scale = "abs" if units == "1" else "log"
            sd = 0.05 * value if scale == "abs" else 0.05
            role = "check" if year in (2022, 2023) else "fit"
            points.append(observation(name, year, value, sd, scale, "normal" if scale == "abs" else "lognormal", role))
    points.append(observation("high_tech_firms", 2021, 8000.0, 0.05, "log", "floor", "fit"))
    points.append(observation("reform_spinouts_cumulative", 2025, 153.0, 0.15, "log", "lognormal", "fit"))
    points.append(observation(None, 2024, 1.0, None, "", "none", "check"))
    return points


def write_run(tree: xr.DataTree, *, folder: Path, facts: Mapping[str, Any], **settings: Any) -> Path:
    """Write a run below `folder` as `pujiang run` does; its path. `settings` as for `run_folder.fill`."""
    with run_folder.building(folder) as partial:
        run_folder.fill(partial, tree, **settings)
        known = run_folder.run_facts(settings["config_yaml"], settings["certificate"], facts, tree)
        return run_folder.finish(partial, known)


CERTIFICATE = {
    "passed": True,
    "failures": [],
    "step_halving": {
        "gdp": {"central": 1e-9, "worst": 3e-8},
        "star_listings": {"central": 2e-5, "worst": 6e-4},
    },
    "conservation": {"firms": 2e-13, "fund_money": -1e-12},
    "non_finite": [],
    "negative_stocks": {},
    "bounds_touched": ["growth_stage_share"],
    "tables_left": [],
}
