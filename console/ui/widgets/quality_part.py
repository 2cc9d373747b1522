"""The quality of a run's transcript: a table of both views, and below it every finding, each leading to its row."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final, cast

from textual import getters, on, work
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import OptionList

from console.engine.quality import (
    Finding,
    FindingKind,
    TokenComparison,
    TranscriptQuality,
    ViewName,
    ViewQuality,
    transcript_quality,
    why_no_quality,
)
from console.ui import quality_lines as lines
from console.ui.notices import tell
from console.ui.text import EMPTY, SafeText, foreign, join, own, styled, words
from console.ui.widgets.item_list import Item, ItemList
from console.ui.widgets.words import Words
from store import Queries, StoreError
from store.records import RunRecord

MOST_FINDINGS: Final = 500
"""So many of a view are listed; `sidebeat show --json` has all."""

_VIEW_TITLES: Final[dict[ViewName, SafeText]] = {"upstream": own("In Paperclip"), "sidebeat": own("Here")}


class FindingChosen(Message):
    """The operator wants to see a finding where it stands in its view."""

    def __init__(self, view: ViewName, row: int) -> None:
        super().__init__()
        self.view: ViewName = view
        self.row = row


class QualityRead(Message):
    """The quality of the run's transcript was measured; None: there is nothing to measure."""

    def __init__(self, quality: TranscriptQuality | None, why_none: SafeText) -> None:
        super().__init__()
        self.quality, self.why_none = quality, why_none


class QualityPart(Vertical):
    """Shows a `TranscriptQuality`, or why there is none."""

    app = getters.app(cast("type[App[None]]", App))
    DEFAULT_CSS = """
    QualityPart { height: 1fr; }
    QualityPart .columns { height: 1; padding: 0 1; background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._quality: TranscriptQuality | None = None
        self._missing: SafeText = own("reading …")
        self._findings: dict[str, tuple[ViewName, Finding]] = {}

    def compose(self) -> ComposeResult:
        """The names of the columns, and the list."""
        yield Words(classes="columns")
        yield ItemList()

    @property
    def list(self) -> ItemList:
        """The list that takes the keys."""
        return self.query_one(ItemList)

    @property
    def has_findings(self) -> bool:
        """Whether there is anything to open."""
        return bool(self._findings)

    @work(exclusive=True, group="quality")
    async def read(self, queries: Queries, run: RunRecord) -> None:
        """Measure the run as it is stored by now, and show it."""
        try:
            quality = await transcript_quality(queries, run)
        except StoreError as error:
            tell(self.app, foreign(str(error)), severity="error")
            return
        self.post_message(QualityRead(quality, foreign(why_no_quality(run))))

    @on(QualityRead)
    def _show(self, message: QualityRead) -> None:
        self._quality, self._missing = message.quality, message.why_none
        self._draw()

    def on_resize(self) -> None:
        """Columns follow the width."""
        self.call_after_refresh(self._draw_heading)

    def _draw(self) -> None:
        self._draw_heading()
        quality = self._quality
        self._findings = {}
        if quality is None:
            self.list.show_items([Item("none", lambda _: styled(self._missing, "$text-muted"), is_heading=True)])
            return
        self.list.show_items([*_measures(quality), *self._view(quality.upstream), *self._view(quality.sidebeat)])

    def _draw_heading(self) -> None:
        heading = lines.measure_heading(max(20, self.size.width - 3)) if self._quality is not None else EMPTY
        self.query_one(".columns", Words).show(heading)

    def _view(self, view: ViewQuality) -> Iterator[Item]:
        many = len(view.findings)
        count = (
            words("{n} things are wrong", n=many)
            if many > 1
            else own("one thing is wrong" if many else "nothing is wrong")
        )
        heading = join([_VIEW_TITLES[view.view], count], ": ")
        yield _heading(f"view:{view.view}", styled(heading, "bold $secondary"))
        for number, finding in enumerate(view.findings[:MOST_FINDINGS]):
            key = f"finding:{view.view}:{number}"
            self._findings[key] = (view.view, finding)
            yield Item(key, partial(lines.finding_line, finding))
        if many > MOST_FINDINGS:
            more = words("… {n} more; `sidebeat show --json` lists all", "$text-muted", n=many - MOST_FINDINGS)
            yield Item(f"more:{view.view}", lambda _: more, is_heading=True)

    @on(OptionList.OptionSelected)
    def _choose(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        key = message.option_id or ""
        if key in self._findings:
            view, finding = self._findings[key]
            self.post_message(FindingChosen(view, finding.place.row if finding.place is not None else 0))
            return
        kinds = next((measure.findings for measure in lines.MEASURES if key == f"measure:{measure.key}"), ())
        self._go_to_first(kinds)

    def _go_to_first(self, kinds: tuple[FindingKind, ...]) -> None:
        """From a measure to what is behind it."""
        key = next((key for key, (_, finding) in self._findings.items() if finding.kind in kinds), None)
        if key is not None:
            self.list.go_to(key)


def _measures(quality: TranscriptQuality) -> Iterator[Item]:
    for measure in lines.MEASURES:
        yield Item(f"measure:{measure.key}", partial(lines.measure_line, measure, quality))
    yield from _usage(quality)
    errors = quality.errors
    if errors is not None:
        seen = lines.yes_or_no(errors.is_visible_upstream), lines.yes_or_no(errors.sidebeat_place is not None)
        yield Item("measure:errors", partial(_fact, own("error visible"), *seen, lines.ERRORS_DEFINITION))


def _usage(quality: TranscriptQuality) -> Iterator[Item]:
    usage = quality.usage
    definition = lines.USAGE_DEFINITION if usage.unavailable is None else foreign(usage.unavailable)
    for title, tokens in (("input tokens", usage.input), ("output tokens", usage.output)):
        yield Item(f"measure:{title}", partial(_usage_line, foreign(title), tokens, definition))


def _usage_line(title: SafeText, tokens: TokenComparison, definition: SafeText, width_cells: int) -> SafeText:
    return _fact(title, lines.usage_value(tokens), EMPTY, definition, width_cells)


def _fact(title: SafeText, upstream: SafeText, sidebeat: SafeText, definition: SafeText, width_cells: int) -> SafeText:
    return lines.table_line(title, upstream, sidebeat, definition, width_cells)


def _heading(key: str, text: SafeText) -> Item:
    return Item(key, lambda _: text, is_heading=True)
