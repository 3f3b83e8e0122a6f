"""The model: one sector a file, in the order in which they are best read. A model is a list of sectors."""

from pujiang.sectors import (
    basic_research,
    capital,
    economy,
    exits,
    high_tech_certificates,
    industry,
    industry_capacity,
    industry_demand,
    knowledge,
    neutral,
    ownership_reform,
    patents,
    proof_of_concept,
    research_funding,
    research_personnel,
    research_target,
    spin_outs,
    star_listing,
    startups,
    state_funds,
    technology_contracts,
    technology_transfer,
    venture_chain,
    venture_investment,
)

CORE = (
    economy,  # output from capital, labour and knowledge; gdp is data to 2024
    research_funding,  # who pays for R&D, and how much
    research_target,  # the pressure an announced R&D goal puts on budgets
    basic_research,  # conventional and frontier basic research, to scientific knowledge
    knowledge,  # applied research to applied knowledge
    patents,  # applications, grants, patents in force
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
    exits,  # holdings at cost, proceeds, the exit yield investors perceive
    industry_demand,  # demand for the output of the technology industries
    industry_capacity,  # capacity, built in three stages as money allows
    industry,  # output and revenue
    neutral,  # inputs that sectors to come will replace
)
"""The core model, in reading order."""
