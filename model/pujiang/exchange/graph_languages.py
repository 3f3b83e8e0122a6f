"""Diagrams in the languages of Mermaid and Graphviz, whose tools place the boxes."""

from pujiang.exchange.diagrams import Diagram

_MERMAID = {"stock": ("[", "]"), "flow": ("{{", "}}"), "auxiliary": ("(", ")"), "input": ("([", "])")}
_DOT = {"stock": "box", "flow": "hexagon", "auxiliary": "plaintext", "input": "oval"}


def mermaid(diagram: Diagram) -> str:
    """Stocks are boxes, flows hexagons joined to their stocks by thick arrows, levers and data pills.

    A thin arrow says that a cause enters an equation, with + or - where the equation alone tells which way it moves
    it, and the codes of the feedback loops that run over it.
    """
    lines = ["flowchart LR", "  classDef outside stroke-dasharray: 4"]
    for sector, names in _by_sector(diagram).items():
        lines.append(f"  subgraph {sector}_sector [{sector}]")
        for name in names:
            left, right = _MERMAID[diagram.kinds[name]]
            lines.append(f'    {name}{left}"{_words(name)}"{right}{":::outside" if _outside(diagram, name) else ""}')
        lines.append("  end")
    for flow, (source, sink) in diagram.pipes.items():
        lines.append(f"  {source or f'{flow}_from((( )))'} ==> {flow} ==> {sink or f'{flow}_to((( )))'}")
    for cause, effect in diagram.signs:
        label = diagram.label((cause, effect))
        told = f'|"{label}"|' if label else ""
        lines.append(f"  {cause} -->{told} {effect}")
    return "\n".join(lines) + "\n"


def dot(diagram: Diagram) -> str:
    """The same for Graphviz."""
    lines = ["digraph model {", "  rankdir=LR; node [fontname=Helvetica, fontsize=11]; edge [fontsize=10];"]
    for sector, names in _by_sector(diagram).items():
        lines.append(f'  subgraph "cluster_{sector}" {{ label="{_words(sector)}"; color=gray;')
        for name in names:
            style = ", style=dashed" if _outside(diagram, name) else ""
            lines.append(f'    "{name}" [label="{_words(name)}", shape={_DOT[diagram.kinds[name]]}{style}];')
        lines.append("  }")
    for flow, (source, sink) in diagram.pipes.items():
        for end, stock in (("from", source), ("to", sink)):
            cloud = f"{flow}_{end}"
            lines += [f'  "{cloud}" [shape=point];'] if stock is None else []
            pair = (stock or cloud, flow) if end == "from" else (flow, stock or cloud)
            lines.append(f'  "{pair[0]}" -> "{pair[1]}" [penwidth=3];')
    for cause, effect in diagram.signs:
        lines.append(f'  "{cause}" -> "{effect}" [label="{diagram.label((cause, effect))}"];')
    return "\n".join([*lines, "}"]) + "\n"


def _by_sector(diagram: Diagram) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in diagram.kinds:
        found.setdefault(diagram.sectors[name], []).append(name)
    return found


def _outside(diagram: Diagram, name: str) -> bool:
    return name not in diagram.shown and diagram.kinds[name] != "input"


def _words(name: str) -> str:
    return name.replace("_", " ")
