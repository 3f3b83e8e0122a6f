"""What each lever alone does: signs, sizes, timing, and where in the structure the answer comes from."""

from pujiang.documentation.markdown import NOTE, item, number_cell, paragraph, table
from pujiang.engine.system import System
from pujiang.experiment.levers import LeverSetting
from pujiang.experiment.responses import MOVES, Change, Response


def levers_page(system: System, responses: tuple[Response, ...]) -> str:
    """The page: all levers in a table, then each by itself."""
    shown = [name for name in system.presentation.outcomes if system.variables[name].over is None] or list(
        system.outcomes
    )
    last = system.calendar.last_year
    parts = [
        "# What each lever does",
        NOTE,
        paragraph(
            f"Each lever is set alone, all others resting at the baseline, all parameters at their fitted values; the "
            f"table gives the change of the main outcomes in {last} against the baseline, in per cent of it. A dot "
            f"stands for less than {MOVES:.1%}, 0 for no change at all. These are central values without a band: "
            "`pujiang run` gives the uncertainty of a scenario, `pujiang sensitivity` whose it is. Levers work "
            "together other than one by one, since money, researchers, places and time to build limit each other."
        ),
        table(
            ("lever", "set to", *(system.presentation.outcome(name).short for name in shown)),
            [
                (
                    f"[{found.lever}](#{found.lever})",
                    words(found.setting.setting, system.levers[found.lever].unit),
                    *(_cell(_of(found, name)) for name in shown),
                )
                for found in responses
            ],
            right=[system.presentation.outcome(name).short for name in shown],
        ),
    ]
    parts.extend(_lever(system, found) for found in responses)
    return "\n\n".join(parts) + "\n"


def _of(response: Response, outcome: str) -> Change:
    return next(change for change in response.changes if change.outcome == outcome)


def _cell(change: Change) -> str:
    if change.relative == 0:
        return "0"
    return percent(change.relative) if change.moves else "·"


def percent(relative: float) -> str:
    """A change in per cent, with its sign and two digits that matter."""
    value = float(f"{100 * relative:.2g}")
    return f"{value:+,.0f}" if abs(value) >= 100 else f"{value:+.2g}"


def _lever(system: System, response: Response) -> str:
    lever = system.levers[response.lever]
    setting = response.setting
    rest = "not set" if lever.default is None else f"{lever.default:g}"
    by = f", as in the scenario {setting.scenario}" if setting.scenario else ""
    lines = [
        f"## {response.lever}",
        "",
        paragraph(lever.doc),
        "",
        item(f"set to: {words(setting.setting, lever.unit)}{by}; in the baseline {rest}"),
        item(f"where the answer comes from: {lever.why}"),
    ]
    if response.chain:
        lines.append(item(f"shortest way to what it moves most: {' → '.join(f'`{name}`' for name in response.chain)}"))
    moved = sorted((c for c in response.changes if c.first_year is not None), key=lambda c: (c.first_year, c.outcome))
    if not moved:
        largest = max(response.changes, key=lambda change: abs(change.relative))
        none = "no outcome changes at all"
        if largest.relative:
            none = f"no outcome moves by {MOVES:.1%}; most of all {largest.outcome}, by {percent(largest.relative)} %"
        return "\n".join([*lines, item(none)])
    rows = []
    for change in moved:
        turned = change.turned
        note = "" if turned is None else f"first the other way: {percent(turned[1])} % in {turned[0]}"
        if not change.moves:
            note = f"passes: less than {MOVES:.1%} in {change.year}"
        size, share = (_signed(change.change), percent(change.relative)) if change.moves else ("·", "·")
        cells = (number_cell(change.base), size, change.unit, share, str(change.first_year), note)
        rows.append((f"`{change.outcome}`", *cells))
    last = f"baseline {system.calendar.last_year}"
    columns = ("outcome", last, "change", "unit", "change, %", f"over {MOVES:.1%} from", "course")
    return "\n".join([*lines, "", table(columns, rows, right=(columns[1], "change", "change, %"))])


def _signed(value: float) -> str:
    text = number_cell(value)
    return text if text.startswith("-") or text == "0" else f"+{text}"


def words(setting: LeverSetting, unit: str) -> str:
    """A setting in words."""
    of = "" if unit == "1" else f" {unit}"
    if setting.path is not None:
        return ", ".join(f"{value:g}{of} at {time:g}" for time, value in setting.path)
    begins = "" if setting.origin is None else f"from {setting.origin:g} "
    if setting.shape == "step":
        return f"{setting.target:g}{of} from {setting.start:g}"
    if setting.shape == "ramp":
        return f"{begins}to {setting.target:g}{of}, evenly from {setting.start:g} to {setting.end:g}"
    return f"{setting.target:g}{of} from {setting.start:g} to {setting.end:g}, then back"
