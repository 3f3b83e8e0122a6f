"""Models of other tools as tests write and run them."""

from collections.abc import Callable

from pujiang.engine.batch import Floats
from pujiang.engine.simulate import engine_named
from pujiang.exchange.case import Case, courses
from pujiang.exchange.read import Read

MakeModel = Callable[..., Read]
"""A Vensim model of some equations, as it is read."""


def run(model: Read, **parameters: float) -> dict[str, Floats]:
    """Every quantity at every step, by the method the file names."""
    case = Case(model.system, parameters, {}, model.grid, model.method)
    return courses(case, engine_named("reference"))


def vensim_text(*equations: str, method: str = "euler", final_time: str = "20", time_step: float = 0.5) -> str:
    """The text of a Vensim model."""
    control = {"FINAL TIME": final_time, "INITIAL TIME": 0, "SAVEPER": "TIME STEP", "TIME STEP": time_step}
    written = [*equations, *(f"{name} = {value}" for name, value in control.items())]
    kind = {"euler": 0, "rk4": 5}[method]
    settings = f"\\\\\\---/// Sketch information\n///---\\\\\\\n15:0,0,0,{kind},0,0\n"
    return "{UTF-8}\n" + "".join(f"{equation}\n\t~\t\n\t~\t\t|\n\n" for equation in written) + settings
