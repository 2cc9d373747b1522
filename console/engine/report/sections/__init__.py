"""The report's sections: each turns facts into blocks, and claims nothing that the rows do not show."""
