"""An explanation in sentences that somebody reads who has not seen the model."""

from pujiang.presentation import Outcome
from pujiang.results.explanation.names import called, fraction, place_called, said, within
from pujiang.results.explanation.story import Part, Story
from pujiang.results.outcomes import level_text, signed
from pujiang.results.words import Words

MATTERS = 0.04
"""Parts below this share of the whole are told together."""
MOST = 4
"""Parts told one by one."""
JOINT = 0.1
"""The share of the whole from which what levers do together is told."""
MOST_PLACES = 6
THOUSANDTH = 1e-3


def paragraph(story: Story, say: Words) -> str:
    """What differs, where it comes from, and how it travels."""
    return say.sentences([answer(story, say), sources(story, say), *together(story, say), way(story, say)])


def answer(story: Story, say: Words) -> str:
    """The outcome on both sides, and their difference with its band."""
    outcome = _spoken(story, say)
    name = called(story.scalar, say)
    levels = [level_of(level, outcome) for level in (story.level_b, story.level_a)]
    if signed(story.whole, outcome).startswith("0"):
        return say(
            "{name} in {year}: {b} in {case}, as in {reference}.",
            name=name, year=story.year, b=levels[0], case=within_case(story.b, say),
            reference=within_case(story.a, say),
        )  # fmt: skip
    band = ""
    if story.members:
        low, high = (_bare(value, outcome) for value in (story.low, story.high))
        band = say(" (90 % of the members: {low} to {high})", low=low, high=high) if low != high else ""
    return say(
        "{name} in {year}: {b} in {case}, {a} in {reference}, a difference of {difference}{band}.",
        name=name, year=story.year, b=levels[0], a=levels[1], case=within_case(story.b, say),
        reference=within_case(story.a, say), difference=signed(story.whole, outcome), band=band,
    )  # fmt: skip


def sources(story: Story, say: Words) -> str:
    """How the difference divides among what was set."""
    whole, outcome = story.whole, _spoken(story, say)
    told = [part for part in story.parts if abs(part.value) >= MATTERS * _size(story)][:MOST]
    if not told or not whole or signed(whole, outcome).startswith("0"):
        return ""
    if len(story.parts) == 1:
        return say("All of it comes from {name}.", name=_part(story.parts[0], say))
    rest = sum(part.value for part in story.parts) - sum(part.value for part in told)
    against = [part for part in told if part.value * whole < 0]
    if against or max(abs(part.value) for part in told) > 1.05 * abs(whole):
        listed = [f"{_part(part, say)} {signed(part.value, outcome)}" for part in told]
        if abs(rest) >= MATTERS * _size(story):
            listed.append(say("all others {rest}", rest=signed(rest, outcome)))
        return say("It is the sum of what works both ways: {parts}.", parts=say.listed(listed, say(" and ")))
    if len(told) == 1 and abs(rest / whole) < MATTERS:
        if abs(rest / whole) < 0.005:
            return say("All of it comes from {name}.", name=_part(told[0], say))
        return say("Nearly all of it comes from {name}.", name=_part(told[0], say))
    listed = [
        say("{share} from {name}", share=fraction(part.value / whole, say), name=_part(part, say)) for part in told
    ]
    if rest / whole >= MATTERS:
        listed.append(say("{share} from all others", share=fraction(rest / whole, say)))
    return say("Of this, {parts}.", parts=say.listed(listed, say(" and ")))


def way(story: Story, say: Words) -> str:
    """By which sectors the largest part travels, what moves there, and when it begins to tell."""
    if not story.ways or not story.whole or len(story.ways[0].sectors) < 2:
        return ""
    first = story.ways[0]
    places = [place_called(sector, say) for sector in first.sectors]
    if len(places) > MOST_PLACES:
        keep = MOST_PLACES // 2
        places = [*places[:keep], *places[-keep:]]
    listed = say.listed([within(name) for name in places], say(" and "))
    moved = []
    for name, change in story.mediators:
        outcome = say.outcome(name)
        moved.append(f"{within(outcome.short)} {signed(change, outcome)}")
    sentence = say("From {source} it travels by way of {places}", source=said(first.source, say), places=listed)
    if moved:
        sentence += say(" (in {year}: {moved})", year=story.year, moved=say.listed(moved))
    if story.begins is not None:
        sentence += say("; it begins to tell in {year}", year=story.begins)
    return sentence + say(".")


def together(story: Story, say: Words) -> list[str]:
    """What levers do beyond what each does, where it is much; no sentence where it is not."""
    if len(story.parts) < 2 or abs(story.joint) < JOINT * abs(story.whole):
        return []
    outcome = _spoken(story, say)
    if signed(story.joint, outcome).startswith("0"):
        return []
    text = say(
        "{amount} of it arises only because they act together: each by itself would not do it.",
        amount=signed(story.joint, outcome)[1:],
    ) if story.joint * story.whole > 0 else say(
        "Each by itself would do more: together they do {amount} less.", amount=signed(story.joint, outcome)[1:]
    )  # fmt: skip
    sentences = [text]
    if story.pair is not None:
        first, second = (said(name, say) for name in story.pair[:2])
        sentences.append(say("Most of that lies between {first} and {second}.", first=first, second=second))
    return sentences


def within_case(name: str, say: Words) -> str:
    """A scenario as it stands in a sentence."""
    return say("the baseline") if name == "baseline" else say.case(name)


def _part(part: Part, say: Words) -> str:
    kinds = {"fit": say("the fit"), "evidence": say("the data"), "model": say("the model")}
    return kinds.get(part.kind) or said(part.name, say)


def _size(story: Story) -> float:
    """What parts are small or large beside: the whole, or the largest part where parts cancel."""
    return max(abs(story.whole), 0.5 * max((abs(part.value) for part in story.parts), default=0.0))


def _spoken(story: Story, say: Words) -> Outcome:
    return say.outcome(story.scalar.partition(".")[0])


def level_of(value: float, outcome: Outcome) -> str:
    """A level with its unit: thousands written out, a share in per cent."""
    if outcome.scale == THOUSANDTH:
        unit = outcome.unit.removeprefix("1,000").removeprefix("千").replace("thousands", "")
        return f"{value:,.0f} {unit.strip()}".strip()
    unit = "%" if outcome.unit.endswith(" %") else outcome.unit  # in Chinese what a share is of stands before it
    return f"{level_text(value, outcome)} {unit}".replace(" number", "").strip()


def _bare(value: float, outcome: Outcome) -> str:
    return signed(value, outcome).removesuffix(" %").removesuffix(" pp")
