"""The model: one sector a file, in the order in which they are best read. A model is a list of sectors."""

from pujiang.shanghai import loops
from pujiang.shanghai.sectors import (
    backed_firms,
    basic_research,
    capital,
    digital,
    districts,
    economy,
    exits,
    fiscal_cost,
    five_centers,
    high_tech_certificates,
    incubators,
    industry,
    industry_capacity,
    industry_demand,
    inputs_ahead,
    institutional_quality,
    knowledge,
    momentum,
    neutral,
    ownership_reform,
    papers,
    patents,
    proof_of_concept,
    research_funding,
    research_personnel,
    research_target,
    restrictions,
    space,
    spin_outs,
    star_listing,
    startups,
    state_funds,
    students,
    talent,
    technology_contracts,
    technology_transfer,
    venture_chain,
    venture_investment,
)

CORE = (
    inputs_ahead,  # how inputs go on after their last figure, in each member
    economy,  # output from capital, labour and knowledge; gdp is data to 2024
    research_funding,  # who pays for R&D, and how much
    research_target,  # the pressure an announced R&D goal puts on budgets
    basic_research,  # conventional and frontier basic research, to scientific knowledge
    knowledge,  # applied research to applied knowledge
    patents,  # applications, grants, patents in force
    students,  # students and graduates in science and engineering
    research_personnel,  # researchers, and what they limit
    ownership_reform,  # institutions that let researchers own their results
    technology_transfer,  # results, and the deals that bring them into use
    proof_of_concept,  # projects that carry results to a first proof
    spin_outs,  # firms founded on results, and what they raise
    technology_contracts,  # the registered value of technology contracts
    startups,  # births of technology firms, startups, eligible firms
    high_tech_certificates,  # certified firms in cohorts of three years
    state_funds,  # parent funds of the state, committed over a fund's life
    capital,  # private commitments; seed, venture and industrial funds
    venture_investment,  # supply and needs of money, coverage, rounds
    venture_chain,  # seed, venture stage, growth stage, queue, unicorns
    star_listing,  # the listing window, listed firms, money raised
    backed_firms,  # what firms of the chain sell, and their certificates
    exits,  # holdings at cost, what exits pay and to whom, the yield investors perceive
    industry_demand,  # demand for the output of the technology industries
    industry_capacity,  # capacity, built in three stages as money allows
    industry,  # output and revenue
    neutral,  # what the core leaves to further systems, at values that change nothing
    loops.CORE,  # the feedback loops these sectors close
)
"""The core model, in reading order."""

FULL = (
    *(sector for sector in CORE if sector is not neutral),
    talent,  # who comes to Shanghai, from its universities and from abroad; people in AI
    space,  # floor space, occupancy and rents
    incubators,  # high-quality incubators and what they do for seed ventures
    restrictions,  # technology restrictions, import dependence, substitution
    five_centers,  # what technology does for the other centers, and they for it
    digital,  # digital adoption, and what it adds to output
    institutional_quality,  # how institutions learn: adaptive momentum
    districts,  # where in the city research is done
    papers,  # the share of China's papers in three leading journals
    fiscal_cost,  # what the levers cost the budget
    momentum,  # three indices that sum the model up
    loops.FURTHER,  # the feedback loops that run through further systems
)
"""The full model: the core, and every further system the sources describe."""
