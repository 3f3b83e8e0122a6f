"""Who comes to Shanghai to work in research, from its universities and from abroad?

Attraction rises with the quality of institutions and with policy and falls with rents: it decides how many
graduates choose research here as institutions grow better. Foreign talent follows a goal of the
same kind that restrictions lower; it brings researchers and a little knowledge. AI talent follows the output
of the AI industry: one count of 187,000 people, of unstated definition, is all there is, so nothing depends
on it. For the rest no figure exists; sizes are priors and small.
"""

from pujiang.basis import assumed, recalled
from pujiang.declare import auxiliary, flow, lever, parameter, stock
from pujiang.primitives import element
from pujiang.priors import lognormal, normal
from pujiang.reported import reported
from pujiang.shanghai.dimensions import industry

talent_attraction = lever(
    "1",
    "Policy to attract talent (permits, settlement, housing): share by which more people come.",
    default=0.0,
    bounds=(-0.5, 1.0),
    why="More of each year's graduates and more foreign specialists choose research here; researchers are a stock, "
    "so their number moves slowly, and knowledge after them with the elasticity of talent.",
    shown_at=0.2,
    basis=assumed("points for settlement and work permits were widened several times since 2015"),
)

attraction_rent_elasticity = parameter(
    0.15,
    "1",
    "Response of attraction to rents (a fall).",
    bounds=(0.0, 0.5),
    basis=assumed("weak; moves of graduates against rents, across cities, would tell"),
)
attraction_quality_elasticity = parameter(
    normal(0.3, 0.1),
    "1",
    "Response of attraction to institutional quality.",
    bounds=(0.0, 1.0),
    basis=assumed("as that of births; moves of graduates across cities would tell"),
)
initial_foreign_talent = parameter(
    28000.0,
    "person",
    "Foreign specialists at work in Shanghai at 2015.0.",
    bounds=(12e3, 70e3),
    basis=recalled("tens of thousands of work permits for specialists; no definition is agreed"),
)
foreign_talent_restriction = parameter(
    0.3,
    "1",
    "Share by which full technology restrictions lower the foreign talent Shanghai can hold.",
    bounds=(0.0, 0.8),
    basis=assumed("a third at the worst; work permits by nationality would tell"),
)
foreign_talent_adjustment_time = parameter(
    3.0,
    "year",
    "Time in which foreign talent comes or goes: the length of a contract.",
    bounds=(1.5, 6.0),
    basis=assumed("contracts of about three years; work permits by year would tell"),
)
foreign_research_entry_rate = parameter(
    0.02,
    "1/year",
    "Foreign specialists who go into research in a year, per specialist at work.",
    bounds=(0.0, 0.06),
    basis=assumed("a tenth take up research in a stay of five years"),
)
foreign_talent_elasticity = parameter(
    0.03,
    "1",
    "Response of the yield of applied research to foreign talent.",
    bounds=(0.0, 0.1),
    basis=assumed("small beside a fifteenth of researchers"),
)
initial_ai_talent = parameter(
    lognormal(55e3, 0.25),
    "person",
    "People who work on artificial intelligence at 2015.0.",
    bounds=(20e3, 120e3),
    basis=assumed("back from 187,000 in July 2020", hindsight=2020),
)
ai_talent_elasticity = parameter(
    0.75,
    "1",
    "Response of AI talent to the output of the AI industry.",
    bounds=(0.3, 1.1),
    basis=assumed("output per person rises as the industry grows"),
)
ai_talent_hiring_time = parameter(
    1.0,
    "year",
    "Time in which AI talent follows the industry.",
    bounds=(0.4, 3.0),
    basis=assumed("one recruiting season"),
)

foreign_talent = stock(
    "person",
    "Foreign specialists at work in Shanghai.",
    initial="initial_foreign_talent",
    reported=reported("end", "Foreign specialists", unit="1,000 persons"),
)
ai_talent = stock(
    "person",
    "People who work on artificial intelligence.",
    initial="initial_ai_talent",
    reported=reported("mean", "AI talent", unit="1,000 persons"),
)


@auxiliary("1")
def talent_attraction_effect(
    talent_attraction,
    rent_index,
    attraction_rent_elasticity,
    institutional_quality,
    attraction_quality_elasticity,
):
    """Factor of policy, rents and institutions on how many choose to work in research here."""
    return (
        (1 + talent_attraction)
        * rent_index ** (-attraction_rent_elasticity)
        * institutional_quality**attraction_quality_elasticity
    )


@auxiliary("person")
def foreign_talent_goal(
    initial_foreign_talent, talent_attraction_effect, foreign_talent_restriction, restriction_pressure
):
    """Foreign specialists Shanghai can hold: by its attraction, less under restrictions."""
    return initial_foreign_talent * talent_attraction_effect * (1 - foreign_talent_restriction * restriction_pressure)


@flow("person/year", into=foreign_talent)
def foreign_talent_change(foreign_talent_goal, foreign_talent, foreign_talent_adjustment_time):
    """Foreign specialists who come, less those who leave."""
    return (foreign_talent_goal - foreign_talent) / foreign_talent_adjustment_time


@auxiliary("person/year")
def foreign_researchers(foreign_research_entry_rate, foreign_talent):
    """Researchers from abroad in a year."""
    return foreign_research_entry_rate * foreign_talent


@auxiliary("1")
def foreign_talent_effect(foreign_talent, initial_foreign_talent, foreign_talent_elasticity):
    """Factor of foreign talent on the yield of applied research."""
    return (foreign_talent / initial_foreign_talent) ** foreign_talent_elasticity


@auxiliary("1")
def relative_ai_output(industry_output, initial_output):
    """Output of the AI industry relative to 2015."""
    return element(industry_output, industry, "ai") / element(initial_output, industry, "ai")


@flow("person/year", into=ai_talent)
def ai_talent_change(
    initial_ai_talent,
    relative_ai_output,
    ai_talent_elasticity,
    talent_attraction,
    ai_talent,
    ai_talent_hiring_time,
):
    """People who come into AI, less those who leave: as the industry can employ and policy attracts."""
    return (
        initial_ai_talent * relative_ai_output**ai_talent_elasticity * (1 + talent_attraction) - ai_talent
    ) / ai_talent_hiring_time
