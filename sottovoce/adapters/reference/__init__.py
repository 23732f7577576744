"""The instrument master: dated facts with their sources, loaded whole as numbered, immutable versions."""
