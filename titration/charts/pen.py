"""Writes SVG elements: with classes for the page and its style sheet, or, of a plan, with plain attributes for paper.

Every text and attribute is escaped here and nowhere else.
"""

from xml.sax.saxutils import escape, quoteattr

type Value = str | float | int

_LINE = {"fill": "none"}
_TEXT = {"font-family": "Source Sans Pro", "font-size": "12", "fill": "#444444"}
_STRONG = {"fill": "#000000", "font-weight": "600"}
_MARK = {"fill": "#ffffff", "stroke": "#000000", "stroke-width": "1.75"}
PAPER: dict[str, dict[str, str]] = {
    "t-strong": _STRONG,
    "t-plan": {"fill": "#000000"},
    "t-halo": {"stroke": "#ffffff", "stroke-width": "3", "paint-order": "stroke"},
    "grid": {"stroke": "#dddddd"},
    "axis": {"stroke": "#777777"},
    "taken": _LINE | {"stroke": "#000000", "stroke-width": "2.5"},
    "unconfirmed": _LINE | {"stroke": "#000000", "stroke-width": "1.25"},
    "prescribed": _LINE | {"stroke": "#555555", "stroke-width": "1.25"},
    "plan": _LINE | {"stroke": "#000000", "stroke-width": "2", "stroke-dasharray": "5 3"},
    "ghost": _LINE | {"stroke": "#888888", "stroke-dasharray": "1.5 2.5"},
    "maximum": {"stroke": "#444444"},
    "today": {"stroke": "#000000"},
    "mark": _MARK,
}


class Pen:
    """Collects elements in the order they are drawn."""

    def __init__(self, *, for_paper: bool = False) -> None:
        self.for_paper = for_paper
        self.parts: list[str] = []
        self._styles: dict[tuple[str, bool], str] = {}

    def shape(self, name: str, classes: str, **attributes: Value) -> None:
        self.parts.append(f"<{name}{self._style(classes)}{_attributes(attributes)}/>")

    def text(self, words: str, classes: str, *, x: float, y: float, anchor: str = "start") -> None:
        style = self._style(classes, text=True)
        where = f' x="{short(x)}" y="{short(y)}"' + (f' text-anchor="{anchor}"' if anchor != "start" else "")
        self.parts.append(f"<text{style}{where}>{escape(words)}</text>")

    def line(self, classes: str, *, x1: float, y1: float, x2: float, y2: float) -> None:
        ends = f'x1="{short(x1)}" y1="{short(y1)}" x2="{short(x2)}" y2="{short(y2)}"'
        self.parts.append(f"<line{self._style(classes)} {ends}/>")

    def _style(self, classes: str, *, text: bool = False) -> str:
        key = (classes, text)
        if key not in self._styles:
            self._styles[key] = self._paper(classes, text=text) if self.for_paper else _class(classes)
        return self._styles[key]

    def _paper(self, classes: str, *, text: bool) -> str:
        styles = dict(_TEXT) if text else {}
        for name in classes.split():
            styles |= PAPER.get(name, {})
        return "".join(f" {name}={quoteattr(value)}" for name, value in styles.items())


def _class(classes: str) -> str:
    return f" class={quoteattr(classes)}" if classes else ""


def short(number: float) -> str:
    """One decimal, none when it is zero."""
    return f"{number:.1f}".removesuffix(".0")


def _attributes(attributes: dict[str, Value]) -> str:
    return "".join([f" {name}={_quoted(value)}" for name, value in attributes.items()])


def _quoted(value: Value) -> str:
    return quoteattr(value) if isinstance(value, str) else f'"{short(value)}"'


def mark_path(severity: str, x: float, y: float) -> str:
    """The outline of a severity: circle, triangle, diamond, octagon, 14 px wide around its centre."""
    corners = _MARKS.get(severity)
    if corners is None:
        return f"M{short(x - 7)} {short(y)}a7 7 0 1 0 14 0a7 7 0 1 0 -14 0Z"
    return "M" + "L".join(f"{short(x + dx)} {short(y + dy)}" for dx, dy in corners) + "Z"


_MARKS = {
    "caution": ((0.0, -7.0), (7.5, 6.0), (-7.5, 6.0)),
    "high": ((0.0, -7.5), (7.5, 0.0), (0.0, 7.5), (-7.5, 0.0)),
    "critical": ((-2.9, -7), (2.9, -7), (7, -2.9), (7, 2.9), (2.9, 7), (-2.9, 7), (-7, 2.9), (-7, -2.9)),
}
