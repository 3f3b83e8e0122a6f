"""A file of XML as a plain tree that knows its lines: without entities of its own, without files it names."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat


class XmlError(ValueError):
    """The text is no XML that is read; the message says why, `line` where."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class Element:
    """An element by its local name, with the elements inside it, and the line it begins in."""

    tag: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        """Itself and all elements inside it."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += reversed(element.children)

    def all(self, tag: str) -> list["Element"]:
        """Those directly inside it."""
        return [child for child in self.children if child.tag == tag]

    def first(self, tag: str) -> "Element | None":
        """The first of those."""
        return next(iter(self.all(tag)), None)


def xml_tree(text: bytes) -> Element:
    """The tree of a text.

    Raises:
        XmlError: if it is no XML, or declares a document type, with which entities would come.
    """
    root = Element("", {}, 0)
    path = [root]
    parser = expat.ParserCreate()  # without namespaces: files use prefixes that they do not declare

    def start(tag: str, attributes: dict[str, str]) -> None:
        element = Element(tag.rpartition(":")[2], attributes, parser.CurrentLineNumber)
        path[-1].children.append(element)
        path.append(element)

    def end(tag: str) -> None:
        path.pop()

    def characters(data: str) -> None:
        path[-1].text += data

    def document_type(*declared: object) -> None:
        raise XmlError("a document type (<!DOCTYPE>) is not read", parser.CurrentLineNumber)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = characters, document_type
    parser.buffer_text = True
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise XmlError(f"broken XML: {expat.ErrorString(error.code)}", error.lineno) from None
    return root.children[0]
