"""A model that is loaded once and run many times."""

from pujiang.api.arguments import checked_methods
from pujiang.api.calibrations import calibrate
from pujiang.api.checks import check
from pujiang.api.descriptions import describe, pages
from pujiang.api.explanations import explain, loops
from pujiang.api.exports import export
from pujiang.api.hindcasts import hindcast
from pujiang.api.loaded import Loaded
from pujiang.api.pages import page
from pujiang.api.reports import compare, report
from pujiang.api.runs import outcomes, run, save
from pujiang.api.sensitivities import sensitivity
from pujiang.api.simulations import simulate
from pujiang.api.sweeps import sweep


@checked_methods
class Model(Loaded):
    """A project, and what can be done with it: `m = pujiang.Model(); m.run("exit_drought", ensemble=0)`.

    Every method is also a function of the package, for the project at hand: `pujiang.run("exit_drought")`.
    """

    run = run
    outcomes = outcomes
    save = save
    simulate = simulate
    sweep = sweep
    sensitivity = sensitivity
    calibrate = calibrate
    hindcast = hindcast
    compare = compare
    explain = explain
    loops = loops
    report = report
    page = page
    describe = describe
    check = check
    export = export
    pages = pages
