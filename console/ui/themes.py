"""Sidebeat's own colours. Textual's themes, those with the terminal's own colours included, can be chosen too."""

from __future__ import annotations

from typing import Final

from textual.app import App
from textual.color import Color
from textual.theme import Theme

from console.ui.modals.picker import Choice, PickerModal
from console.ui.text import foreign, own

DARK: Final = Theme(
    name="sidebeat-dark",
    primary="#7fb0f5",
    secondary="#a99cf0",
    accent="#e5b567",
    success="#86c98f",
    warning="#e5b567",
    error="#f0808a",
    foreground="#d8dee9",
    background="#11151c",
    surface="#171c25",
    panel="#1f2632",
    dark=True,
    variables={
        "block-cursor-background": "#2c4a75",
        "block-cursor-foreground": "#ffffff",
        "scrollbar": "#3a475c",
        "scrollbar-background": "#171c25",
        "scrollbar-background-hover": "#171c25",
        "scrollbar-background-active": "#171c25",
    },
)

LIGHT: Final = Theme(
    name="sidebeat-light",
    primary="#1f5fae",
    secondary="#6247b5",
    accent="#8a5a00",
    success="#23713a",
    warning="#8a5a00",
    error="#b02a3b",
    foreground="#23292f",
    background="#fbfaf8",
    surface="#f3f1ed",
    panel="#e8e5df",
    dark=False,
    variables={
        "block-cursor-background": "#bcd4f2",
        "block-cursor-foreground": "#10151b",
        "scrollbar": "#b8b3a8",
        "scrollbar-background": "#f3f1ed",
        "scrollbar-background-hover": "#f3f1ed",
        "scrollbar-background-active": "#f3f1ed",
    },
)

OWN_THEMES: Final = (DARK, LIGHT)


def with_quiet_text(variables: dict[str, str]) -> dict[str, str]:
    """A theme's variables with muted and disabled text as parts of its foreground; Textual's own only know contrast.

    Themes in the terminal's own colours keep what they have: those cannot be mixed.
    """
    foreground, background = variables["foreground"], variables["background"]
    if not (foreground.startswith("#") and background.startswith("#")):
        return variables
    over, under = Color.parse(foreground), Color.parse(background)
    return {**variables, "text-muted": under.blend(over, 0.66).hex, "text-disabled": under.blend(over, 0.42).hex}


async def pick_theme(app: App[None]) -> None:
    """Let the operator choose; the screen wears the theme under the cursor, and its own again when left."""
    before = app.theme

    def wear(name: str) -> None:
        app.theme = name

    names = [theme.name for theme in OWN_THEMES]
    names += sorted(name for name in app.available_themes if name not in names)
    choices = [Choice(name, foreign(name)) for name in names]
    picker = PickerModal(own("Colours"), choices, current=before, on_highlight=wear)
    wear(await app.push_screen_wait(picker) or before)
