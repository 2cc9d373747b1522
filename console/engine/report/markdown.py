"""The report as GitHub-flavoured Markdown, in which foreign text stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from console.engine.report.blocks import (
    Block,
    Bullets,
    CodeBlock,
    Document,
    Figure,
    Finding,
    Heading,
    Inline,
    Mono,
    Paragraph,
    Phrase,
    Row,
    RunLink,
    SectionLink,
    SourceLink,
    Strong,
    Table,
)
from console.engine.report.foreign import fit_block, fit_line
from console.engine.report.links import ShortIds, run_anchor, safe_url

_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "@": "&#64;", "`": "&#96;", "\\": "&#92;"}
_SPECIAL: Final = re.compile(
    r"[&<>|@`\\]"
    r"|[*\[\]~$!#{}]"
    r"|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])"  # an underscore within a word is only an underscore
    r"|(?<=[A-Za-z]):(?=//)|(?<=[wW]{3})\."  # what would become a link by itself
    r"|(?<=mailto):|(?<=xmpp):"
)
_LINE_START: Final = re.compile(r"^(\s*)([-+=]|\d+[.)])")
_PLAIN_CODE: Final = re.compile(r"[^`|\\]+")


def write_markdown(document: Document, short_ids: ShortIds) -> str:
    """The whole file, with a line end at its end."""
    writer = _Writer(short_ids)
    parts = [f"# {writer.text(document.title)}", document.date_line]
    parts += [writer.phrase(line) for line in document.subtitle]
    parts.append("\n".join(f"- [{writer.text(part.title)}](#{part.anchor})" for part in document.sections))
    for section in document.sections:
        parts.append(f'<a id="{section.anchor}"></a>\n\n## {writer.text(section.title)}')
        parts += [writer.block(block) for block in section.blocks]
    return "\n\n".join(part for part in parts if part) + "\n"


class _Writer:
    """Blocks and phrases as Markdown."""

    def __init__(self, short_ids: ShortIds) -> None:
        self._short_ids = short_ids

    def block(self, block: Block) -> str:
        match block:
            case Heading():
                anchor = f'<a id="{block.anchor}"></a>\n\n' if block.anchor else ""
                return f"{anchor}{'#' * block.level} {self.text(block.text)}"
            case Paragraph():
                return self._paragraph(block)
            case Bullets():
                return "\n".join(f"- {self.phrase(item)}" for item in block.items)
            case Table():
                return "\n".join(self._table(block))
            case Figure():
                return "\n\n".join(
                    (f"**{self.text(block.title)}**", self.text(block.description), self.block(block.numbers))
                )
            case Finding():
                return self._finding(block)
            case CodeBlock():
                return _fenced(fit_block(block.text), block.language)

    def phrase(self, parts: Phrase) -> str:
        """The parts side by side, safe at the start of a line."""
        written = "".join(self._inline(part) for part in parts)
        return _LINE_START.sub(lambda found: f"{found[1]}{_escaped_start(found[2])}", written)

    def text(self, text: str) -> str:
        """Foreign text in which no character means anything to Markdown."""
        return _LINE_START.sub(lambda found: f"{found[1]}{_escaped_start(found[2])}", _escaped(fit_line(text)).strip())

    def _inline(self, part: Inline) -> str:
        match part:
            case str():
                return _escaped(fit_line(part))
            case RunLink():
                shown = part.run_id if part.is_full else self._short_ids.short(part.run_id)
                return f"[{_code(f'run:{shown}')}](#{run_anchor(part.run_id)})"
            case SourceLink():
                url = safe_url(part.url)
                return f"[{_escaped(fit_line(part.label))}](<{url}>)" if url else _escaped(fit_line(part.label))
            case SectionLink():
                return f"[{_escaped(fit_line(part.label))}](#{part.anchor})"
            case Mono():
                return _code(fit_line(part.text))
            case Strong():
                return _emphasised(fit_line(part.text))

    def _paragraph(self, block: Paragraph) -> str:
        text = self.phrase(block.phrase)
        return f"> **Note:** {text}" if block.tone == "warning" else text

    def _table(self, block: Table) -> Iterator[str]:
        if block.caption:
            yield f"{self.text(block.caption)}\n"
        yield _cells(self.text(column.title) for column in block.columns)
        yield _cells("---:" if column.align == "right" else "---" for column in block.columns)
        yield from (_cells(self._row(row)) for row in block.rows)

    def _row(self, row: Row) -> Iterator[str]:
        for index, cell in enumerate(row.cells):
            anchor = f'<a id="{run_anchor(row.run_id)}"></a>' if row.run_id and not index else ""
            yield anchor + "".join(self._inline(part) for part in cell).strip()

    def _finding(self, block: Finding) -> str:
        head = f"{block.number}. **{block.severity}** — {''.join(self._inline(part) for part in block.statement)}"
        lines = [f'<a id="finding-{block.number}"></a>\n', head]
        if block.detail:
            lines.append(f"   {''.join(self._inline(part) for part in block.detail)}")
        if block.runs:
            links = ", ".join(self._inline(RunLink(run_id, is_full=True)) for run_id in block.runs)
            lines.append(f"   Seen in {links}{f' and {block.more} more' if block.more else ''}.")
        return "\n".join(lines)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: _ENTITIES.get(found[0]) or f"\\{found[0]}", text)


def _escaped_start(mark: str) -> str:
    """A list's or a heading's mark as text; a number keeps its digits before the escaped dot."""
    return f"{mark[:-1]}\\{mark[-1]}"


def _code(text: str) -> str:
    """A code span; what cannot stand in one, also in a table, is text."""
    if text != text.strip() or not _PLAIN_CODE.fullmatch(text):
        return _escaped(text)
    return f"`{text}`"


def _emphasised(text: str) -> str:
    """Bold text; blanks at its ends stay outside the marks, which would not count beside them."""
    bare = text.strip()
    if not bare:
        return ""
    before, _, after = text.partition(bare)
    return f"{before}**{_escaped(bare)}**{after}"


def _fenced(text: str, language: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _cells(cells: Iterator[str] | Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
