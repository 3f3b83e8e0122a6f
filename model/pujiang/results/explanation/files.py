"""The files of an explanation: its text, tables, tree and pictures; all of them or none."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pujiang.labelled import Dataset, Tree, dataset_in_xarray
from pujiang.presentation import presentation_of
from pujiang.results.explanation.flow_picture import picture_of
from pujiang.results.explanation.names import called
from pujiang.results.explanation.story import Story, rows, story_of, told_outcomes
from pujiang.results.explanation.strips import causes_of
from pujiang.results.explanation.text import explanation_text
from pujiang.results.netcdf import write_groups
from pujiang.results.summary import dimension_of
from pujiang.results.words import Words, words_in
from pujiang.results.wrapping import wrapped

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

DIGITS = "%.10g"


def write_explanation(
    tree: Tree,
    folder: Path,
    outcomes: list[str] | None = None,
    variables: tuple[str, ...] = (),
    language: str = "en",
) -> Path:
    """Write an explanation into a new folder.

    levers.csv (outcome, element, difference, member, year, part), pathways.csv (outcome, cause, effect, amount, since),
    explanation.txt, explanation.nc, and of each outcome told a waterfall and the main pathways; of `variables` strips
    of their causes.

    Raises:
        InputError: where the folder holds something already, or cannot be written.
    """
    from pujiang.results.compare.files import new_folder
    from pujiang.results.figures.style import language_drawn, styled

    with new_folder(folder) as partial:
        text = explanation_text(tree, outcomes, language=language)
        (partial / "explanation.txt").write_text(text, encoding="utf-8", newline="\n")
        levers_table(tree).to_csv(partial / "levers.csv", index=False, float_format=DIGITS, lineterminator="\n")
        if "pathways" in tree.children:
            pathways_table(tree).to_csv(partial / "pathways.csv", index=False, float_format=DIGITS, lineterminator="\n")
        parts = {f"/{name}": part for name, part in tree.children.items()}
        write_groups(partial / "explanation.nc", {"/": Dataset({}, {}, tree.attrs), **parts})
        drawn = language_drawn(language)
        with styled(drawn):
            for name, figure, title, note in pictures(tree, outcomes or told_outcomes(tree), variables, drawn):
                _save(figure, partial / f"{name}.svg", title, note)
    return folder


def levers_table(tree: Tree) -> "pd.DataFrame":
    """A row a member, year and part of a scalar outcome."""
    import pandas as pd

    levers = dataset_in_xarray(tree["levers"])
    blocks = []
    for name, values in levers.data_vars.items():
        over = dimension_of(values.rename(difference="scenario"))
        for element in values[over].values.tolist() if over else [""]:
            own = values.sel({over: element}) if over else values
            frame = own.to_series().rename("part").reset_index()[["difference", "member", "year", "part"]]
            frame.insert(0, "element", element)
            frame.insert(0, "outcome", str(name))
            blocks.append(frame)
    return pd.concat(blocks, ignore_index=True)


def pathways_table(tree: Tree) -> "pd.DataFrame":
    """A row a link between variables, of each outcome whose pathways were followed."""
    import pandas as pd

    table = tree["pathways/variables"]
    columns = {"of": "outcome", "cause": "cause", "effect": "effect", "amount": "amount", "since": "since"}
    return pd.DataFrame({new: table[old].values for old, new in columns.items()})


def pictures(
    tree: Tree, outcomes: list[str], variables: tuple[str, ...], language: str
) -> "list[tuple[str, Figure, str, str]]":
    """(name, figure, title, note) of every picture, to be drawn within `style.styled`."""
    from pujiang.results.figures.explanation import strips

    say = words_in(language, presentation_of(tree["annual"].attrs))
    out: list[tuple[str, Figure, str, str]] = []
    for scalar in outcomes:
        out += outcome_pictures(tree, story_of(tree, scalar), say)
    labels = (say.case(str(tree.attrs["a"])), say.case(str(tree.attrs["b"])))
    for scalar in variables:
        courses, parts, times = causes_of(tree, scalar, say)
        figure, note = strips(courses, parts, times, labels, say)
        out.append((f"causes_{scalar}", figure, say("Causes: {name}", name=called(scalar, say)), note))
    return out


def outcome_pictures(tree: Tree, story: Story, say: Words) -> "list[tuple[str, Figure, str, str]]":
    """The waterfall of one outcome and its main pathways, to be drawn within `style.styled`."""
    from pujiang.results.figures.explanation import flow, waterfall

    facts = {"name": called(story.scalar, say), "year": story.year}
    between = say("{b} less {a}.", b=say.case(story.b), a=say.case(story.a))
    figure, note = waterfall(story, say)
    title = say("{name} in {year}: the difference by lever", **facts)
    out: list[tuple[str, Any, str, str]] = [(f"levers_{story.scalar}", figure, title, say.sentences([between, note]))]
    picture = picture_of(tree, story, say) if rows(tree, "sources", story.scalar) else None
    if picture is not None:
        figure, note = flow(picture, say)
        title = say("{name} in {year}: how the difference travels", **facts)
        out.append((f"pathways_{story.scalar}", figure, title, say.sentences([between, note])))
    return out


HEAD = 0.66
"""Inches for the title and two lines of a note."""


def _save(figure: "Figure", path: Path, title: str, note: str) -> None:
    """Write a picture with its title and note above it, the figure made as wide and high as these need."""
    from pujiang.results.figures.style import heading, save_svg, width_of

    own, tall = figure.get_size_inches()
    width = max(own, 0.2 + 0.125 * width_of(title))
    head = 0.0 if path.stem.startswith("causes_") else HEAD
    figure.set_size_inches(width, tall + head)
    for axes in figure.axes:
        x, y, w, h = axes.get_position().bounds
        axes.set_position((x * own / width, y * tall / (tall + head), w * own / width, h * tall / (tall + head)))
    heading(figure, title, "\n".join(wrapped(note, int(width / 0.073))))
    save_svg(figure, path, title, note)
