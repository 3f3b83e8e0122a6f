"""Which inputs move which outcomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pujiang.annotations import check
from pujiang.api.arguments import checked
from pujiang.api.clusters import workers_of
from pujiang.api.loaded import Loaded, PathLike
from pujiang.api.sweeps import Progress, plan_of, plan_of_folder, prepared
from pujiang.configuration.keys import flat
from pujiang.configuration.sweep_axes import everything
from pujiang.configuration.sweep_files import PLAN_FILE, plan_files
from pujiang.configuration.sweep_plan import plan_of_run
from pujiang.configuration.sweep_words import request
from pujiang.errors import InputError, nearest
from pujiang.experiment import screening
from pujiang.experiment.axes import Axis
from pujiang.experiment.beliefs import RUNS, Beliefs, beliefs
from pujiang.experiment.cluster import shared_out
from pujiang.experiment.designs import MOST_POINTS, Design, check_size, morris
from pujiang.experiment.not_finite import POLICIES, Policy, told, where
from pujiang.experiment.screening import STUDIES
from pujiang.experiment.sweep import Plan
from pujiang.experiment.sweep_runs import Runner
from pujiang.options import option
from pujiang.presentation import Presentation
from pujiang.results import run_folder
from pujiang.results.bands import bands_table, believed_table
from pujiang.results.sweep_store import STORE
from pujiang.values import choice, whole

if TYPE_CHECKING:
    import pandas as pd
    from distributed import Client

METHODS = ("shapley", *STUDIES)
"""`shapley` is over what is believed, the joint posterior; the others over the axes of a plan."""


@dataclass(frozen=True)
class Sizes:
    """How large a study is: Morris trajectories; base points of Sobol' indices (a power of two); of how many
    inputs these are where there are more, the foremost of a Morris screening; and the seed of both."""

    morris: int = option(20, low=2, high=MOST_POINTS, doc="Morris trajectories", key="morris.size")
    sobol: int = option(1024, low=2, high=MOST_POINTS, doc="base points of Sobol' indices", key="sobol.size")
    sobol_inputs: int = option(24, low=1, high=10_000, doc="inputs these are of", key="sobol.inputs")
    seed: int = option(2026, low=0, high=2**32 - 1, doc="what both start from")


@dataclass(frozen=True)
class Sensitivity:
    """What outcomes owe to inputs: a table a method (None where it was not asked for), notes on how to read
    them, the plan whose axes they are about, and the hash of the model; and the points at which something was not a
    finite number (None where there are none). `bands`: what carries the bands, by sector and source, beside `shapley`;
    `beliefs`: both as arrays.
    """

    shapley: "pd.DataFrame | None"
    bands: "pd.DataFrame | None"
    tornado: "pd.DataFrame | None"
    morris: "pd.DataFrame | None"
    sobol: "pd.DataFrame | None"
    notes: tuple[str, ...]
    plan: Plan
    model_hash: str
    presentation: Presentation
    not_finite: "pd.DataFrame | None" = None
    beliefs: Beliefs | None = None

    @checked
    def save(self, folder: PathLike = "runs", *, facts: Mapping[str, Any] | None = None) -> Path:
        """Write the study as a run folder below `folder`: plan, a CSV a method, notes, figures; its path."""
        from pujiang.results.figures.sensitivity import write_sensitivity_figures

        with run_folder.building(Path(folder)) as partial:
            for name, text in plan_files(self.plan).items():
                (partial / name).write_text(text, encoding="utf-8", newline="\n")
            for method in (*METHODS, "bands"):
                made = getattr(self, method)
                if made is not None:
                    made.to_csv(partial / f"{method}.csv", index=False, float_format="%.10g", lineterminator="\n")
            if self.not_finite is not None:
                self.not_finite.to_csv(
                    partial / "not_finite.csv", index=False, float_format="%.10g", lineterminator="\n"
                )
            (partial / "notes.txt").write_text("\n".join(self.notes) + "\n", encoding="utf-8", newline="\n")
            if self.plan.reference.output.figures:
                output = self.plan.reference.output
                write_sensitivity_figures(
                    partial / "figures",
                    {method: getattr(self, method) for method in METHODS},
                    self.presentation,
                    output.lang,
                )
            axes = [axis.key for axis in self.plan.axes]
            known = {"kind": "sensitivity", "model_hash": self.model_hash, "axes": axes}
            return run_folder.finish(partial, {**known, **(facts or {})})


def sensitivity(
    model: Loaded,
    /,
    run: PathLike | None = None,
    axes: Mapping[str, Any] | None = None,
    scenario: str | None = None,
    *,
    methods: Sequence[str] | None = None,
    morris_size: int = Sizes.morris,
    sobol_size: int = Sizes.sobol,
    sobol_inputs: int = Sizes.sobol_inputs,
    seed: int = Sizes.seed,
    outcomes: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
    not_finite: Policy = "leave_out",
    config_dir: PathLike | None = None,
    cluster: Any = None,
    workers: int | None = None,
    **settings: Any,
) -> Sensitivity:
    """Which inputs move which outcomes: over what is believed, and one by one over designed points.

    Args:
        run: a sweep (its axes, and its own points where they are a morris or saltelli design) or a run (all
            levers within their bounds and all uncertain parameters, around one of its scenarios).
        axes: without a run, as for `sweep`; by default all levers and all uncertain parameters.
        scenario: which one, where there are several.
        methods: of shapley (what carries the bands over the joint posterior), tornado, morris, sobol (over the axes).
            By default shapley, and a tornado of the levers; of a sweep, of axes or with sizes: the last three.
        morris_size, sobol_size, sobol_inputs, seed: see `Sizes`.
        outcomes: those it is about; by default all of the run, or of the model.
        years: those the tables are about; by default all in which levers act.
        not_finite: points at which an outcome is not a finite number are left out of it and told ("leave_out"), or
            are an error ("refuse").
        cluster, workers: as for `sweep`.
        settings: shock, levers, parameters, simulation (mappings), fit, evidence, engine.

    Raises:
        InputError: one line on what is wrong with the input.
    """
    for key in settings:
        refuse_unused(key)
    sizes = Sizes(morris_size, sobol_size, sobol_inputs, seed)
    if run is None:
        chosen = {"scenario": "baseline" if scenario is None else scenario, **settings}
        asked = request(axes or everything(model.system), flat(chosen), {"design": "saltelli"})
        made, folder, given = plan_of(model, asked, config_dir), None, bool(axes)
    else:
        if axes or settings:
            raise InputError("sensitivity: a run has its own axes and settings; give them without a run")
        folder = run_folder.find(run, wanted=run_folder.holds_scenarios)
        made, given = plan_for(model, folder, scenario), (folder / PLAN_FILE).is_file()
    made, chosen_methods = by_default(about(made, outcomes), methods, given, sizes)
    with workers_of(cluster, workers) as client:
        return sensitivity_of(
            model, made, folder, methods=chosen_methods, sizes=sizes, years=years, policy=not_finite, on=client
        )


def by_default(made: Plan, methods: Sequence[str] | None, given: bool, sizes: Sizes) -> tuple[Plan, tuple[str, ...]]:
    """The plan and the methods of a study.

    Args:
        methods: those asked for, if any.
        given: whether axes were; who gives axes, or sizes of designs, wants them studied.
    """
    if methods is not None:
        return made, tuple(methods)
    if given or sizes != Sizes(seed=sizes.seed):
        return made, STUDIES
    levers = tuple(axis for axis in made.axes if axis.kind == "lever")
    return replace(made, axes=levers), ("shapley", "tornado") if levers else ("shapley",)


UNUSED = ("design", "ensemble", "output.precision")
"""Settings of sweeps that a study has no use for: it draws its own points, and runs the central member."""


def refuse_unused(key: str) -> None:
    """Raise InputError where a key sets what a study does not use."""
    head = next((unused for unused in UNUSED if key == unused or key.startswith(f"{unused}.")), None)
    if head is not None:
        instead = "morris.size, sobol.size and sobol.inputs" if head == "design" else "the central member alone"
        raise InputError(f"{key}: not used by sensitivity; it has {instead}")


def about(made: Plan, outcomes: Sequence[str] | None) -> Plan:
    """The plan of a study of some of its outcomes."""
    if outcomes is None:
        return made
    for name in outcomes:
        choice(name, "outcomes", made.outcomes)
    return replace(made, outcomes=tuple(name for name in made.outcomes if name in outcomes))


def plan_for(model: Loaded, folder: Path, scenario: str | None) -> Plan:
    """The plan a sensitivity study of a run is about: that of a sweep, with one case, or one over everything."""
    if not (folder / PLAN_FILE).is_file():
        return plan_of_run(model.configuration_of(folder), scenario, model.system)
    made = plan_of_folder(model, folder)
    names = dict(made.choices)["scenario"]
    if scenario is not None and scenario not in names:
        raise InputError(f"scenario: found '{scenario}', allowed: {', '.join(names)}{nearest(scenario, names)}")
    each = len(made.cases) // len(names)
    if each > 1 or (scenario is None and len(names) > 1):
        what = "scenario=" + "|".join(names) if each == 1 else "a sweep without shapes or shocks side by side"
        raise InputError(f"sensitivity: '{folder.name}' holds {len(made.cases)} cases, needs one: {what}")
    place = 0 if scenario is None else names.index(scenario)
    return replace(made, choices=(("scenario", (names[place],)),), cases=(made.cases[place],))


def runs_of(made: Plan, methods: Sequence[str], sizes: Sizes) -> dict[str, int]:
    """How many runs each method needs, but where a sweep's own points serve.

    Raises:
        InputError: where a size is not allowed.
    """
    check(sizes, Sizes, "sensitivity")
    inputs = len(made.axes)
    needed = {
        "shapley": RUNS,
        "tornado": 2 * inputs + 1,
        "morris": sizes.morris * (inputs + 1),
        "sobol": sizes.sobol * (min(inputs, sizes.sobol_inputs) + 2),
    }
    return {method: needed[method] for method in methods if method in needed}


def sensitivity_of(
    model: Loaded,
    made: Plan,
    folder: Path | None = None,
    *,
    methods: Sequence[str] = STUDIES,
    sizes: Sizes = Sizes(),
    years: Sequence[int] | None = None,
    policy: Policy = "leave_out",
    progress: Progress | None = None,
    on: "Client | None" = None,
) -> Sensitivity:
    """The study of a plan of one case; `folder` is the sweep whose points may serve, `on` the workers that run it."""
    for method in methods:
        choice(method, "method", METHODS)
    choice(policy, "not_finite", POLICIES)
    check(sizes, Sizes, "sensitivity")
    if not made.axes and set(methods) != {"shapley"}:
        raise InputError("sensitivity: the sweep has no axis of numbers")
    if "sobol" in methods:
        check_size(Design("saltelli", sizes.sobol))
    run, _ = prepared(model, made)
    if on is not None:
        run = replace(run, simulate=shared_out(on))
    run = run if progress is None else replace(run, progress=progress)
    acting = [int(year) for year in run.simulation.years if year >= model.system.calendar.policy_from]
    for year in years or ():
        whole(year, "years", acting[0], acting[-1])
    notes = []
    if set(methods) & set(STUDIES):
        notes.append(
            "Levers range over what was asked for, else their bounds; parameters over their priors (tornado and "
            "Morris: from the 5 to the 95 % point)."
        )
    left_out: list[pd.DataFrame] = []

    def tell(groups: str, axes: Sequence[Axis], found: screening.Outputs, bad: NDArray[np.bool_]) -> None:
        line = told(groups, bad, found.names, policy)
        if line:
            notes.append(line)
            left_out.append(where(groups.partition(":")[0], axes, found.bad_points, found.bad_counts))

    own = _own_outputs(model, made, folder, methods)
    crowded = "sobol" in methods and len(made.axes) > sizes.sobol_inputs and own is None
    tornado = screening.tornado(run) if "tornado" in methods else None
    screened = _morris(run, own, sizes, notes, tell) if "morris" in methods or crowded else None
    indices = _sobol(run, own, sizes, screened, notes, tell) if "sobol" in methods else None
    believed = _believed(model, made, sizes, notes, run.progress) if "shapley" in methods else None
    return Sensitivity(
        None if believed is None else _in_years(believed_table(believed, model.system), years),
        None if believed is None else _in_years(bands_table(believed, model.system), years),
        _in_years(tornado, years),
        _in_years(screened, years),
        _in_years(indices, years),
        tuple(notes),
        made,
        model.system.hash,
        model.system.presentation,
        _joined(left_out),
        believed,
    )


def _believed(model: Loaded, made: Plan, sizes: Sizes, notes: list[str], progress: Progress) -> Beliefs:
    config, system = made.reference, model.system
    found = beliefs(
        system,
        model.evidence(config.evidence),
        model.fit(config.fit),
        config,
        [scalar for name in made.outcomes for scalar in system.scalar_names(name)],
        scenario=made.cases[0].scenario,
        discrepancy=model.discrepancy,
        seed=sizes.seed,
        progress=progress,
    )
    notes.append(
        "Shapley effects: shares of the variance of the level, errors of the model included, over draws of the "
        "posterior and of what is left to chance; change: as the input goes up by its standard deviation and the "
        "others go with it."
    )
    if found.left_out:
        notes.append(f"Shapley effects: {found.left_out} points left out, at which an outcome is no finite number.")
    return found


def _in_years(table: "pd.DataFrame | None", years: Sequence[int] | None) -> "pd.DataFrame | None":
    return table if table is None or years is None else table[table["year"].isin(list(years))].reset_index(drop=True)


def _joined(tables: "list[pd.DataFrame]") -> "pd.DataFrame | None":
    if not tables:
        return None
    import pandas as pd

    return pd.concat(tables, ignore_index=True)


def _morris(
    run: Runner, own: screening.Outputs | None, sizes: Sizes, notes: list[str], tell: screening.Tell
) -> "pd.DataFrame":
    made = run.plan
    if own is not None and made.design.kind == "morris":
        axes = list(made.axes)
        points = morris(len(axes), made.design.size, made.design.seed)
        notes.append(f"Morris: the sweep's own {made.design.size} trajectories.")
        return screening.morris_table(axes, own, screening.morris_of(axes, own, points, tell))
    notes.append(f"Morris: {sizes.morris} trajectories over {len(made.axes)} inputs.")
    return screening.screen(run, sizes.morris, sizes.seed, tell)


def _sobol(
    run: Runner,
    own: screening.Outputs | None,
    sizes: Sizes,
    screened: "pd.DataFrame | None",
    notes: list[str],
    tell: screening.Tell,
) -> "pd.DataFrame":
    made, axes = run.plan, list(run.plan.axes)
    if own is not None and made.design.kind == "saltelli":
        notes.append(f"Sobol': the sweep's own {made.design.size} base points.")
        return screening.sobol_table(axes, own, screening.sobol_of(axes, own, sizes.seed, tell))
    if len(axes) > sizes.sobol_inputs and screened is not None:
        notes.append(
            f"Sobol': shares of the variance due to the {sizes.sobol_inputs} foremost of {len(axes)} inputs in the "
            "Morris screening; the others are held at their central value."
        )
        shown = run.system.presentation.among(made.outcomes)
        axes = screening.most_important(axes, screened, sizes.sobol_inputs, shown)
    notes.append(f"Sobol': {sizes.sobol} base points, {sizes.sobol * (len(axes) + 2):,} runs.")
    return screening.decompose(run, axes, sizes.sobol, sizes.seed, tell)


def _own_outputs(model: Loaded, made: Plan, folder: Path | None, methods: Sequence[str]) -> screening.Outputs | None:
    """The outcomes at a sweep's own points, where these are those a method needs."""
    needed = {"morris": "morris", "saltelli": "sobol"}.get(made.design.kind)
    if folder is None or needed not in methods or not (folder / STORE).is_dir():
        return None
    annual = run_folder.open(folder)["annual"].to_dataset()
    annual = annual.sel(scenario=dict(made.choices)["scenario"][0], year=slice(model.system.calendar.policy_from, None))
    years = [int(year) for year in annual["year"].values]
    names, parts = [], []
    for name in made.outcomes:
        array = annual[name].isel(member=0)
        over = model.system.variables[name].over
        for element in ("",) if over is None else over.elements:
            part = array if over is None else array.sel({over.name: element})
            parts.append(part.transpose("year", "point").values)
            names += [(name, element, year) for year in years]
    values = np.concatenate(parts).astype(float)
    counts = (~np.isfinite(values)).sum(axis=0)
    at_points = np.array([annual[axis.name].values for axis in made.axes], dtype=float)
    return screening.Outputs(tuple(names), values, at_points[:, counts > 0], counts[counts > 0])
