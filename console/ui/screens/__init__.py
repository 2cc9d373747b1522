"""The screens; each stands on `console.ui.screens.base.ConsoleScreen`."""
