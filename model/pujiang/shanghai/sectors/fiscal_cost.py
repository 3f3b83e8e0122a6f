"""What do the levers cost the public budget?

Each lever that takes money has a price here, so that scenarios are compared with what they cost. The money of
patient capital is counted when it is paid in, although part of it comes back; a window, a valuation, a shift of
stages or of projects, the remittance and institutional effort cost a budget next to nothing and count as free. Prices
are round numbers: they rank measures by order of size. Nothing depends on them.
"""

from pujiang.basis import assumed, by_definition
from pujiang.declare import auxiliary, parameter
from pujiang.primitives import maximum
from pujiang.reported import reported

rent_per_space = parameter(
    0.5,
    "billion_yuan/million_m2/year",
    "Rent of a square metre of production space a year, at the rents of 2015.",
    basis=assumed("1.4 yuan a square metre and day; asking rents of parks would tell"),
)
space_cost = parameter(
    4.0,
    "billion_yuan/million_m2",
    "Cost of a square metre of production space.",
    basis=assumed("4,000 yuan without land; tenders would tell"),
)
incubator_cost = parameter(
    0.02,
    "billion_yuan/incubator/year",
    "Public money for a high-quality incubator a year.",
    basis=assumed("twenty million yuan for staff and platforms; budgets of the twelve would tell"),
)
manager_cost = parameter(
    0.0005,
    "billion_yuan/person",
    "Cost of training a technology manager and of the first year.",
    basis=assumed("half a million yuan; budgets of the programme would tell"),
)
talent_cost = parameter(
    0.0003,
    "billion_yuan/person",
    "Public money for a person attracted.",
    basis=assumed("three hundred thousand yuan of housing and settlement; the city's own rates vary widely"),
)
student_cost = parameter(
    0.00003,
    "billion_yuan/person/year",
    "Public money for a student a year.",
    basis=assumed("thirty thousand yuan, as appropriations a student of a large university"),
)
startup_support_cost = parameter(
    0.0002,
    "billion_yuan/firm",
    "Public money for a firm born under startup finance support of strength 1.",
    basis=assumed("two hundred thousand yuan of grants, guarantees and vouchers"),
)
market_access_cost = parameter(
    0.1,
    "year",
    "Public money for a yuan a year of demand that support of market access opens.",
    basis=assumed("a tenth, as premiums of first purchases"),
)
scenario_cost = parameter(
    0.001,
    "billion_yuan/scenario",
    "Public money for an application scenario opened.",
    basis=assumed("a million yuan"),
)
digital_cost = parameter(
    0.05,
    "year",
    "Public money for a yuan a year of output that goes digital through the programme.",
    basis=assumed("a twentieth, as subsidies to equipment"),
)
research_deduction_cost = parameter(
    1.0,
    "1",
    "Tax not paid for a yuan of user cost cut.",
    basis=by_definition("what firms save the budget does not get"),
)


@auxiliary("billion_yuan/year")
def research_cost(
    government_research_share,
    gdp,
    government_research_effort,
    research_deduction_cost,
    research_tax_incentive,
    enterprise_research_funding,
    proof_of_concept_programme,
):
    """Appropriations beyond those without policy, tax not paid for research, proofs of concept."""
    return (
        government_research_share * gdp * (government_research_effort - 1)
        + research_deduction_cost * research_tax_incentive * enterprise_research_funding
        + proof_of_concept_programme
    )


@auxiliary("billion_yuan/year")
def firm_support_cost(
    startup_support_cost,
    startup_finance_support,
    technology_firm_births,
    market_access_cost,
    market_access_opening,
    industry_revenue,
    incubator_cost,
    incubators,
    rent_relief,
    rent_per_space,
    rent_index,
    firm_space_demand,
    space_cost,
    production_space_programme,
):
    """Support of firms: startups, markets, incubators, rents and space (land turned to other uses costs nothing)."""
    return (
        startup_support_cost * startup_finance_support * technology_firm_births
        + market_access_cost * market_access_opening * industry_revenue
        + incubator_cost * incubators
        + rent_relief * rent_per_space * rent_index * firm_space_demand
        + space_cost * maximum(production_space_programme, 0)
    )


@auxiliary("billion_yuan/year")
def people_cost(
    manager_cost,
    technology_manager_programme,
    talent_cost,
    talent_attraction,
    researcher_hiring,
    student_cost,
    stem_enrolment_added,
    study_time,
):
    """Technology managers, people attracted, places of study beyond the trend."""
    return (
        manager_cost * technology_manager_programme
        + talent_cost * talent_attraction * researcher_hiring
        + student_cost * stem_enrolment_added * study_time
    )


@auxiliary(
    "billion_yuan/year",
    reported=reported("integral", "Cost of the levers to the budget", short="Fiscal cost", decimals=1),
)
def fiscal_cost(
    research_cost,
    firm_support_cost,
    people_cost,
    patient_capital_injection,
    scenario_cost,
    scenario_opening,
    digital_cost,
    digital_programme,
    gdp,
):
    """What the levers cost the public budget."""
    return (
        research_cost
        + firm_support_cost
        + people_cost
        + patient_capital_injection
        + scenario_cost * scenario_opening
        + digital_cost * digital_programme * gdp
    )
