"""Where in the city is research done, and does it matter?

Shares of research by district add up to one and move slowly to where firms and policy want them; research that
is denser than the economy around it yields a little more. Evidence: Minhang's 26.6 billion yuan (of a doubtful
year), Lin-gang's 5.2 % of its output (years unknown: a prior only). Districts' parts in output are recalled.
Small on purpose: it shows who does research, and hardly moves the city.
"""

from pujiang.basis import assumed, seen
from pujiang.declare import auxiliary, flow, initial, lever, parameter, stock
from pujiang.primitives import safe_divide, spread, total
from pujiang.reported import reported
from pujiang.shanghai.dimensions import district

district_focus = lever(
    "1",
    "Part of research that policy moves to Minhang and Lin-gang.",
    default=0.0,
    bounds=(0.0, 0.5),
    why="Research moves slowly to Minhang and Lin-gang, where it is denser than the economy around it and so "
    "yields a little more; the city's total hardly changes.",
    shown_at=0.2,
    basis=assumed("research corridors in Minhang, international innovation in Lin-gang, Shanghai 2025"),
)

initial_district_weight = parameter(
    {"minhang": 0.105, "lingang": 0.022, "rest_of_pudong": 0.4, "other": 0.473},
    "1",
    "Weight of a district in research at 2015.0.",
    over=district,
    bounds=(0.005, 0.9),
    basis=assumed("with Minhang's from 26.6 bn yuan; weights are made to add up to one"),
)
later_district_weight = parameter(
    {"minhang": 0.112, "lingang": 0.03, "rest_of_pudong": 0.4, "other": 0.458},
    "1",
    "Weight to which a district's research moves by itself.",
    over=district,
    bounds=(0.005, 0.9),
    basis=assumed("Minhang's 26.6 bn of some 237 bn; Lin-gang's from 5.2 % of its output"),
)
focus_weight = parameter(
    {"minhang": 0.6, "lingang": 0.4, "rest_of_pudong": 0.0, "other": 0.0},
    "1",
    "How research that policy moves is divided.",
    over=district,
    basis=assumed("to the two districts named in programmes, more to the larger; spending by programme would tell"),
)
district_output_share = parameter(
    {"minhang": 0.0764, "lingang": 0.030, "rest_of_pudong": 0.305, "other": 0.5886},
    "1",
    "Part of a district in the city's output.",
    over=district,
    basis=seen("411.9 of 5,392.7 bn in 2024 for Minhang; the others recalled; shares are held"),
)
district_adjustment_time = parameter(
    5.0,
    "year",
    "Time in which research moves between districts.",
    bounds=(2.0, 10.0),
    basis=assumed("laboratories are built, people move"),
)
district_density_elasticity = parameter(
    0.04,
    "1",
    "Response of the yield of research to its density against the economy around it.",
    bounds=(0.0, 0.1),
    basis=seen("agglomeration 2.7-6.4 %, Donovan et al. 2021"),
)

district_research_share = stock(
    "1", "Part of a district in the city's research.", over=district, conserved="district_shares"
)


@initial(district_research_share)
def initial_district_research_share(initial_district_weight):
    """Weights made to add up to one."""
    return spread(1, initial_district_weight, district)


@auxiliary("1", over=district)
def district_share_goal(later_district_weight, focus_weight, district_focus):
    """Where research is moving: by itself, and where policy wants it. Adds up to one."""
    return (1 - district_focus) * spread(1, later_district_weight, district) + district_focus * spread(
        1, focus_weight, district
    )


@flow("1/year", into=district_research_share, over=district)
def district_share_change(district_share_goal, district_research_share, district_adjustment_time):
    """Research moves between districts: what one gains others lose."""
    return (district_share_goal - district_research_share) / district_adjustment_time


@auxiliary(
    "billion_yuan/year",
    over=district,
    reported=reported("integral", "R&D spending by district", short="District R&D", decimals=1),
)
def district_research_spending(district_research_share, research_spending):
    """Research spending in a district."""
    return district_research_share * research_spending


@auxiliary(
    "1",
    over=district,
    reported=reported("mean", "R&D intensity by district", short="District R&D intensity", unit="% of output"),
)
def district_research_intensity(district_research_spending, district_output_share, gdp):
    """Research spending in a district over its output."""
    return district_research_spending / (district_output_share * gdp)


@auxiliary("1")
def research_concentration(district_research_share, district_output_share, district_density_elasticity):
    """Research weighted by its density against the economy around it."""
    return total(
        district_research_share
        * safe_divide(district_research_share, district_output_share) ** district_density_elasticity,
        district,
    )


@auxiliary("1")
def initial_research_concentration(initial_district_research_share, district_output_share, district_density_elasticity):
    """The same at the start."""
    return total(
        initial_district_research_share
        * safe_divide(initial_district_research_share, district_output_share) ** district_density_elasticity,
        district,
    )


@auxiliary("1")
def district_density(research_concentration, initial_research_concentration):
    """Factor of the concentration of research in districts on its yield."""
    return research_concentration / initial_research_concentration
