"""The model, or a sector of it, in formats that other tools open."""

from pujiang.api.loaded import Loaded, PathLike
from pujiang.errors import InputError
from pujiang.exchange.case import Case
from pujiang.experiment.scenario import RunConfig
from pujiang.values import choice

FORMATS = ("xmile", "mermaid", "dot", "svg", "iamc")


def export(
    model: Loaded,
    /,
    format: str = "xmile",
    *,
    config: RunConfig | None = None,
    sector: str | None = None,
    around: str | None = None,
    loop: str | None = None,
    arrays: bool = False,
    exact_delays: bool = False,
    run: PathLike = "latest",
) -> str:
    """The text of a file that other tools open.

    Args:
        format: xmile: the model under one scenario. mermaid, dot, svg: a diagram. iamc: the medians of a run.
        config: of xmile, what `configure` gives; by default the baseline.
        sector: only this sector; what it reads of others follows, in XMILE, what they did in a run.
        around, loop: of a diagram, only what stands around this variable, or one feedback loop, by its code.
        arrays, exact_delays: of xmile, as docs/exchange.md says.
        run: of iamc, a run folder, or its id.

    Raises:
        InputError: one line on what is wrong with the input.
    """
    choice(format, "format", FORMATS)
    if format == "iamc":
        from pujiang.results import run_folder
        from pujiang.results.summary import iamc_csv

        return iamc_csv(run_folder.open(run)["annual"].to_dataset())
    if format != "xmile":
        from pujiang.exchange.diagrams import diagram
        from pujiang.exchange.graph_languages import dot, mermaid
        from pujiang.exchange.svg import svg

        drawn = diagram(model.system, sector=sector, around=around, loop=loop)
        return {"mermaid": mermaid, "dot": dot, "svg": svg}[format](drawn)
    from pujiang.exchange.xmile import xmile

    chosen = model.configure() if config is None else config
    name = " ".join([model.project.name, chosen.scenarios[-1].name, *([] if sector is None else [sector])])
    return xmile(case(model, chosen), name, sector=sector, arrays=arrays, exact_delays=exact_delays).text


def case(model: Loaded, config: RunConfig) -> Case:
    """The central member of the one scenario that a configuration names.

    Raises:
        InputError: if it names several, or does not fit the model.
    """
    from pujiang.exchange.case import case_of
    from pujiang.experiment.inputs import series_profiles

    if len(config.scenarios) > 2:
        raise InputError("export: a file holds one scenario; name one")
    series = series_profiles(model.evidence(config.evidence))
    return case_of(model.system, config.scenarios[-1], series, model.fit(config.fit), config.simulation)
