"""Reading a file of XMILE or Vensim with PySD's translators: text in, its abstract model out.

What those translators pass over or take for something else is refused or put right before anything is made of it.
"""

import re
import warnings
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pujiang.engine.batch import Method
from pujiang.errors import InputError
from pujiang.exchange import SUFFIXES, xmile_rules
from pujiang.exchange.macros import MacroError, without_macros
from pujiang.exchange.names import identifier

VENSIM = frozenset({".mdl"})
XMILE = SUFFIXES - VENSIM

METHODS: Mapping[str, Method] = {"euler": "euler", "rk4": "rk4", "0": "euler", "2": "euler", "1": "rk4", "5": "rk4"}
"""Those there are, by what files call them. Vensim's 1 is RK4 that makes its steps smaller where it must, 5 with fixed
steps; 2 is Euler's for difference equations; 3 and 4 are Runge-Kutta's of second order."""

LARGEST_FILE = 50_000_000
"""Bytes: far more than any model has, and what is read in some seconds."""


@dataclass(frozen=True)
class Abstract:
    """A file as PySD's translators give it: its section, and by which method it says it runs.

    Attributes:
        lines: the line of every quantity.
        dimensions: of XMILE, those every quantity runs over, also where each element has an equation of its own.
    """

    path: Path
    section: Any
    method: Method
    lines: Mapping[str, int]
    dimensions: Mapping[str, Sequence[str]]

    @property
    def xmile(self) -> bool:
        """Whether it is XMILE, and not Vensim's format."""
        return self.path.suffix.lower() in XMILE

    def where(self, name: str) -> str:
        """File, line and name, for messages."""
        line = self.line(name)
        return f"{self.path}:{line}: {name}" if line else f"{self.path}: {name}"

    def line(self, name: str) -> int:
        """The line a quantity is defined in; 0 where there is none."""
        return self.lines.get(identifier(name), 0)


def abstract(path: Path) -> Abstract:
    """Read a file.

    Raises:
        InputError: one line: the file cannot be read, PySD is not installed, or what in it is not understood.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        allowed = ", ".join(sorted(SUFFIXES))
        raise InputError(f"{path}: no format that can be read goes by '{path.suffix}'; allowed: {allowed}")
    if not path.is_file():
        raise InputError(f"{path}: there is no such file")
    if path.stat().st_size > LARGEST_FILE:
        size = path.stat().st_size / 1e6
        raise InputError(f"{path}: has {size:.0f} MB; allowed: up to {LARGEST_FILE / 1e6:.0f} MB")
    raw = path.read_bytes()
    text = raw.decode("utf-8", errors="replace")
    if suffix in XMILE:
        raw, root = xmile_rules.checked(path, raw)
        method, dimensions = METHODS[xmile_rules.method(root)], xmile_rules.dimensions(root)
        named = [(identifier(e.attributes["name"]), e.line) for e in root.walk() if e.attributes.get("name")]
    else:
        method, dimensions = _vensim_method(path, text), {}
        heads = [re.split("[=(\\[:~]", line)[0] for line in text.splitlines()]
        named = [(identifier(head), line) for line, head in enumerate(heads, start=1)]
    lines = dict(reversed(named))
    try:
        from pysd.translators.vensim.vensim_file import VensimFile
        from pysd.translators.xmile.xmile_file import XmileFile
    except ImportError:
        raise InputError(
            "reading models of other tools needs PySD's parsers: pip install 'pujiang[exchange]'"
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file = XmileFile(path) if suffix in XMILE else VensimFile(path)
            if suffix in XMILE:
                file.xmile_root = _put_right(raw, dimensions)
                file.ns = file.xmile_root.nsmap[None]
            else:
                file.model_text = _kept(file.model_text)
            file.parse()
            model = file.get_abstract_model()
    except RecursionError:
        raise InputError(f"{path}: an equation nests too deep to be read") from None
    except Exception as error:  # its grammar raises whatever the text makes it trip over
        raise InputError(_not_parsed(path, text, lines, error)) from None
    main, *macros = model.sections
    try:
        elements = without_macros(main.elements, macros)
    except MacroError as error:
        raise InputError(f"{path}: {error}") from None
    return Abstract(path, replace(main, elements=elements), method, lines, dimensions)


def _not_parsed(path: Path, text: str, lines: Mapping[str, int], error: Exception) -> str:
    """What a grammar trips over, and the line where the first such text stands, or that of the quantity."""
    reason = " ".join(f"{error}".split())
    known = re.search(r"(?:begins with|match at) '(.+?)'", reason)
    place = -1 if known is None else text.find(known[1].strip())
    name = _being_read(error)
    if name:
        line = lines.get(identifier(name), 0)
        what = f"'{known[1].strip()}' is not read" if known else f"cannot be read: {reason[:200]}"
        return f"{path}:{line}: {name}: {what}" if line else f"{path}: {name}: {what}"
    if known is None or place < 0:
        return f"{path}: cannot be read: {reason[:200]}"
    return f"{path}:{text.count(chr(10), 0, place) + 1}: '{known[1].strip()}' is not read"


def _being_read(error: Exception) -> str:
    """The quantity whose equation the translators were at when they failed; their errors do not name it."""
    found, frame = "", error.__traceback__
    while frame is not None:
        element = frame.tb_frame.f_locals.get("self")
        if type(element).__module__.endswith(("xmile_element", "vensim_element")):
            found = getattr(element, "name", found) or found
        frame = frame.tb_next
    return found


def _put_right(text: bytes, over: Mapping[str, Sequence[str]]) -> Any:
    """The tree that the translator reads, without what XMILE allows and it would take for something else."""
    from lxml import etree

    # Prefixes that a file does not declare are passed over.
    root = etree.fromstring(text, etree.XMLParser(encoding="utf-8", recover=True, resolve_entities=False))
    for equation in root.iter("{*}eqn", "{*}inflow", "{*}outflow"):
        equation.text = _kept(_without_stars(_unmistakable(equation.text or ""), over))
    for stock in root.iterfind("{*}model/{*}variables/{*}stock"):
        _put_starts_apart(stock)
    for graph in root.iter("{*}gf"):
        if graph.find("{*}xpts") is not None:
            for scale in graph.findall("{*}xscale"):
                graph.remove(scale)  # it only says what an editor shows
    for dimension in root.iterfind("{*}dimensions/{*}dim"):
        if dimension.get("size") and dimension.find("{*}elem") is None:
            for number in range(1, int(dimension.get("size")) + 1):
                element = dimension.makeelement(dimension.tag.replace("}dim", "}elem"), {"name": str(number)})
                dimension.append(element)
    return root


def _without_stars(text: str, over: Mapping[str, Sequence[str]]) -> str:
    """An equation in which the * of an array, all its elements, is the dimension that is summed over."""

    def named(match: re.Match[str]) -> str:
        given, dimensions = match[2].split(","), over.get(identifier(match[1]), [])
        if len(given) != len(dimensions):
            return match[0]
        parts = (f'"{d}"!' if one.strip() == "*" else one for one, d in zip(given, dimensions, strict=True))
        return f"{match[1]}[{','.join(parts)}]"

    return re.sub(r'("[^"]*"|\w+)\s*\[([^\]]*\*[^\]]*)\]', named, text)


def _put_starts_apart(stock: Any) -> None:
    """What the elements of a stock start at, each its own, as a quantity beside it: of the stock they are not seen."""
    elements = [element for element in stock.findall("{*}element") if element.find("{*}eqn") is not None]
    if not elements or stock.find("{*}eqn") is not None:
        return
    name, dimensions = f"{stock.get('name')} at start", stock.find("{*}dimensions")
    start = stock.makeelement(stock.tag.replace("}stock", "}aux"), {"name": name})
    start.append(deepcopy(dimensions))
    start.extend(elements)
    for other in stock.findall("{*}element"):
        stock.remove(other)
    equation = stock.makeelement(stock.tag.replace("}stock", "}eqn"), {})
    subscripts = ", ".join(f'"{dim.get("name")}"' for dim in dimensions)
    equation.text = f'"{name}"[{subscripts}]'
    stock.append(equation)
    stock.getparent().append(start)


def _unmistakable(text: str) -> str:
    """An equation of XMILE without comments, with names quoted that begin with "not", and lookups by their names.

    The translator would take the former for NOT and a name, and LOOKUP for what it calls so itself.
    """
    plain = re.sub(r"\{[^{}]*\}", "", text)
    plain = re.sub(r'\bLOOKUP\s*\(\s*("[^"]*"|\w+)\s*,', r"\1(", plain, flags=re.IGNORECASE)
    return re.sub(r'"[^"]*"|\b(not\w+)', lambda m: f'"{m[1]}"' if m[1] else m[0], plain, flags=re.IGNORECASE)


def _kept(text: str) -> str:
    """An equation whose (-2) ^ 2 is written (0-2) ^ 2: the translators drop brackets around numbers."""
    return re.sub(r"\(\s*-\s*([\d.]+(?:[eE][-+]?\d+)?)\s*\)(?=\s*\^)", r"(0-\1)", text)


def _vensim_method(path: Path, text: str) -> Method:
    """The integration type stands fourth in line 15 of the settings."""
    setting = re.search(r"^15:(?:[^,\n]*,){3}\s*(\d+)", text, re.M)
    kind = "0" if setting is None else setting[1]
    if kind not in METHODS:
        raise InputError(f"{path}: the integration type is {kind}; allowed: 0 and 2 (Euler), 1 and 5 (RK4)")
    return METHODS[kind]
