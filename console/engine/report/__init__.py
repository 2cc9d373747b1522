"""The report: what the database shows, as one Markdown file and one HTML file that need nothing else."""
