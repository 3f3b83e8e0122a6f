"""What differs in the inputs of cases, in words: levers, parameters, and how their runs were made."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pujiang.experiment.sweep import POINT
from pujiang.results.compare.cases import ComparedCase, ComparedRun
from pujiang.results.summary import policy_from
from pujiang.results.words import ENGLISH, Message, Words

if TYPE_CHECKING:
    from pujiang.declare import Lever

Models = Mapping[str, Mapping[str, "Lever"]]
"""The levers of models by the model's hash: they say where a lever rests that a run does not set."""

INPUT_COLUMNS = ("case", "input", "reference", "here", "words")

# What a run is made with besides its scenarios: key in the configuration, what it is called, and whether
# numbers of runs that differ in it are of different numerical accuracy.
RUN_SETTINGS = (
    ("simulation.dt", "step (year)", True),
    ("simulation.method", "method", True),
    ("simulation.first_year", "first year", False),
    ("simulation.last_year", "last year", False),
    ("ensemble.kind", "kind of ensemble", False),
    ("ensemble.size", "members", False),
    ("ensemble.seed", "seed", False),
    ("fit", "fit", False),
    ("evidence", "data", False),
    ("engine", "engine", False),
)
HASHES = (("model_hash", "model hash"), ("data_hash", "data hash"), ("fit", "hash of the fit"), ("seed", "seed"))


def input_rows(
    sources: Sequence[ComparedRun], cases: Sequence[ComparedCase], models: "Models"
) -> list[tuple[str, str, str, str, str]]:
    """(case, input, as the reference has it, as it is here, both in words) for every input that differs.

    `cases`: the reference first. Rows on a whole run come first, with "run NAME" in the place of the case.
    """
    reference = cases[0]
    home = sources[reference.source]
    rows = [
        (f"run {source.name}", name, ours, theirs, f"{name} {theirs} (in {home.name}: {ours})")
        for place, source in enumerate(sources)
        if place != reference.source and any(case.source == place for case in cases)
        for name, ours, theirs in _run_differences(home, source)
    ]
    rests = [models.get(str(source.facts.get("model_hash")) if source.config else "", {}) for source in sources]
    base = _settings(home, reference)
    for case in cases[1:]:
        own = _settings(sources[case.source], case)
        for name in [*own, *(name for name in base if name not in own)]:
            texts = [
                _words(name, settings.get(name), rests[at.source]) for settings, at in ((base, reference), (own, case))
            ]
            if texts[0] != texts[1]:
                short = name.partition(".")[2] or name
                # What the reference does not set needs no second telling: the first number is where it rests.
                there = "" if name.startswith("levers.") and name not in base else f" (there: {texts[0]})"
                rows.append((case.label, short, texts[0], texts[1], f"{short} {texts[1]}{there}"))
    return rows


def warnings_of(sources: Sequence[ComparedRun]) -> list[Message]:
    """What must be read before any number: runs made with different models, data, or numerical methods."""
    texts = {
        "model_hash": "DIFFERENT MODELS: {values}. Differences between these runs are not of scenarios alone.",
        "data_hash": "DIFFERENT DATA: {values}. Differences between these runs are not of scenarios alone.",
    }
    lines = []
    for key, text in texts.items():
        hashes = {source.name: _short(source.facts[key]) for source in sources if source.facts.get(key) is not None}
        if len(set(hashes.values())) > 1:
            lines.append(Message(text, {"values": [f"{run} {value}" for run, value in hashes.items()]}))
    for key, name, numerical in RUN_SETTINGS:
        found = {source.name: _at(source.config, key) for source in sources if source.config}
        if numerical and len(set(found.values())) > 1:
            text = "Different {name}: {values}. Differences include the error of the step."
            listed = [f"{run} {value}" for run, value in found.items()]
            lines.append(Message(text, {"name": Message(name), "values": listed}))
    return lines


def differ_in_step(sources: Sequence[ComparedRun]) -> bool:
    """Whether the same inputs give other numbers for the way they are simulated."""
    keys = [key for key, _, numerical in RUN_SETTINGS if numerical]
    return len({tuple(str(_at(source.config, key)) for key in keys) for source in sources}) > 1


def _run_differences(home: ComparedRun, other: ComparedRun) -> Iterator[tuple[str, str, str]]:
    named = set()
    for key, name, _ in RUN_SETTINGS if home.config and other.config else ():
        ours, theirs = _at(home.config, key), _at(other.config, key)
        if ours != theirs:
            named.add(name)
            yield name, str(ours), str(theirs)
    for key, name in HASHES:
        ours, theirs = home.facts.get(key), other.facts.get(key)
        if None not in (ours, theirs) and ours != theirs and name not in named:
            yield name, _short(ours), _short(theirs)


def _at(config: Mapping[str, Any], key: str) -> Any:
    found: Any = config
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _short(value: Any) -> str:
    """Enough of a hash to tell it from another."""
    return " ".join(part[:8] if len(part) > 12 else part for part in str(value).split())


def _settings(source: ComparedRun, case: ComparedCase) -> dict[str, Any]:
    """What a case sets, by key: "levers.x" a mapping as in files, "parameters.x" a number, choices by name."""
    scenarios = {str(s.get("name")): s for s in source.config.get("scenarios", ())}
    scenario = scenarios.get(case.scenario, {})
    found: dict[str, Any] = {
        **{f"levers.{name}": setting for name, setting in (scenario.get("levers") or {}).items()},
        **{f"parameters.{name}": value for name, value in (scenario.get("parameters") or {}).items()},
    }
    for axis, value in case.point.items():
        if axis == POINT:
            continue
        key = str(source.cube[axis].attrs.get("key", axis))
        head, _, rest = key.partition(".")
        if head != "levers":
            found[key] = value
            continue
        lever, _, part = rest.partition(".")
        whole = {"target": value, "start": policy_from(source.plain), "shape": "step"}
        before = found.get(f"levers.{lever}")
        found[f"levers.{lever}"] = {**(before or whole), part: value} if part else whole
    return found


def _words(key: str, value: Any, levers: "Mapping[str, Lever]") -> str:
    kind, _, name = key.partition(".")
    if kind == "parameters":
        return "from the fit" if value is None else f"{value:.6g}"
    if kind != "levers":
        return "none" if value is None else str(value)
    declared = levers.get(name)
    rest = None if declared is None else "none" if declared.default is None else f"{declared.default:g}"
    if value is None:
        return rest if rest is not None else "unset"
    return setting_in_words(value, rest)


def setting_in_words(setting: Mapping[str, Any], rest: str | None = None, say: Words = ENGLISH) -> str:
    """A lever setting, as files hold it, in words: "0.35 → 1 from 2026".

    `rest`: what the lever is at until then; None where it is not known.
    """
    path = setting.get("path")
    if path:
        points = ", ".join(f"{float(p['value']):g} ({_date(p['time'])})" for p in path)
        return f"{rest} → {points}" if rest is not None else points
    start, end, origin = _date(setting.get("start")), _date(setting.get("end")), setting.get("from")
    before = f"{float(origin):g}" if origin is not None else rest
    target = f"{float(setting['target']):g}"
    change = target if before is None else f"{before} → {target}"
    shape = setting.get("shape", "step")
    if shape == "ramp":
        return say("{change}, {start} to {end}", change=change, start=start, end=end)
    if shape == "pulse":
        return say("{change} from {start}, back at {end}", change=change, start=start, end=end)
    if before == target:
        return say("kept at {target}", target=target)
    return say("{change} from {start}", change=change, start=start) if start else change


def _date(time: Any) -> str:
    return "" if time is None else f"{float(time):.10g}"
