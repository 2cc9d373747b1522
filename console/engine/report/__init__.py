"""The report: what the database shows, as one Markdown file and one HTML file that need nothing else."""

from console.engine.report.writing import (
    FORMATS,
    Note,
    ReportError,
    ReportFormat,
    WrittenReport,
    note_by_opening,
    report_folder,
    write_report,
)

__all__ = [
    "FORMATS",
    "Note",
    "ReportError",
    "ReportFormat",
    "WrittenReport",
    "note_by_opening",
    "report_folder",
    "write_report",
]
