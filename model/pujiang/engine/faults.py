"""What can be wrong with the declarations of a model; every fault is a line that says where and what instead."""

import math
from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Any

from pujiang.basis import KINDS, Basis
from pujiang.declare import (
    Auxiliary,
    Constant,
    Flow,
    Initial,
    Lever,
    Parameter,
    Stock,
    Table,
)
from pujiang.engine.collect import Ends, Entry, companions, run_over
from pujiang.engine.dynamics import Expanded
from pujiang.engine.expression import Node, variables
from pujiang.engine.units import infer
from pujiang.errors import nearest
from pujiang.priors import Prior
from pujiang.reported import Ratio
from pujiang.units import PURE, YEAR, Unit, UnitError, parse_unit


def unit_faults(
    entries: Mapping[str, Entry],
    expressions: Mapping[str, Node],
    units: Mapping[str, Unit],
    bases: Collection[str],
) -> list[str]:
    faults = []
    tables: dict[str, tuple[Unit, Unit]] = {}
    for name, entry in entries.items():
        if isinstance(entry.declaration, Table):
            try:
                tables[name] = units[name], parse_unit(entry.declaration.of, frozenset(bases))
            except UnitError as error:
                faults.append(f"{entry.where}: {error}")
                tables[name] = units[name], PURE
    for name, expression in expressions.items():
        try:
            found = infer(expression, units.__getitem__, tables)
        except UnitError as error:
            faults.append(f"{entries[name].where}: {error}")
            continue
        if found is not None and found != units[name]:
            faults.append(f"{entries[name].where}: its equation is in {found}, its declaration in {units[name]}")
    return faults


def flow_ends(
    entries: Mapping[str, Entry], named: Mapping[int, str], units: Mapping[str, Unit], faults: list[str]
) -> dict[str, Ends]:
    stocks = {name for name, e in entries.items() if isinstance(e.declaration, Stock)}
    ends: dict[str, Ends] = {}
    for name, entry in entries.items():
        flow = entry.declaration
        if not isinstance(flow, Flow):
            continue
        undeclared = [e for e in (flow.out_of, flow.into) if isinstance(e, Stock) and id(e) not in named]
        faults.extend(f"{entry.where}: its stock is not declared in any sector of this model" for _ in undeclared)
        out_of, into = (named.get(id(e)) if isinstance(e, Stock) else e for e in (flow.out_of, flow.into))
        ends[name] = Ends(out_of, into, flow.total_over)
        if flow.out_of is None and flow.into is None:
            faults.append(f"{entry.where}: a flow leaves a stock, enters one, or both: name out_of or into")
        for end in (out_of, into):
            if end is None:
                continue
            if end not in stocks:
                faults.append(f"{entry.where}: no stock is called '{end}'{nearest(str(end), stocks)}")
                continue
            if units[end] != units[name] * YEAR:
                faults.append(f"{entry.where}: it is in {units[name]}, the stock {end} in {units[end]}")
            over = entries[end].declaration.over
            if over is not flow.over and not (over is None and flow.total_over is flow.over):
                faults.append(
                    f"{entry.where}: it runs over {flow.over.name if flow.over else 'nothing'}, the stock {end} "
                    f"over {over.name if over else 'nothing'}; "
                    "give both the same over=, state total_over, or spread() it"
                )
        if out_of in stocks and into in stocks:
            families = [entries[str(end)].declaration.conserved for end in (out_of, into)]
            if families[0] != families[1]:
                faults.append(f"{entry.where}: leaves the family {families[0]} and enters {families[1]}")
    return ends


def stock_starts(
    entries: Mapping[str, Entry],
    named: Mapping[int, str],
    known: Mapping[str, Any],
    units: Mapping[str, Unit],
    faults: list[str],
) -> dict[str, Node]:
    """The initial expression of every stock."""
    starts: dict[str, Node] = {}
    for name, entry in entries.items():
        if isinstance(entry.declaration, Initial):
            stock = named.get(id(entry.declaration.stock))
            if stock is None:
                faults.append(f"{entry.where}: its stock is not declared in any sector of this model")
            elif stock in starts:
                faults.append(f"{entry.where}: the stock {stock} has two initial values")
            else:
                starts[stock] = Node("variable", name=name, over=entry.declaration.stock.over)
    for name, entry in entries.items():
        if not isinstance(entry.declaration, Stock):
            continue
        given = entry.declaration.initial
        if given is not None and name in starts:
            faults.append(f"{entry.where}: the stock has two initial values")
        elif isinstance(given, str):
            if not isinstance(known.get(given), Node):
                faults.append(f"{entry.where}: it starts at '{given}', which does not exist{nearest(given, known)}")
            elif units[given] != units[name]:
                faults.append(f"{entry.where}: it is in {units[name]}, its start {given} in {units[given]}")
            elif known[given].over not in (None, entry.declaration.over):
                faults.append(
                    f"{entry.where}: its start {given} runs over {known[given].over.name}, the stock over "
                    f"{entry.declaration.over.name if entry.declaration.over else 'nothing'}"
                )
            else:
                starts[name] = known[given]
        elif given is not None:
            if given not in (0, 1):
                faults.append(f"{entry.where}: starts at {given}; a number other than 0 or 1 is a parameter")
            starts[name] = Node("literal", value=float(given))
        elif name not in starts:
            faults.append(f"{entry.where}: nothing says where the stock starts: initial=..., or an @initial equation")
    return starts


def input_faults(declared: Any) -> list[str]:
    """What is wrong with the numbers of an input, and with what they rest on."""
    faults = _basis_faults(declared.basis) if isinstance(declared, Parameter | Constant | Lever | Table) else []
    if isinstance(declared, Parameter):
        faults += _parameter_faults(declared)
    if isinstance(declared, Lever) and declared.default is not None:
        low, high = declared.bounds
        if not low <= declared.default <= high:
            faults.append(f"its default {declared.default:g} is outside its bounds {low:g} to {high:g}")
    if isinstance(declared, Table):
        x = [point[0] for point in declared.points]
        if not x or any(not before < after for before, after in pairwise(x)):
            faults.append("a table has points whose x increases")
        if not all(math.isfinite(number) for point in declared.points for number in point):
            faults.append("a table has points that are finite numbers")
    return faults


def _basis_faults(basis: Any) -> list[str]:
    if not isinstance(basis, Basis):
        return [f"its basis is {basis!r}; allowed: {', '.join(KINDS)}, each with its reason"]
    if basis.reason.strip().lower() in {"", basis.kind}:
        return [f"its basis is a bare '{basis.kind}': say why this size, and what it would take to know"]
    return []


def _parameter_faults(p: Parameter) -> list[str]:
    faults = []
    values = dict(p.value) if isinstance(p.value, Mapping) else {"": p.value}
    priors = dict(p.prior) if isinstance(p.prior, Mapping) else dict.fromkeys(values, p.prior)
    if (p.over is None) == isinstance(p.value, Mapping):
        faults.append("a value for each element goes with over=..., and only with it")
    elif p.over is not None and tuple(values) != p.over.elements:
        faults.append(f"its elements are {tuple(values)}; {p.over.name} has {p.over.elements}")
    faults += _start_faults(p, priors)
    if p.bounds is not None:
        low, high = p.bounds
        outside = [v for v in values.values() if not low <= v <= high]
        faults.extend(f"its value {v:g} is outside its bounds {low:g} to {high:g}" for v in outside)
    if p.prior is not None and p.bounds is None:
        faults.append("an uncertain parameter (with a prior) has bounds too")
    for element, prior in priors.items():
        if prior is not None and not prior_reaches(prior, values.get(element, math.nan)):
            faults.append(f"its value {values.get(element, math.nan):g} cannot come from its {prior.kind} prior")
    return faults


def _start_faults(p: Parameter, priors: Mapping[str, Prior | None]) -> list[str]:
    if p.start is None:
        return []
    if isinstance(p.start, Mapping) != isinstance(p.given, Mapping):
        return ["start is a number, or over a dimension a mapping of the elements that start elsewhere"]
    faults = []
    for element, start in (p.start if isinstance(p.start, Mapping) else {"": p.start}).items():
        prior = priors.get(element)
        if prior is None:
            faults.append(f"start {start:g} is where the search for the fit starts; what is fixed has none")
        elif start == prior.center:
            faults.append(f"start {start:g} is the center of its prior, which is said already")
    return faults


def prior_reaches(prior: Prior, value: float) -> bool:
    """Whether a value lies inside the support of a prior."""
    low, high = {"lognormal": (0.0, math.inf), "logitnormal": (0.0, 1.0)}.get(prior.kind, (-math.inf, math.inf))
    return low < value < high


def annual_faults(entries: Mapping[str, Entry]) -> list[str]:
    faults = []
    variables_ = {n: e for n, e in entries.items() if isinstance(e.declaration, (Stock, Flow, Auxiliary))}
    for entry in variables_.values():
        annual = entry.declaration.reported and entry.declaration.reported.annual
        if not isinstance(annual, Ratio):
            if annual not in (None, "integral", "end", "mean"):
                faults.append(f"{entry.where}: reported as '{annual}'; allowed: integral, end, mean, ratio()")
            continue
        for part in (annual.numerator, annual.denominator):
            if part not in variables_:
                faults.append(f"{entry.where}: a ratio of '{part}', which is no variable{nearest(part, variables_)}")
            elif run_over(variables_[part]) is not None:
                faults.append(f"{entry.where}: a ratio of '{part}', which runs over a dimension; use its total")
        if run_over(entry) is not None:
            faults.append(f"{entry.where}: a ratio of annual values does not run over a dimension")
    return faults


def delay_faults(entries: Mapping[str, Entry], expanded: Mapping[str, Expanded]) -> list[str]:
    """Fixed delays whose `before` depends on the course of the run, which it precedes."""
    moving = {name for name, e in entries.items() if isinstance(e.declaration, (Stock, Lever))}
    moving |= set(companions(entries).values())
    faults = []
    for line in (line for part in expanded.values() for line in part.lines):
        where = entries[line.name.partition(".")[0]].where
        todo, seen = list(variables(line.before)), set()
        while todo:
            name = todo.pop()
            if name in moving or "." in name:  # a dotted name is what another function remembers
                faults.append(
                    f"{where}: what its fixed_delay gives before the lag has passed depends on {name}, "
                    "a stock or a lever"
                )
                break
            if name not in seen and name in expanded and entries[name].kind != "initial":
                seen.add(name)
                todo.extend(variables(expanded[name].expression))
    return faults
