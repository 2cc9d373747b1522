"""SVG elements as escaped text. Numbers are rounded, so that the same plot is the same bytes on every machine."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup, escape

from console.engine.plain_text import one_line

WIDTH: Final = 760.0
"""The width of every plot, in the units of its view box; the page scales it to the screen."""

CHARACTER_WIDTH: Final = 6.7
"""About the width of a character of the plots' text."""

_DECIMALS: Final = 1


def number(value: float) -> str:
    """A coordinate: at most one decimal, no exponent, no minus zero."""
    text = f"{round(value, _DECIMALS):.{_DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def element(name: str, *children: Markup, **attributes: str | float | None) -> Markup:
    """One element; `class_` is `class`, underscores are hyphens, an attribute of None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(number(value) if isinstance(value, (int, float)) else value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{written}>{''.join(children)}</{name}>")  # noqa: S704 -- names are of this package, values escaped


def tooltip(text: str) -> Markup:
    """What a pointer over the parent element is told."""
    return element("title", escape(one_line(text)))


def label(x: float, y: float, text: str, *, anchor: str = "start", class_: str = "text", room: float = WIDTH) -> Markup:
    """One line of text, cut with an ellipsis where it would be wider than `room`; the whole is its tooltip."""
    line = one_line(text)
    limit = max(1, int(room / CHARACTER_WIDTH))
    if len(line) <= limit:
        return element("text", escape(line), x=x, y=y, text_anchor=anchor, class_=class_)
    cut = escape(f"{line[: limit - 1]}…")
    return element("text", tooltip(line), cut, x=x, y=y, text_anchor=anchor, class_=class_)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def bar(x: float, y: float, width: float, height: float, class_: str, told: str) -> Markup:
    """A rectangle; one too narrow to see is a hair."""
    return element("rect", tooltip(told), x=x, y=y, width=max(width, 0.8), height=height, class_=class_)


def drawing(identity: str, height: float, title: str, description: str, *children: Markup) -> Markup:
    """The whole plot, with a title and a description for those who do not see it."""
    return element(
        "svg",
        element("title", escape(one_line(title)), id=f"{identity}-title"),
        element("desc", escape(one_line(description)), id=f"{identity}-desc"),
        *children,
        viewBox=f"0 0 {number(WIDTH)} {number(height)}",
        role="img",
        aria_labelledby=f"{identity}-title {identity}-desc",
        class_="plot",
    )
