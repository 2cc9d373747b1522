"""Where the operator writes. What is pasted is cleaned as all foreign text is: these fields print what they hold."""

from __future__ import annotations

from textual import events
from textual.widgets import Input, TextArea

from console.ui.text import clean_line, clean_lines


class WritingLine(Input):
    """One line of text."""

    DEFAULT_CSS = """
    WritingLine { border: none; height: 1; padding: 0 1; background: $panel; }
    WritingLine:focus { border: none; background: $panel-lighten-1; }
    """

    def __init__(self, value: str = "", placeholder: str = "", *, id: str | None = None) -> None:  # noqa: A002  (Textual's name)
        super().__init__(value=clean_line(value), placeholder=placeholder, id=id, select_on_focus=False)
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(clean_line(event.text))


class WritingArea(TextArea):
    """Several lines of text; Tab leaves it."""

    DEFAULT_CSS = """
    WritingArea { border: none; padding: 0 1; background: $panel; }
    WritingArea:focus { border: none; background: $panel-lighten-1; }
    """

    def __init__(self, text: str = "", *, id: str | None = None) -> None:  # noqa: A002  (Textual's name)
        super().__init__("\n".join(clean_lines(text)), id=id, soft_wrap=True, tab_behavior="focus")
        self.cursor_blink = False

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert("\n".join(clean_lines(event.text)))
