"""What a name of the model means: unit, equation, causes, effects, source, file. As Markdown."""

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pujiang.configuration import options
from pujiang.configuration.folders import in_view, read_yaml
from pujiang.declare import Parameter
from pujiang.documentation.entries import equation as equation_of
from pujiang.engine.system import System, Variable
from pujiang.errors import InputError, nearest
from pujiang.evidence import Evidence
from pujiang.evidence import load as load_evidence
from pujiang.evidence.observations import Observation
from pujiang.experiment.model import load_model
from pujiang.priors import Prior


def describe(name: str, *, system: System | None = None, config_dir: str | os.PathLike[str] | None = None) -> str:
    """What a variable, parameter, lever, series, constant, table, scenario or shock is.

    Raises:
        InputError: if nothing has this name.
    """
    model = load_model() if system is None else system
    if name in model.variables:
        return _variable(model, model.variables[name])
    if name.partition(".")[0] in model.parameters and (name in model.parameters or name in model.parameter_names):
        return _parameter(model, name)
    if name in model.levers:
        return _lever(model, name)
    if name in model.series:
        return _series(model, name)
    if name in model.constants or name in model.tables:
        return _constant_or_table(model, name)
    files = {group: options(group, config_dir) for group in ("scenario", "shock")}
    for group, known in files.items():
        if name in known:
            return _scenario(group, name, known[name])
    names = [
        *model.variables,
        *model.parameters,
        *model.levers,
        *model.series,
        *model.constants,
        *model.tables,
    ]
    every = [*names, *files["scenario"], *files["shock"]]
    raise InputError(f"'{name}': nothing in the model has this name{nearest(name, every)}")


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
    counted = ", ".join(f"{role} {roles[role]}" for role in ("fit", "weak", "check") if roles[role])
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
    equation = getattr(variable.declaration, "equation", None)
    line = f":{equation.__code__.co_firstlineno}" if equation is not None else ""
    facts.append(f"file: shanghai/sectors/{variable.sector}.py{line}")
    return _entry(variable.name, f"{variable.kind}, {variable.unit}{over}", variable.doc, facts)


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
    return _entry(name, f"parameter, {parameter.unit}", parameter.doc, facts)


def _prior(prior: Prior | None) -> str:
    if prior is None:
        return "fixed"
    spread = {"lognormal": "sd of the logarithm", "normal": "sd", "logitnormal": "sd of the share"}[prior.kind]
    return f"prior {prior.kind} around {prior.center:g}, {spread} {prior.spread:g}"


def _lever(model: System, name: str) -> str:
    lever = model.levers[name]
    rest = "not set unless a scenario sets it" if lever.default is None else f"{lever.default:g} from 2026"
    facts = [
        f"default: {rest}",
        f"before 2026: {f'the series `{lever.history}`' if lever.history else 'as the default'}",
        f"bounds: {lever.bounds[0]:g} to {lever.bounds[1]:g}",
        str(lever.basis),
        *([f"where its effect comes from: {lever.why}"] if lever.why else []),
        f"read by {_names(model.effects(name))}",
        f"set it: levers.{name}=NUMBER, or levers.{name}.{{from,target,start,end,shape,path}}",
        _file(model, name),
    ]
    return _entry(name, f"lever, {lever.unit}", lever.doc, facts)


def _series(model: System, name: str) -> str:
    series = model.series[name]
    facts = []
    data = load_evidence().inputs.get(name)
    if data is not None:
        facts.append(f"{len(data.times)} figures, {data.times[0]:g} to {data.times[-1]:g}")
    histories = [f"levers.{lever}" for lever, declared in model.levers.items() if declared.history == name]
    readers = [*model.effects(name), *histories]
    facts += [f"read by {_names(readers)}", "data: evidence/data/inputs.csv", _file(model, name)]
    return _entry(name, f"series, {series.unit}", series.doc, facts)


def _constant_or_table(model: System, name: str) -> str:
    readers = f"read by {_names(model.effects(name))}"
    if name in model.constants:
        constant = model.constants[name]
        facts = [f"value: {constant.value:g}", str(constant.basis), readers, _file(model, name)]
        return _entry(name, f"structural constant, {constant.unit}", constant.doc, facts)
    table = model.tables[name]
    points = ", ".join(f"({x:g}, {y:g})" for x, y in table.points)
    facts = [f"points: {points}", str(table.basis), readers, _file(model, name)]
    return _entry(name, f"table, {table.unit} of {table.of}", table.doc, facts)


def _scenario(group: str, name: str, path: Any) -> str:
    content = read_yaml(path).content
    sources = content.get("sources") or {}
    facts = []
    for lever, setting in (content.get("levers") or {}).items():
        what = ", ".join(f"{k} {v}" for k, v in setting.items()) if isinstance(setting, Mapping) else setting
        facts.append(f"{lever}: {what}" + (f" ({' '.join(str(sources[lever]).split())})" if lever in sources else ""))
    facts = [*(facts or ["sets no lever"]), f"file: {in_view(path)}"]
    doc = f"{content.get('title', name)}. {' '.join(str(content.get('meaning', '')).split())}"
    return _entry(name, group, doc.strip(), facts)


def _entry(name: str, kind: str, doc: str, facts: Iterable[str]) -> str:
    return "\n".join([f"## {name}", f"*{kind}*", "", " ".join(doc.split()), "", *(f"- {fact}" for fact in facts)])


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "nothing"


def _file(model: System, name: str) -> str:
    return f"file: shanghai/sectors/{model.sector_of[name]}.py"
