"""What a name of the model means: unit, equation, causes, effects, source, file. As Markdown."""

from collections import Counter
from collections.abc import Iterable, Mapping

from pujiang.configuration.folders import Folders
from pujiang.configuration.keys import LEVER
from pujiang.declare import Parameter
from pujiang.documentation.entries import equation as equation_of
from pujiang.documentation.scenarios import entry, in_files
from pujiang.engine.system import System
from pujiang.engine.variable import Variable
from pujiang.evidence import Evidence, Observation, explain
from pujiang.evidence.observations import ROLES
from pujiang.priors import Prior
from pujiang.results.track_record import sentence
from pujiang.results.words import ENGLISH


def describe(name: str, system: System, evidence: Evidence, folders: Folders) -> str:
    """What a variable, parameter, lever, series, constant, table, observed series, scenario or shock is.

    Raises:
        InputError: if nothing has this name.
    """
    found = of_model(name, system, evidence)
    return in_files(name, folders, names(system, evidence)) if found is None else found


def names(system: System, evidence: Evidence) -> tuple[str, ...]:
    """What a model and its evidence have that can be described; elements of parameters are left out."""
    parts = (system.variables, system.parameters, system.levers, system.series, system.constants, system.tables)
    observed = (observation.series for observation in evidence.observations)
    return tuple(dict.fromkeys([*(name for part in parts for name in part), *observed]))


def of_model(name: str, system: System, evidence: Evidence) -> str | None:
    """What a name of the model or of its evidence means; None where neither has it."""
    if name in system.variables:
        return _variable(system, system.variables[name])
    if name.partition(".")[0] in system.parameters and (name in system.parameters or name in system.parameter_names):
        return _parameter(system, name)
    if name in system.levers:
        return _lever(system, name)
    if name in system.series:
        return _series(system, name, evidence)
    if name in system.constants or name in system.tables:
        return _constant_or_table(system, name)
    if any(observation.series == name for observation in evidence.observations):
        return _observed(name, evidence)
    return None


def held_against(evidence: Evidence) -> dict[str, str]:
    """By outcome, the observations it is held against: how many in which role, the years, the sources."""
    found: dict[str, list[Observation]] = {}
    for observation in evidence.observations:
        if observation.outcome is not None and observation.role in ("fit", "weak", "check"):
            found.setdefault(observation.outcome, []).append(observation)
    return {outcome: _held_against(evidence, seen) for outcome, seen in found.items()}


def _held_against(evidence: Evidence, seen: list[Observation]) -> str:
    years = [observation.year for observation in seen]
    roles = Counter(observation.role for observation in seen)
    cited = [name for observation in seen for name in observation.sources]
    sources = dict.fromkeys(evidence.figures[name].source if name in evidence.figures else name for name in cited)
    span = f"{min(years)} to {max(years)}" if min(years) < max(years) else f"{years[0]}"
    counted = ", ".join(f"{role} {roles[role]}" for role in ROLES if roles[role])
    figures = "1 figure" if len(seen) == 1 else f"{len(seen)} figures"
    return f"{figures} of {span} ({counted}), from {', '.join(sources)}"


def _variable(model: System, variable: Variable) -> str:
    facts = []
    over = f", over {variable.over.name} ({', '.join(variable.over.elements)})" if variable.over else ""
    if variable.kind == "stock":
        flows = model.flow_ends
        inflows = [name for name, ends in flows.items() if ends.into == variable.name]
        outflows = [name for name, ends in flows.items() if ends.out_of == variable.name]
        facts += [f"filled by {_names(inflows)}", f"emptied by {_names(outflows)}"]
        start = getattr(variable.declaration, "initial", None)
        initial = next((n for n in variable.causes if n not in (*inflows, *outflows)), None)
        if start is not None or initial is not None:
            facts.append(f"starts at {start if start is not None else f'`{initial}`'}")
    if variable.expression is not None:
        facts.append(f"equation: `{equation_of(model, variable)}`")
    if variable.name in model.flow_ends:
        ends = model.flow_ends[variable.name]
        facts.append(f"from {ends.out_of or 'outside'} to {ends.into or 'outside'}")
    if variable.kind != "stock":
        facts.append(f"causes: {_names(variable.causes)}")
    facts.append(f"effects: {_names(model.effects(variable.name))}")
    if variable.annual is not None:
        how = variable.annual if isinstance(variable.annual, str) else "ratio of two annual values"
        facts.append(f"reported every year ({how})")
        for scalar in model.scalar_names(variable.name):
            told = sentence(model.presentation, scalar, ENGLISH)
            facts += [f"{scalar.removeprefix(variable.name).lstrip('.')}: {told}".removeprefix(": ")] if told else []
    facts.append(_file(model, variable.name))
    return entry(variable.name, f"{variable.kind}, {variable.unit}{over}", variable.doc, facts)


def _parameter(model: System, name: str) -> str:
    base, _, element = name.partition(".")
    parameter: Parameter = model.parameters[base]
    values: Mapping[str, float] = parameter.value if isinstance(parameter.value, Mapping) else {"": parameter.value}
    priors = parameter.prior if isinstance(parameter.prior, Mapping) else dict.fromkeys(values, parameter.prior)
    facts = []
    for key in [element] if element else values:
        facts.append(f"{f'{key}: ' if key else 'value: '}{values[key]:g}, {_prior(priors.get(key))}")
    if parameter.bounds is not None:
        facts.append(f"bounds: {parameter.bounds[0]:g} to {parameter.bounds[1]:g}")
    facts += [str(parameter.basis), f"read by {_names(model.effects(base))}", _file(model, base)]
    return entry(name, f"parameter, {parameter.unit}", parameter.doc, facts)


def _prior(prior: Prior | None) -> str:
    if prior is None:
        return "fixed"
    spread = {"lognormal": "sd of the logarithm", "normal": "sd", "logitnormal": "sd of the share"}[prior.kind]
    return f"prior {prior.kind} around {prior.center:g}, {spread} {prior.spread:g}"


def _lever(model: System, name: str) -> str:
    lever, begins = model.levers[name], model.calendar.policy_from
    rest = "not set unless a scenario sets it" if lever.default is None else f"{lever.default:g} from {begins}"
    facts = [
        f"default: {rest}",
        f"before {begins}: {f'the series `{lever.history}`' if lever.history else 'as the default'}",
        f"bounds: {lever.bounds[0]:g} to {lever.bounds[1]:g}",
        str(lever.basis),
        *([f"where its effect comes from: {lever.why}"] if lever.why else []),
        f"read by {_names(model.effects(name))}",
        f"set it: levers.{name}=NUMBER, or levers.{name}.{{{','.join(LEVER)}}}",
        _file(model, name),
    ]
    return entry(name, f"lever, {lever.unit}", lever.doc, facts)


def _series(model: System, name: str, evidence: Evidence) -> str:
    series = model.series[name]
    facts = []
    data = evidence.inputs.get(name)
    if data is not None:
        facts.append(f"{len(data.times)} figures, {data.times[0]:g} to {data.times[-1]:g}")
    histories = [f"levers.{lever}" for lever, declared in model.levers.items() if declared.history == name]
    readers = [*model.effects(name), *histories]
    facts += [f"read by {_names(readers)}", "data: inputs.csv", _file(model, name)]
    return entry(name, f"series, {series.unit}", series.doc, facts)


def _observed(name: str, evidence: Evidence) -> str:
    """An observed series: what it is held against, then every figure with its error and where it comes from."""
    seen = [observation for observation in evidence.observations if observation.series == name]
    outcomes = dict.fromkeys(observation.outcome for observation in seen if observation.outcome is not None)
    facts = [f"held against {_names(outcomes)}", _held_against(evidence, seen)]
    figures = "\n".join(explain(observation, evidence) for observation in seen)
    places = ", ".join(dict.fromkeys(observation.entity for observation in seen))
    units = ", ".join(dict.fromkeys(observation.unit for observation in seen))
    return entry(name, f"observed series, {units}", f"Observed in {places}.", facts) + f"\n\n```\n{figures}\n```"


def _constant_or_table(model: System, name: str) -> str:
    readers = f"read by {_names(model.effects(name))}"
    if name in model.constants:
        constant = model.constants[name]
        facts = [f"value: {constant.value:g}", str(constant.basis), readers, _file(model, name)]
        return entry(name, f"structural constant, {constant.unit}", constant.doc, facts)
    table = model.tables[name]
    points = ", ".join(f"({x:g}, {y:g})" for x, y in table.points)
    facts = [f"points: {points}", str(table.basis), readers, _file(model, name)]
    return entry(name, f"table, {table.unit} of {table.of}", table.doc, facts)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "nothing"


def _file(model: System, name: str) -> str:
    return f"file: {model.file_of(name)}"
