"""What do firms of the venture chain sell, and who of them holds a certificate?

Firms that raise venture money are firms of industry: each stage sells a multiple of what an established firm
sells, so money that is not raised is products that do not come and capacity that is not built. They hold
high-tech certificates like others and renew them: a certificate lasts three years here too, and the stock is
the issues of three years. Loop: R2 (money, ventures, products, demand).
"""

from pujiang.basis import assumed, derived, observed, recalled
from pujiang.declare import auxiliary, flow, parameter, stock
from pujiang.primitives import fixed_delay, maximum, safe_divide, total
from pujiang.priors import lognormal
from pujiang.reported import reported
from pujiang.shanghai.dimensions import industry

venture_firm_revenue = parameter(
    0.3,
    "1",
    "Revenue of a venture-stage firm over that of an established firm.",
    basis=assumed("before or just past a first product"),
)
growth_firm_revenue = parameter(
    3.0,
    "1",
    "Revenue of a growth-stage firm over that of an established firm.",
    basis=assumed("rounds of 50-100 m yuan are raised on revenue of some hundred million"),
)
queue_firm_revenue = parameter(
    6.0,
    "1",
    "Revenue of a firm waiting to list over that of an established firm.",
    basis=derived("a STAR candidate shows 300 m yuan of revenue or more, against some .17 bn a certified firm"),
)
unicorn_revenue = parameter(
    10.0,
    "1",
    "Revenue of a unicorn over that of an established firm.",
    basis=assumed("a billion dollars of value at four times revenue"),
)
listed_firm_revenue = parameter(
    12.0,
    "1",
    "Revenue of a listed firm over that of an established firm.",
    basis=derived("some 2 bn yuan a STAR firm of Shanghai, against some .17 bn a certified firm"),
)
backed_revenue_scale = parameter(
    lognormal(1.0, 0.35),
    "1",
    "Factor on the five ratios above, which act only together.",
    bounds=(0.3, 2.5),
    basis=assumed("averages of skewed sizes are known to a third"),
)
backed_industry_share = parameter(
    {"ic": 0.22, "biomedicine": 0.25, "ai": 0.20, "other": 0.33},
    "1",
    "Part of each industry in venture-backed firms.",
    over=industry,
    basis=recalled("two thirds of venture money goes to the three leading industries"),
)
venture_certified_share = parameter(
    lognormal(0.5, 0.2),
    "1",
    "Share of venture-stage firms that hold a certificate.",
    bounds=(0.2, 0.8),
    basis=assumed("a certificate asks for a year of registration and own patents"),
)
growth_certified_share = parameter(
    0.95,
    "1",
    "Share of growth-stage and later firms that hold a certificate.",
    basis=assumed("nearly all; it cuts the tax of a firm that earns by two fifths"),
)
certificate_application_time = parameter(
    0.5,
    "year",
    "Time in which a firm that qualifies gets its certificate.",
    basis=observed("one round of certification a year, in autumn"),
)

# Revenue


@auxiliary("firm")
def backed_firms_by_revenue(
    backed_revenue_scale,
    venture_firm_revenue,
    venture_stage_firms,
    growth_firm_revenue,
    growth_stage_firms,
    queue_firm_revenue,
    listing_queue,
    unicorn_revenue,
    unicorns,
    listed_firm_revenue,
    star_listed_firms,
    other_listed_firms,
):
    """Firms of the venture chain, counted in established firms of the same revenue."""
    return backed_revenue_scale * (
        venture_firm_revenue * venture_stage_firms
        + growth_firm_revenue * growth_stage_firms
        + queue_firm_revenue * listing_queue
        + unicorn_revenue * unicorns
        + listed_firm_revenue * (star_listed_firms + other_listed_firms)
    )


@auxiliary("firm", over=industry)
def firms_by_revenue(established_firms, backed_firms_by_revenue, backed_industry_share):
    """Firms that offer products, venture-backed ones counted by revenue."""
    return established_firms + backed_firms_by_revenue * backed_industry_share


@auxiliary("1", over=industry)
def backed_revenue_share(backed_firms_by_revenue, backed_industry_share, firms_by_revenue):
    """Part of venture-backed firms in the revenue of an industry."""
    return safe_divide(backed_firms_by_revenue * backed_industry_share, firms_by_revenue)


@auxiliary(
    "billion_yuan/year",
    reported=reported("integral", "Revenue of venture-backed firms", short="Venture-backed revenue"),
)
def backed_firm_revenue(industry_output, backed_revenue_share):
    """Revenue of firms of the venture chain, listed ones included."""
    return total(industry_output * backed_revenue_share, industry)


# Certificates

backed_certified_firms = stock(
    "firm", "Firms of the venture chain with a valid certificate.", initial="opening_backed_certified_firms"
)


@auxiliary("firm")
def backed_firms_qualified(
    venture_certified_share,
    venture_stage_firms,
    growth_certified_share,
    growth_stage_firms,
    listing_queue,
    unicorns,
    star_listed_firms,
    other_listed_firms,
):
    """Firms of the venture chain that keep up what a certificate asks for."""
    return venture_certified_share * venture_stage_firms + growth_certified_share * (
        growth_stage_firms + listing_queue + unicorns + star_listed_firms + other_listed_firms
    )


@auxiliary("firm")
def opening_backed_certified_firms(
    venture_certified_share,
    initial_venture_stage_firms,
    growth_certified_share,
    initial_growth_stage_firms,
    initial_listing_queue,
    initial_unicorns,
    initial_other_listed_firms,
):
    """Firms of the venture chain with a certificate at 2015.0: all that qualify."""
    return venture_certified_share * initial_venture_stage_firms + growth_certified_share * (
        initial_growth_stage_firms + initial_listing_queue + initial_unicorns + initial_other_listed_firms
    )


@auxiliary("firm/year")
def opening_backed_certificates(opening_backed_certified_firms, certificate_term):
    """Certificates of venture-backed firms issued in a year before 2015: the opening stock, evenly."""
    return opening_backed_certified_firms / certificate_term


@flow("firm/year", out_of=backed_certified_firms)
def backed_certificates_expiring(backed_certificates_issued, certificate_term, opening_backed_certificates):
    """Certificates of venture-backed firms issued exactly three years ago."""
    return fixed_delay(backed_certificates_issued, certificate_term, opening_backed_certificates)


@flow("firm/year", into=backed_certified_firms)
def backed_certificates_issued(
    backed_certificates_expiring, backed_firms_qualified, backed_certified_firms, certificate_application_time
):
    """Certificates issued to venture-backed firms: those expiring are renewed as far as firms still qualify."""
    return maximum(
        backed_certificates_expiring + (backed_firms_qualified - backed_certified_firms) / certificate_application_time,
        0,
    )
