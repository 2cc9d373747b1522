"""How far the installation of the Node packages is."""

from __future__ import annotations

from textual import events

from console.engine.events import NodePackagesProgressed
from console.ui.text import EMPTY, SafeText, fit, foreign, join, own, spread, words
from console.ui.widgets.words import Words

_BAR_CELLS = 30


class InstallBar(Words):
    """One line, only while packages are being fetched or could not be."""

    DEFAULT_CSS = "InstallBar { height: 1; padding: 0 1; background: $surface; display: none; }"

    def __init__(self) -> None:
        super().__init__()
        self._progress: NodePackagesProgressed | None = None
        self._plays_recording = False

    def show_progress(self, progress: NodePackagesProgressed | None, *, plays_recording: bool) -> None:
        """Draw the latest report; done or never begun hides the line."""
        self._progress, self._plays_recording = progress, plays_recording
        self.display = progress is not None and not progress.done
        self._lay_out(self.content_size.width)

    def on_resize(self, event: events.Resize) -> None:
        """What fits depends on the width."""
        self._lay_out(event.size.width - 2)

    def _lay_out(self, width_cells: int) -> None:
        if self._progress is not None:
            self.show(_line(self._progress, width_cells, plays_recording=self._plays_recording))


def _line(progress: NodePackagesProgressed, width_cells: int, *, plays_recording: bool) -> SafeText:
    if progress.failure is not None:
        return fit(join([own("✖ Node packages: ", "$error"), foreign(progress.failure)]), width_cells)
    count = words("{n} of {total}", n=progress.fetched, total=progress.total) if progress.total else own("looking up")
    left = join([own("Node packages"), count], " ")
    meanwhile = own("playing the shipped recording meanwhile", "$accent") if plays_recording else EMPTY
    room = width_cells - left.cell_length - meanwhile.cell_length - 4
    bar_cells = max(0, min(_BAR_CELLS, room))
    filled = bar_cells * progress.fetched // progress.total if progress.total else 0
    bar = join([foreign("━" * filled, "$primary"), foreign("─" * (bar_cells - filled), "$text-disabled")])
    current = fit(foreign(progress.current, "$text-muted"), max(0, room - bar_cells - 2))
    return spread(join([left, bar, current], "  "), meanwhile, width_cells)
