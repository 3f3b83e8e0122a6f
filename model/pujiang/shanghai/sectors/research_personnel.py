"""Research personnel, in person-years: whom research money can find.

Research money wants people at a cost per person that rises with what the city produces and is lower on the money
of enterprises, which buys fewer instruments; people come from graduates who choose research and from those who
work elsewhere, the more the better it pays, and leave at a steady rate. Money that grows faster than people lowers
its own yield (B5, through the staffing effect in the knowledge sector). How many choose research here answers to the
attraction of the city.
"""

from pujiang.basis import assumed, derived, seen
from pujiang.declare import auxiliary, flow, parameter, stock
from pujiang.primitives import maximum, smooth_minimum
from pujiang.priors import logitnormal, lognormal, normal
from pujiang.reported import reported

initial_research_personnel = parameter(
    170000.0,
    "person",
    "People in research, full-time equivalent, at the opening.",
    bounds=(155e3, 186e3),
    basis=seen("annual means 168,173 (2014) and 171,798 (2015)"),
)
initial_spending_per_researcher = parameter(
    lognormal(0.000522, 0.03),
    "billion_yuan/person/year",
    "Research spending per person-year at the opening.",
    bounds=(0.00046, 0.0006),
    basis=seen("86.2 bn over 168,173 in 2014, 93.6 over 171,798 in 2015"),
)
spending_per_researcher_elasticity = parameter(
    normal(0.55, 0.08),
    "1",
    "Percent of spending per person that one percent of GDP adds.",
    bounds=(0.2, 0.9),
    basis=derived("spending per person rose 42 % and GDP 69 % over 2015-21", hindsight=2021),
)
enterprise_cost_ratio = parameter(
    logitnormal(0.7, 0.08),
    "1",
    "Cost of a person-year on enterprise money over that on other money.",
    bounds=(0.3, 1.0),
    basis=derived(
        "personnel rose with enterprise funding while government money fell, 2021-23; large facilities are public",
        hindsight=2023,
    ),
)
research_entry_rate = parameter(
    lognormal(0.0006, 0.35),
    "1/year",
    "Share of the workforce that moves into research in a year at the opening's spending per person.",
    bounds=(0.0001, 0.002),
    basis=assumed("engineers who change posts; a twentieth of personnel"),
)
pay_elasticity = parameter(
    lognormal(1.5, 0.35),
    "1",
    "Response of moves into research to what is spent per person over what it costs.",
    bounds=(0.2, 4.0),
    basis=assumed("supply of labour to an occupation answers more than in proportion"),
)
graduate_research_share = parameter(
    logitnormal(0.22, 0.04),
    "1",
    "Share of graduates in science and engineering, and of people from elsewhere in China per graduate, who go "
    "into research.",
    bounds=(0.05, 0.5),
    start=0.235,
    basis=derived("the rise of personnel over 2019-23 needs about .22", hindsight=2023),
)
researcher_attrition = parameter(
    normal(0.045, 0.01),
    "1/year",
    "Share of researchers who leave research in a year.",
    bounds=(0.02, 0.08),
    basis=assumed("a career of about twenty years in research"),
)
researcher_hiring_time = parameter(
    lognormal(1.0, 0.25),
    "year",
    "Time in which employers fill the gap between people wanted and people there.",
    bounds=(0.4, 3.0),
    basis=assumed("one recruiting season"),
)
hiring_sharpness = parameter(
    6.0,
    "1",
    "Sharpness of the smaller of people sought and people to be had.",
    basis=assumed("about 11 % below the smaller where both are equal"),
)

research_personnel = stock(
    "person",
    "People in research, full-time equivalent.",
    initial="initial_research_personnel",
    reported=reported("mean", "Research personnel", unit="1,000 person-years"),
)


@auxiliary("billion_yuan/person/year")
def spending_per_researcher(initial_spending_per_researcher, gdp, initial_gdp, spending_per_researcher_elasticity):
    """What a researcher's year costs: pay, instruments and materials."""
    return initial_spending_per_researcher * (gdp / initial_gdp) ** spending_per_researcher_elasticity


@auxiliary("1")
def opening_cost_mix(initial_enterprise_research_funding, initial_research_spending, enterprise_cost_ratio):
    """People a yuan of research pays over people a yuan of other money pays, at the opening."""
    return 1 + initial_enterprise_research_funding / initial_research_spending * (1 / enterprise_cost_ratio - 1)


@auxiliary("person")
def researchers_wanted(
    research_spending, enterprise_research_funding, enterprise_cost_ratio, opening_cost_mix, spending_per_researcher
):
    """People for whom there is research money."""
    return (
        (research_spending + enterprise_research_funding * (1 / enterprise_cost_ratio - 1))
        / opening_cost_mix
        / spending_per_researcher
    )


@auxiliary("person/year")
def researchers_sought(researchers_wanted, research_personnel, researcher_hiring_time, researcher_attrition):
    """People employers seek in a year: to fill the gap and to replace those who leave."""
    return maximum(
        (researchers_wanted - research_personnel) / researcher_hiring_time + researcher_attrition * research_personnel,
        0,
    )


@auxiliary("person/year")
def researchers_from_workforce(workforce, research_entry_rate, researchers_wanted, research_personnel, pay_elasticity):
    """People who would move into research: the more money there is per person over what one costs."""
    return workforce * research_entry_rate * (researchers_wanted / research_personnel) ** pay_elasticity


@auxiliary("person/year")
def researchers_available(
    graduates,
    graduate_research_share,
    talent_attraction_effect,
    foreign_researchers,
    researchers_from_workforce,
):
    """People ready to go into research in a year."""
    return (
        graduates * graduate_research_share + researchers_from_workforce
    ) * talent_attraction_effect + foreign_researchers


@flow("person/year", into=research_personnel)
def researcher_hiring(researchers_sought, researchers_available, hiring_sharpness):
    """People who enter research: no more than are sought, no more than there are."""
    return smooth_minimum(researchers_sought, researchers_available, hiring_sharpness)


@flow("person/year", out_of=research_personnel)
def researcher_departures(research_personnel, researcher_attrition):
    """People who leave research."""
    return researcher_attrition * research_personnel
