"""The journal: one record a step, chained by SHA-256, over every table of the file."""
