"""The report as one HTML file: no script, no network, dark and light, fit for paper."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from console.engine.report.blocks import Document, Figure
from console.engine.report.foreign import fit_block, fit_line
from console.engine.report.links import ShortIds, run_anchor, safe_url
from console.engine.report.svg import draw

_TEMPLATES: Final = Path(__file__).with_name("templates")


def write_html(document: Document, short_ids: ShortIds) -> str:
    """The whole page; everything foreign in it is escaped by the template engine."""
    template, style = _template()
    return template.render(document=document, drawn=_Drawing().figure, short=short_ids.short, style=style)


@cache
def _template() -> tuple[Template, Markup]:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters = cast("dict[str, Any]", environment.filters)
    filters |= {"line": fit_line, "block": fit_block, "anchor": run_anchor, "url": safe_url, "kind": _kind}
    style = Markup((_TEMPLATES / "report.css").read_text("utf-8"))  # noqa: S704 -- a file of this package
    return environment.get_template("report.html.j2"), style


def _kind(value: Any) -> str:
    """Which macro writes it."""
    return type(value).__name__


@dataclass(slots=True)
class _Drawing:
    """Numbers the plots of a page, so that their titles can be named."""

    count: int = field(default=0)

    def figure(self, figure: Figure) -> Markup:
        self.count += 1
        return draw(figure.plot, f"plot-{self.count}", figure.title, figure.description)
