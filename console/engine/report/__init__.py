"""The report: everything that the stored rows show, as Markdown and as one HTML file."""
