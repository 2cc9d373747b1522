"""Runs as files: exported from the store, and played again on the same screens."""

from console.engine.recording.export import export_launches
from console.engine.recording.file import Recording, RecordingError, read_recording, write_recording
from console.engine.recording.player import Player, RecordedClock

__all__ = [
    "Player",
    "RecordedClock",
    "Recording",
    "RecordingError",
    "export_launches",
    "read_recording",
    "write_recording",
]
