"""What schema and text of XMILE 1.0 (OASIS Standard, 14 December 2015) say of the elements that an exported file has.

The schema allows what the text does not: several equations of a variable, or several parts that a file has once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

MANY = 10**9
SHAPE = frozenset({"name", "x", "y", "width", "height"})


@dataclass(frozen=True)
class Rule:
    """Attributes that may stand at an element, those that must, and the elements in it: how many, in which order."""

    attributes: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    children: tuple[tuple[str, int, int], ...] = ()
    ordered: bool = False


def rule(attributes: str = "", required: str = "", children: str = "", ordered: bool = False) -> Rule:
    """A rule in short: of children `name` is one, `name?` one or none, `name*` any number."""
    counted = {"?": (0, 1), "*": (0, MANY)}
    parts = tuple((c.rstrip("?*"), *counted.get(c[-1], (1, 1))) for c in children.split())
    return Rule(frozenset(f"{attributes} {required}".split()), frozenset(required.split()), parts, ordered)


_ELEMENT = rule(required="subscript", children="eqn? gf?")
_VARIABLE = "eqn? gf? dimensions? doc? units? element*"

RULES: dict[tuple[str, ...], Rule] = {
    ("xmile",): rule(required="version", children="header sim_specs dimensions? model"),
    ("header",): rule(children="name? vendor? product? options?"),
    ("options",): rule(children="uses_arrays? has_model_view?"),
    ("uses_arrays",): rule(required="max_dimensions"),
    ("has_model_view",): Rule(),
    ("product",): rule("lang", "version"),
    ("sim_specs",): rule("method time_units", children="start stop dt?"),
    ("xmile", "dimensions"): rule(children="dim*"),
    ("xmile", "dimensions", "dim"): rule("size", "name", "elem*"),
    ("elem",): rule(required="name"),
    ("model",): rule("name", children="variables views?", ordered=True),
    ("variables",): rule(children="stock* flow* aux* gf*"),
    ("variables", "stock"): rule("name", children=f"{_VARIABLE} inflow* outflow*"),
    ("variables", "flow"): rule("name", children=_VARIABLE),
    ("variables", "aux"): rule("name", children=_VARIABLE),
    ("dimensions",): rule(children="dim*"),
    ("dimensions", "dim"): rule(required="name"),
    ("element",): _ELEMENT,
    ("gf",): rule("type", children="xpts? ypts"),
    ("views",): rule(children="view*"),
    ("view",): rule("type background page_width page_height", children="group* stock* flow* aux* alias* connector*"),
    ("view", "group"): Rule(SHAPE),
    ("view", "stock"): Rule(SHAPE),
    ("view", "aux"): Rule(SHAPE),
    ("view", "flow"): Rule(SHAPE, children=(("pts", 1, 1),)),
    ("pts",): rule(children="pt*"),
    ("pt",): rule("x y"),
    ("connector",): rule("uid angle", children="from to"),
    ("from",): rule(children="alias?"),
    ("from", "alias"): rule("uid"),
    ("view", "alias"): rule("uid x y", children="of"),
    **{(text,): Rule() for text in "name vendor start stop dt eqn doc units inflow outflow xpts ypts to of".split()},
}
"""By the last names on the way from the root; the longest that fits holds."""


def faults(root: ElementTree.Element) -> Iterator[str]:
    """Whatever in a file the schema does not allow."""
    waiting = [((_local(root),), root)]
    while waiting:
        path, element = waiting.pop()
        where, inside = "/".join(path), [_local(child) for child in element]
        found = next((RULES[path[i:]] for i in range(len(path)) if path[i:] in RULES), None)
        if found is None:
            yield f"{where}: no such element"
            continue
        for attribute in element.attrib.keys() - found.attributes:
            yield f"{where}: no such attribute: {attribute}"
        for attribute in found.required - element.attrib.keys():
            yield f"{where}: lacks {attribute}"
        known = {name: (least, most) for name, least, most in found.children}
        for name in set(inside) - known.keys():
            yield f"{where}: may hold no {name}"
        for name, (least, most) in known.items():
            if not least <= inside.count(name) <= most:
                yield f"{where}: holds {inside.count(name)} {name}"
        if found.ordered and inside != [name for name in known if name in inside]:
            yield f"{where}: holds {inside} in this order"
        waiting += [((*path, _local(child)), child) for child in element]


def _local(element: ElementTree.Element) -> str:
    return element.tag.partition("}")[2]
