"""What is remembered: one SQLite file, one writer, numbered migrations."""

from __future__ import annotations

from store.batch import write_records
from store.database import Store
from store.errors import StoreError
from store.pager import TranscriptPager
from store.queries import LaunchWithRuns, Queries

__all__ = ["LaunchWithRuns", "Queries", "Store", "StoreError", "TranscriptPager", "write_records"]
