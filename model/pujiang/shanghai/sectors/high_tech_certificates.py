"""How many firms hold a high-tech enterprise certificate?

A certificate lasts exactly three years. Those issued are first certificates, drawn from the pool of
eligible firms, and renewals of those issued three years before; so a campaign comes back in waves of three
years and the stock is the issues of the last three years, nothing added. First certificates spread by word
of mouth, are pushed by two campaigns (15,000 firms by 2020; 26,000 by 2025, announced in September 2021)
and end when the pool has run dry. Loops: R6 word of mouth, B1 pool exhaustion.
"""

from pujiang.basis import assumed, observed, seen
from pujiang.declare import auxiliary, constant, flow, initial, parameter, series, stock
from pujiang.primitives import fixed_delay, minimum, safe_divide, spread, total
from pujiang.priors import logitnormal, lognormal
from pujiang.reported import reported
from pujiang.shanghai.dimensions import industry

certificate_term = constant(
    3.0, "year", "Time a certificate is valid.", basis=seen("rules for the certification of high-tech enterprises")
)
certificates_expiring_before_2018 = series(
    "firm/year", "Certificates issued in 2012-14, at the time they fall due: 5,433 over 2015-17."
)
certification_campaign = series("1", "Effort of the campaigns to certify firms (1: full).")
certification_campaign_over = series("1", "0 until the second campaign ends, 1 after it.")

certification_innovation_rate = parameter(
    lognormal(0.03, 0.35),
    "1/year",
    "Share of eligible firms that seek a first certificate by themselves in a year.",
    bounds=(0.006, 0.12),
    start=0.0215,
    basis=assumed("Bass p of a label: with word of mouth about 0.07 a year, the pace before 2018"),
)
certification_imitation_rate = parameter(
    lognormal(0.16, 0.35),
    "1/year",
    "Rate of first certificates that word of mouth adds when all firms are certified.",
    bounds=(0.03, 0.6),
    start=0.138,
    basis=assumed("Bass q of a label, no study of one at hand; left to the counts of certificates"),
)
certification_campaign_gain = parameter(
    lognormal(4.5, 0.3),
    "1",
    "Factor of a campaign at full effort on first certificates.",
    bounds=(1.0, 10.0),
    start=3.9,
    basis=assumed("the measures of 2018 asked for twice the stock in three years"),
)
campaign_residue = parameter(
    logitnormal(0.2, 0.07),
    "1",
    "Share of the campaign's effort that stays as routine when it is over.",
    bounds=(0.0, 0.7),
    basis=assumed("a campaign leaves some routine; first certificates after its end would tell"),
)
renewal_pass_share = parameter(
    logitnormal(0.82, 0.05),
    "1",
    "Share of certificates falling due that are renewed, at the R&D effort of 2015.",
    bounds=(0.6, 0.97),
    start=0.797,
    basis=assumed("four in five pass; the three-year validity is law"),
)
lapsed_return_share = parameter(
    logitnormal(0.6, 0.1),
    "1",
    "Share of firms without renewal that stay candidates; the others close, move away or are taken over.",
    bounds=(0.2, 0.9),
    basis=assumed("more than half go on; what became of firms without renewal would tell"),
)
qualification_half_effort = parameter(
    lognormal(0.25, 0.3),
    "1",
    "R&D effort relative to 2015 at which half as many firms qualify as at an unlimited effort.",
    bounds=(0.05, 1.0),
    basis=assumed("the rule asks for R&D of 3-5 % of revenue"),
)
initial_certified_firms = parameter(
    5433.0,
    "firm",
    "Firms with a valid certificate at 2015.0, venture-backed ones included.",
    basis=observed("end of 2014 (12,000 in 2019 were 121 % more); those that fall due in 2015-17"),
)

certified_firms = stock(
    "firm",
    "Firms with a valid certificate: certificates issued in the last three years.",
    over=industry,
    conserved="firms",
)


@initial(certified_firms)
def initial_certified_firms_by_industry(initial_certified_firms, opening_backed_certified_firms, initial_firm_share):
    """The stock of end 2014 less venture-backed firms, divided as firms were."""
    return spread(initial_certified_firms - opening_backed_certified_firms, initial_firm_share, industry)


@auxiliary("1")
def research_qualification(
    enterprise_research_per_revenue, initial_enterprise_research_per_revenue, qualification_half_effort
):
    """Share of firms whose R&D meets the rule, relative to 2015: nobody without R&D, and it saturates."""
    return (1 + qualification_half_effort) * safe_divide(
        enterprise_research_per_revenue,
        enterprise_research_per_revenue + qualification_half_effort * initial_enterprise_research_per_revenue,
    )


@auxiliary("1")
def certified_share(certified_firms, eligible_firms):
    """Share of established firms that hold a certificate."""
    return safe_divide(
        total(certified_firms, industry), total(certified_firms, industry) + total(eligible_firms, industry)
    )


@auxiliary("1")
def campaign_effort(certification_campaign, campaign_residue, certification_campaign_over):
    """Effort put into certifying firms: campaigns, and what stays of them."""
    return certification_campaign + campaign_residue * certification_campaign_over


@auxiliary("1/year")
def first_certification_rate(
    certification_innovation_rate,
    certification_imitation_rate,
    certified_share,
    certification_campaign_gain,
    campaign_effort,
    research_qualification,
):
    """Share of eligible firms that get a first certificate in a year."""
    return (
        (certification_innovation_rate + certification_imitation_rate * certified_share)
        * (1 + (certification_campaign_gain - 1) * campaign_effort)
        * research_qualification
    )


@flow("firm/year", out_of="eligible_firms", into=certified_firms, over=industry)
def first_certifications(eligible_firms, first_certification_rate):
    """Eligible firms certified for the first time (or again after a lapse)."""
    return eligible_firms * first_certification_rate


@auxiliary("firm/year", over=industry)
def initial_certificates_falling_due(
    certificates_expiring_before_2018, opening_backed_certified_firms, initial_certified_firms, initial_firm_share
):
    """Certificates of 2012-14 as they fall due, of firms not venture-backed, divided as firms were."""
    return spread(
        certificates_expiring_before_2018 * (1 - opening_backed_certified_firms / initial_certified_firms),
        initial_firm_share,
        industry,
    )


@auxiliary("firm/year", over=industry)
def certificates_falling_due(certificates_issued, certificate_term, initial_certificates_falling_due):
    """Certificates issued exactly three years ago."""
    return fixed_delay(certificates_issued, certificate_term, initial_certificates_falling_due)


@auxiliary("1", over=industry)
def renewal_share(renewal_pass_share, research_qualification, input_availability):
    """Share of certificates falling due that are renewed; fewer where inputs lack, all of them at most."""
    return minimum(renewal_pass_share * research_qualification * input_availability, 1)


@auxiliary("firm/year", over=industry)
def recertifications(certificates_falling_due, renewal_share):
    """Certificates renewed for three more years."""
    return certificates_falling_due * renewal_share


@auxiliary("firm/year", over=industry)
def certificates_issued(first_certifications, recertifications):
    """Certificates issued: first ones and renewals."""
    return first_certifications + recertifications


@flow("firm/year", out_of=certified_firms, into="eligible_firms", over=industry)
def lapses_to_eligible(certificates_falling_due, renewal_share, lapsed_return_share):
    """Firms whose certificate is not renewed and that stay candidates."""
    return certificates_falling_due * (1 - renewal_share) * lapsed_return_share


@flow("firm/year", out_of=certified_firms, over=industry)
def certified_closures(certificates_falling_due, renewal_share, lapsed_return_share):
    """Firms that closed, moved away or were taken over: it shows when their certificate falls due."""
    return certificates_falling_due * (1 - renewal_share) * (1 - lapsed_return_share)


@auxiliary(
    "firm/year",
    reported=reported("integral", "High-tech certificates issued", short="High-tech certificates", unit="1,000 a year"),
)
def high_tech_certificates(certificates_issued, backed_certificates_issued):
    """High-tech enterprise certificates issued in Shanghai."""
    return total(certificates_issued, industry) + backed_certificates_issued


@auxiliary("firm", reported=reported("end", "High-tech firms", unit="1,000 firms", better="more"))
def high_tech_firms(certified_firms, backed_certified_firms):
    """High-tech enterprises with a valid certificate: those of the last three years, each firm once."""
    return total(certified_firms, industry) + backed_certified_firms
