"""What a name means, and the pages that are generated from a model."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pujiang.api.loaded import Loaded, PathLike
from pujiang.engine.simulate import Simulation
from pujiang.engine.system import System

if TYPE_CHECKING:
    from pujiang.experiment.levers import LeverSetting


def describe(model: Loaded, /, name: str, *, config_dir: PathLike | None = None) -> str:
    """What a variable, parameter, lever, series, constant, table, observed series, scenario or shock is.

    Raises:
        InputError: if nothing has this name.
    """
    from pujiang.documentation.description import describe as described

    return described(name, model.system, model.evidence(), model.folders(config_dir))


def model_page(model: Loaded) -> str:
    """Every variable of a model, in its order, as Markdown."""
    from pujiang.documentation.description import held_against
    from pujiang.documentation.model_page import model_page as page

    return page(model.system, held_against(model.evidence()))


def model_html(model: Loaded) -> str:
    """The same as one HTML page."""
    from pujiang.documentation.description import held_against
    from pujiang.documentation.html_page import html_page

    return html_page(model.system, held_against(model.evidence()))


def parameters_page(model: Loaded) -> str:
    """The table of parameters, as Markdown."""
    from pujiang.documentation.parameters_page import parameters_page as page

    return page(model.system, model.fit(model.configure().fit))


def keys_page(model: Loaded) -> str:
    """Every key of the configuration, as Markdown."""
    from pujiang.documentation.keys_page import keys_page as page

    return page(model.system, model.folders())


def pages(model: Loaded, /) -> dict[str, str]:
    """Every generated page and picture by its file name: of the project's model, fit, evidence and scenarios."""
    from pujiang.api.explanations import loop_gains
    from pujiang.documentation.fit_page import fit_page
    from pujiang.documentation.hindcast_page import RECORDS, hindcast_page
    from pujiang.documentation.identifiability_page import identifiability_page
    from pujiang.documentation.influence_page import influence_page
    from pujiang.documentation.levers_page import levers_page
    from pujiang.documentation.loops_page import GAIN_YEARS, loops_page
    from pujiang.exchange.gallery import gallery
    from pujiang.experiment.calibrate import all_residuals, problem
    from pujiang.experiment.gains import gains
    from pujiang.experiment.goodness import goodness
    from pujiang.experiment.influence import influences
    from pujiang.experiment.inputs import series_profiles
    from pujiang.experiment.loops import traced_loops
    from pujiang.experiment.responses import chosen_settings, responses

    every = model.configure(list(model.options("scenario")))
    system, fit, series = model.system, model.fit(every.fit), series_profiles(model.evidence())
    headline = model.project.presentation.outcomes or tuple(system.outcomes)
    watched = [scalar for name in headline for scalar in system.scalar_names(name)]
    last = system.calendar.run[1]
    settings = chosen_settings(system, every.scenarios, _shown_at(system))
    pushed = loop_gains(model, every) if system.loops else None
    task = problem(system, model.evidence(), discrepancy=model.discrepancy)
    found = {
        "model.md": model_page(model),
        "parameters.md": parameters_page(model),
        "configuration.md": keys_page(model),
        "levers.md": levers_page(system, responses(system, fit, series, settings)),
        "loops.md": loops_page(
            system, traced_loops(system, fit, series), gains(system, fit, series, {}, GAIN_YEARS), pushed
        ),
        "influence.md": influence_page(system, influences(system, fit, series, watched, last), last),
        "fit.md": fit_page(goodness(all_residuals(task, fit))),
    }
    if fit.draws:
        found["identifiability.md"] = identifiability_page(system, fit, system.presentation.bands)
    data = model.project.data
    if data is not None and (data / RECORDS).is_file():
        found["hindcast.md"] = hindcast_page(data)
    return found | gallery(system)


def _shown_at(system: System) -> "dict[str, LeverSetting]":
    """The settings at which levers are shown, where they are declared."""
    from pujiang.configuration.levers import checked, laid

    found = {}
    dt = Simulation(*system.calendar.run).dt
    for name, lever in system.levers.items():
        if lever.shown_at is not None:
            given = lever.shown_at if isinstance(lever.shown_at, Mapping) else laid(None, "", lever.shown_at)
            setting = checked(name, given, lambda *_, at=name: f"{at}: shown_at", system, dt)
            assert setting is not None, name
            found[name] = setting
    return found
