"""One observation in words: its value and error, its use, where it comes from, which trap it avoids."""

from pujiang.evidence.observations import Observation
from pujiang.evidence.pack import Evidence
from pujiang.evidence.sources import Source

_TIMING = {"flow": "over the year", "year_end": "at year end", "mean": "mean of the year", "ratio": "ratio"}


def explain(observation: Observation, evidence: Evidence) -> str:
    """A few lines of text for a reader who asks where a number comes from."""
    unit = "" if observation.unit == "1" else f" {observation.unit}"
    lines = [
        f"{observation.series}, {observation.entity} {observation.year}: {observation.value:.6g}{unit} "
        f"({_TIMING[observation.timing]}; "
        f"reported {observation.reported_value:.6g} {observation.reported_unit})",
        f"  held against: {observation.outcome or 'nothing in the model'}; role {observation.role}",
        f"  error: {_error(observation)}",
    ]
    if observation.reason:
        lines.append(f"  why: {observation.reason}")
    lines += [f"  from {line}" for line in _origins(observation, evidence)] or ["  from: no source given"]
    for name in observation.traps:
        trap = evidence.traps[name]
        lines.append(f"  avoids {name}: {trap.trap} Trusted instead: {trap.trust}")
    return "\n".join(lines)


def _error(observation: Observation) -> str:
    if observation.sd is None:
        return "none stated, not scored"
    if observation.sd_scale == "log":
        return f"{observation.likelihood}, sd {observation.sd:.3g} (log scale)"
    unit = "" if observation.unit == "1" else f" {observation.unit}"
    return f"{observation.likelihood}, sd {observation.sd:.3g}{unit}"


def _origins(observation: Observation, evidence: Evidence) -> list[str]:
    lines = []
    for name in observation.sources:
        if name in evidence.figures:
            figure = evidence.figures[name]
            note = f" ({figure.note})" if figure.note else ""
            lines.append(
                f"{name}: {figure.series}, {figure.entity} {figure.date} {figure.comparator} "
                f"{figure.value:.6g} {figure.unit}{note}; {_cite(evidence.sources[figure.source])}"
            )
        else:
            lines.append(f"{name}: {_cite(evidence.sources[name])}")
    return lines


def _cite(source: Source) -> str:
    return f"{source.title} ({source.publisher}, {source.date}; trust {source.trust})"
