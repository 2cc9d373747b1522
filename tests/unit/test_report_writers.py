"""Both writers on any text: what is foreign stays text, and the page is whole."""

from __future__ import annotations

import html
import re
import unicodedata
from html.parser import HTMLParser

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from console.engine.report.blocks import (
    Bullets,
    CodeBlock,
    Document,
    Figure,
    Finding,
    Heading,
    Mono,
    Paragraph,
    RunLink,
    Section,
    SourceLink,
    Strong,
    Table,
    columns,
    phrase,
    row,
)
from console.engine.report.foreign import fit_block, fit_line
from console.engine.report.html import write_html
from console.engine.report.links import ShortIds
from console.engine.report.markdown import write_markdown
from console.engine.report.plots import RateBar, RatePlot, Strip, StripPlot

ANY_TEXT = st.one_of(
    st.text(st.characters(codec=None), max_size=60),
    st.text("<>&|`*_[](){}#!~\\\"'-+=.:/@1w \n\u202e\x1b\x00\ud800", max_size=40),
    st.sampled_from(
        ["</script><b>", "https://evil.example/x", "www.evil.example", "a@evil.example", "1. x", "- x", "|"]
    ),
)
IDS = ShortIds()
VOID = frozenset({"meta", "br", "hr", "img", "link", "input"})
OWN_ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        "html head meta title style body header h1 h2 h3 h4 p nav ol ul li a main section article span div table "
        "caption thead tbody tr th td code pre strong figure figcaption svg desc g line rect circle text path polyline",
    )
)


def document(text: str, *, run_id: str = "run-1", url: str = "https://example.org/a") -> Document:
    """Every kind of block with the text in every place that takes one."""
    table = Table(columns(text, f">{text}"), (row(text, phrase(Mono(text), Strong(text))),), text)
    runs = Table(columns(text), (row(text, run_id=run_id),))
    plot = RatePlot((RateBar(text, 1, 2, 0.1, 0.9),))
    strips = StripPlot("ms", (Strip(text, 0, (1.0, 2.0), 1.5),))
    blocks = (
        Heading(text),
        Paragraph(phrase(text, " ", Strong(text), Mono(text))),
        Paragraph((text,), "warning"),
        Bullets(((text,), (Mono(text), text))),
        runs,
        Figure(text, text, plot, table),
        Figure(text, text, strips, table),
        Finding(1, "high", (text,), (text,), (run_id,), 2),
        Paragraph((RunLink(run_id), SourceLink(url, text))),
        CodeBlock(text),
    )
    return Document(text, "Written on a day.", ((text,),), (Section(text, "section", blocks),))


class Page(HTMLParser):
    """A page that is read strictly: what opens closes, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: set[str] = set()
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.faults: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "srcset", "action", "data", "poster", "xlink:href"):
                self.addresses.append(value or "")
            if name.startswith("on"):
                self.faults.append(f"{tag} has {name}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read_page(text: str) -> Page:
    """The page, read to its end."""
    page = Page()
    page.feed(text)
    page.close()
    page.faults += [f"<{tag}> is not closed" for tag in page.open]
    page.faults += [f"id {name} stands twice" for name in set(page.ids) if page.ids.count(name) > 1]
    return page


def forbidden_characters(text: str) -> set[str]:
    """Controls, formats and surrogates, but for line ends and the joiners of letters."""
    unsafe = {character for character in text if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    return unsafe - {"\n", "\u200c", "\u200d"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANY_TEXT)
def test_a_page_holds_foreign_text_as_text_alone(text: str) -> None:
    written = write_html(document(text), IDS)
    page = read_page(written)
    assert page.faults == []
    assert page.elements <= OWN_ELEMENTS
    assert forbidden_characters(written) == set()
    written.encode("utf-8")
    assert fit_line(text).strip() in "".join(page.words)


@settings(max_examples=60, deadline=None)
@given(ANY_TEXT)
def test_foreign_text_in_markdown_is_shown_as_it_is_and_makes_nothing(text: str) -> None:
    written = write_markdown(document(text), IDS)
    assert forbidden_characters(written) == set()
    written.encode("utf-8")
    parser = MarkdownIt("gfm-like", {"html": True})
    tokens = parser.parse(written)
    own_html = re.compile(r'(<a id="[\w-]+">(</a>)?|</a>)\n?')
    raw = [token.content for token in tokens if token.type == "html_block"]
    links: list[str] = []
    for token in tokens:
        for child in token.children or ():
            if child.type == "html_inline":
                raw.append(child.content)
            if child.type == "link_open":
                links.append(str(child.attrs["href"]))
            assert child.type != "image"
    assert [content for content in raw if not own_html.fullmatch(content.strip() + "\n")] == []
    assert set(links) <= {"#section", "#run-run-1", "https://example.org/a"}


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT)
def test_a_table_cell_of_markdown_keeps_its_row_and_its_text(text: str) -> None:
    table = Table(columns("a", "b"), (row(text, Mono(text)),))
    written = write_markdown(Document("t", "d", (), (Section("s", "s", (table,)),)), IDS)
    tokens = MarkdownIt("gfm-like", {"html": True}).parse(written)
    kinds = [token.type for token in tokens]
    assert kinds.count("tr_open") == 2
    assert kinds.count("td_open") == 2
    cells = [tokens[index + 1] for index, token in enumerate(tokens) if token.type == "td_open"]
    shown = ["".join(child.content for child in cell.children or ()) for cell in cells]
    expected = fit_line(text).strip()
    assert [html.unescape(part).strip() for part in shown] == [expected, expected]


@settings(deadline=None)
@given(ANY_TEXT)
def test_a_block_of_code_cannot_end_itself(text: str) -> None:
    written = write_markdown(Document("t", "d", (), (Section("s", "s", (CodeBlock(text),)),)), IDS)
    fences = [token for token in MarkdownIt().parse(written) if token.type == "fence"]
    assert [fence.content.rstrip("\n") for fence in fences] == [fit_block(text).rstrip("\n")]


def test_only_web_addresses_become_links() -> None:
    for url in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example", "http://[broken"):
        assert read_page(write_html(document("x", url=url), IDS)).addresses.count(url) == 0
        assert url not in re.findall(r"\]\(<([^>]*)>\)", write_markdown(document("x", url=url), IDS))


def test_an_address_cannot_leave_its_place() -> None:
    url = 'https://example.org/"><script>x</script>) [y](z'
    page = read_page(write_html(document("x", url=url), IDS))
    assert page.elements <= OWN_ELEMENTS
    assert page.faults == []
    addresses = re.findall(r"\]\(<([^>]*)>\)", write_markdown(document("x", url=url), IDS))
    assert all(re.fullmatch(r"https://example\.org/[\w%();.~:/-]*", address) for address in addresses)


def test_a_page_fetches_nothing_and_runs_nothing() -> None:
    page = read_page(write_html(document("x"), IDS))
    assert {address for address in page.addresses if not address.startswith("#")} == {"https://example.org/a"}
    assert not page.elements & {"script", "link", "img", "iframe", "object"}


def test_every_plot_has_a_title_and_a_description_that_it_names() -> None:
    written = write_html(document("words"), IDS)
    for named in re.findall(r'aria-labelledby="([^"]+)"', written):
        assert all(f'id="{name}"' in written for name in named.split())
    assert written.count("<svg") == written.count('role="img"') == 2


def test_a_run_leads_to_its_row_in_both_writings() -> None:
    run_id = "0f8d2a1b-7c1e-4b55-9a55-3a7e7b1f0c11"
    plain = Table(columns("run"), (row(Mono(f"run:{run_id}"), run_id=run_id),))
    link = Paragraph((RunLink(run_id), RunLink(run_id, is_full=True)))
    report = Document("t", "d", (), (Section("s", "s", (link, plain)),))
    page = write_html(report, IDS)
    assert f'href="#run-{run_id}"' in page
    assert f'id="run-{run_id}"' in page
    markdown = write_markdown(report, IDS)
    assert f"[`run:0f8d2a1b`](#run-{run_id})[`run:{run_id}`](#run-{run_id})" in markdown
    assert f'<a id="run-{run_id}"></a>' in markdown


def test_ids_are_as_short_as_they_can_be_told_apart() -> None:
    assert ShortIds.of(["aaaaaaaa-1", "bbbbbbbb-2"]).short("aaaaaaaa-1") == "aaaaaaaa"
    assert ShortIds.of(["aaaaaaaa-12", "aaaaaaaa-13"]).short("aaaaaaaa-12") == "aaaaaaaa-12"
    assert ShortIds.of(["a", "ab"]).short("ab") == "ab"


def test_long_text_says_how_long_it_was() -> None:
    assert fit_line("x" * 1000).endswith("… (1,000 characters in all)")
    assert fit_block("\n".join("y" * 100)).endswith("… 100 lines in all")
