"""Pure functions on numbers and arrays: books, volume, schedules, impact, benchmarks, scoring and fees."""
