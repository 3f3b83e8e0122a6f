"""What do technology restrictions of the United States do to Shanghai's industries, and what undoes it?

Pressure follows what is announced. It takes away inputs in proportion to how far an industry depends on
imports it cannot replace; pressure itself makes firms substitute, the faster the more they know (B13: a slow
balance on the damage). It raises firms' research and lowers what research yields. Evidence: studies of listed
firms (research up by a sixth, output flat or down); no figure for Shanghai exists, so every size here is a
prior and the sector is kept small.
"""

from pujiang.basis import assumed, seen
from pujiang.declare import auxiliary, flow, lever, parameter, stock
from pujiang.primitives import maximum
from pujiang.priors import logitnormal, lognormal, normal
from pujiang.reported import reported
from pujiang.shanghai.dimensions import industry

restriction_target = lever(
    "1",
    "Technology restrictions announced: 0 none, 1 a full blockade of inputs.",
    default=0.5,
    label="Technology restrictions",
    bounds=(0.0, 1.0),
    history="restriction_pressure",
    why="Pressure takes away inputs industries cannot replace and money and knowledge from abroad, and makes firms "
    "research and substitute, which undoes part of the damage with time (B13).",
    shown_at={"target": 0.95, "start": 2027},
    basis=assumed("the level after the export controls of October 2022 stays"),
)

restriction_response_time = parameter(
    0.5,
    "year",
    "Time from announcing restrictions to their being felt.",
    bounds=(0.2, 1.5),
    basis=assumed("stocks and licences last some months"),
)
initial_import_dependence = parameter(
    logitnormal(0.85, 0.04),
    "1",
    "Share of critical inputs that only imports can supply, at 2015.0.",
    bounds=(0.6, 0.97),
    basis=assumed("equipment and design tools for chips were nearly all imported"),
)
import_substitution_trend = parameter(
    lognormal(0.01, 0.4),
    "1/year",
    "Share of dependence that ends in a year without any pressure.",
    bounds=(0.0, 0.04),
    basis=assumed("slow without pressure; import shares by input before 2018 would tell"),
)
substitution_rate = parameter(
    lognormal(0.06, 0.4),
    "1/year",
    "Share of dependence that full pressure ends in a year, at the knowledge of 2015.",
    bounds=(0.01, 0.25),
    basis=assumed("slow even at full pressure; import shares by input since 2018 would tell"),
)
substitution_knowledge_elasticity = parameter(
    normal(0.5, 0.15),
    "1",
    "Response of substitution to applied knowledge.",
    bounds=(0.0, 1.0),
    basis=assumed("who knows more replaces sooner"),
)
restriction_severity = parameter(
    normal(0.6, 0.15),
    "1",
    "Inputs lost at full pressure to an industry that wholly depends on imports.",
    bounds=(0.1, 0.95),
    basis=assumed(
        "full pressure is a blockade: what stays is stocks, evasion and second-hand; seen: output of listed firms flat "
        "or down at the pressure of 2018-22, Hu et al. 2024. Output of a firm after its supplier is barred would tell",
        hindsight=2024,
    ),
)
restriction_exposure = parameter(
    {"ic": 1.0, "biomedicine": 0.12, "ai": 0.30, "other": 0.08},
    "1",
    "How far restrictions aim at an industry, relative to integrated circuits.",
    over=industry,
    basis=assumed("controls name chips and what computes with them; uncertain through severity"),
)
restriction_research_response = parameter(
    normal(0.10, 0.04),
    "1",
    "Share by which full pressure raises the research intensity firms aim at.",
    bounds=(-0.05, 0.3),
    basis=seen("Hu et al. 2024, research of listed firms up 16.6 %; lowered for firms not listed"),
)
foreign_knowledge_weight = parameter(
    normal(0.2, 0.07),
    "1",
    "Part of the yield of applied research that rests on knowledge from abroad.",
    bounds=(0.0, 0.5),
    basis=seen("studies of entity lists are mixed"),
)
foreign_knowledge_loss = parameter(
    logitnormal(0.5, 0.1),
    "1",
    "Part of knowledge from abroad that full pressure cuts off.",
    bounds=(0.1, 0.9),
    basis=assumed("publications stay open, tools and joint work do not"),
)
foreign_capital_restriction = parameter(
    normal(0.5, 0.15),
    "1",
    "Part of foreign venture money lost for a unit of pressure beyond that of 2022-24.",
    bounds=(0.0, 1.0),
    basis=assumed("rules on outbound investment"),
)
pressure_in_foreign_capital = parameter(
    0.5,
    "1",
    "Pressure at which the index of foreign capital was observed.",
    basis=assumed("that of 2022-24: the index has fallen with it, and easing would not bring the money back soon"),
)

restriction_pressure = stock("1", "Technology restrictions as industries feel them.", initial=0)
import_dependence = stock(
    "1",
    "Share of critical inputs that only imports can supply.",
    initial="initial_import_dependence",
    reported=reported("end", "Dependence on imports", unit="% of critical inputs"),
)


@flow("1/year", into=restriction_pressure)
def restriction_pressure_change(restriction_target, restriction_pressure, restriction_response_time):
    """Pressure follows what is announced."""
    return (restriction_target - restriction_pressure) / restriction_response_time


@flow("1/year", out_of=import_dependence)
def imports_replaced(import_dependence, import_substitution_trend):
    """Dependence that ends as domestic suppliers grow, pressure or none."""
    return import_dependence * import_substitution_trend


@flow("1/year", out_of=import_dependence)
def import_substitution(
    import_dependence,
    substitution_rate,
    restriction_pressure,
    relative_applied_knowledge,
    substitution_knowledge_elasticity,
):
    """Dependence that pressure ends: what is barred is replaced, the faster the more firms know."""
    return (
        import_dependence
        * substitution_rate
        * restriction_pressure
        * relative_applied_knowledge**substitution_knowledge_elasticity
    )


@auxiliary("1", over=industry)
def input_availability(restriction_severity, restriction_pressure, import_dependence, restriction_exposure):
    """Share of the inputs an industry needs that it can get."""
    return 1 - restriction_severity * restriction_pressure * import_dependence * restriction_exposure


@auxiliary("1/year", over=industry)
def input_availability_growth(
    restriction_severity,
    restriction_exposure,
    restriction_pressure_change,
    import_dependence,
    restriction_pressure,
    imports_replaced,
    import_substitution,
    input_availability,
):
    """Growth of the share of inputs an industry can get."""
    return (
        restriction_severity
        * restriction_exposure
        * (
            restriction_pressure * (imports_replaced + import_substitution)
            - restriction_pressure_change * import_dependence
        )
        / input_availability
    )


@auxiliary("1")
def restriction_research_effect(restriction_research_response, restriction_pressure):
    """Factor of restrictions on the research intensity firms aim at: they seek to replace what is barred."""
    return 1 + restriction_research_response * restriction_pressure


@auxiliary("1")
def restriction_knowledge_effect(foreign_knowledge_weight, foreign_knowledge_loss, restriction_pressure):
    """Factor of restrictions on the yield of applied research: less is learnt from abroad."""
    return 1 - foreign_knowledge_weight * foreign_knowledge_loss * restriction_pressure


@auxiliary("1")
def foreign_capital_access(foreign_capital_restriction, restriction_pressure, pressure_in_foreign_capital):
    """Share of foreign venture money that restrictions beyond those of 2022-24 let through."""
    return 1 - foreign_capital_restriction * maximum(restriction_pressure - pressure_in_foreign_capital, 0)
