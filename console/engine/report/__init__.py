"""The report: what the database shows, as one Markdown file and one HTML file that need nothing else.

`writing` writes it. Nothing is imported from here: its statistics and templates take their time to load.
"""
