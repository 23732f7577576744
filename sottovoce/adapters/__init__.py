"""Everything that touches the world: clocks, journal, reference data, venues, markets."""
