"""Elements of an XML document, one after another, in bounded time and memory whatever the document is.

Nothing that a document could fetch, run or grow by is followed: one that declares an entity is refused.
"""

import re
import xml.parsers.expat
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from sideslip.errors import ChartError

DEEPEST = 64
"""Elements within elements: MusicXML goes down to twelve."""

MOST = 400_000
"""Elements that are kept of a document: notes of an orchestra's score come to less."""

LONGEST = 1000
"""Characters of an element's own text that are kept."""

_CHUNK = 1 << 20  # bytes


@dataclass(slots=True)
class Element:
    """An element that has ended: `text` is what stands in it between its children."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all(self, name: str) -> list["Element"]:
        """The children of a name."""
        return [child for child in self.children if child.name == name]

    def find(self, *path: str) -> "Element | None":
        """The first element down a path of names."""
        found: Element | None = self
        for name in path:
            found = next((child for child in found.children if child.name == name), None) if found else None
        return found

    def said(self, *path: str) -> str:
        """The text of the first element down a path, "" without one."""
        found = self.find(*path)
        return found.text.strip() if found else ""


class _Gathering:
    """What expat tells, element by element; `ended` are the wanted ones since it was emptied last."""

    def __init__(self, wanted: Container[str], kept: Container[str]) -> None:
        self._wanted, self._kept = wanted, kept
        self._depth = self._count = 0
        self._left_out = 0  # elements that are open within one that is not kept
        self._open: list[Element] = []
        self.root = ""
        self.ended: list[Element] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name
        self._depth += 1
        if self._depth > DEEPEST:
            raise ChartError(f"elements within elements, more than {DEEPEST} deep: no score is like that")
        if self._left_out or (self._open and name not in self._kept):
            self._left_out += 1
        elif self._open or name in self._wanted:
            self._begin(Element(name, attributes))

    def _begin(self, element: Element) -> None:
        self._count += 1
        if self._count > MOST:
            raise ChartError(f"more than {MOST} elements: that is no lead sheet")
        if self._open:
            self._open[-1].children.append(element)
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._depth -= 1
        if self._left_out:
            self._left_out -= 1
        elif self._open:
            element = self._open.pop()
            if not self._open:
                self.ended.append(element)

    def text(self, data: str) -> None:
        if self._open and not self._left_out and len(self._open[-1].text) < LONGEST:
            self._open[-1].text += data[:LONGEST]


def elements(document: bytes, root: str, wanted: Container[str], kept: Container[str]) -> Iterator[Element]:
    """The elements of some names, in order as they end, wherever they are; within them only those that are `kept`.

    Raises ChartError for what is not XML, has another root, declares entities or is nested without end.
    """
    parser, gathering = xml.parsers.expat.ParserCreate(), _Gathering(wanted, kept)
    parser.StartElementHandler, parser.EndElementHandler = gathering.start, gathering.end
    parser.CharacterDataHandler, parser.EntityDeclHandler = gathering.text, _refuse_entities
    try:
        for start in range(0, len(document) + 1, _CHUNK):
            parser.Parse(document[start : start + _CHUNK], start + _CHUNK > len(document))
            if gathering.root not in ("", root):
                raise ChartError(f"expected a MusicXML score ({root}); found <{gathering.root[:40]}>")
            yield from gathering.ended
            gathering.ended.clear()
    except (xml.parsers.expat.ExpatError, LookupError, ValueError) as error:  # the latter two: an odd encoding
        raise ChartError(f"not well-formed XML: {error}") from None


def _refuse_entities(*_: object) -> None:
    raise ChartError("this XML declares entities, which a score has no need of; export it again as MusicXML")


_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{0,12})?")


def number(element: Element, low: float, high: float, *path: str, usual: float | None = None) -> float:
    """A number down a path; `usual` where it is not said. Raises ChartError for another text, or beyond low..high."""
    said = element.said(*path)
    if not said and usual is not None:
        return usual
    found = float(said) if _NUMBER.fullmatch(said) else low - 1
    if not low <= found <= high:
        raise ChartError(f"<{path[-1]}> is a number from {low:g} to {high:g}; found {said[:20]!r}")
    return found


def whole(element: Element, low: int, high: int, *path: str, usual: int | None = None) -> int:
    """The same for a whole number."""
    found = float(number(element, low, high, *path, usual=usual))
    if not found.is_integer():
        raise ChartError(f"<{path[-1]}> is a whole number from {low} to {high}; found {found:g}")
    return int(found)
