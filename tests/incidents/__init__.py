"""The incidents of the record, played against our own controls."""

from tests.incidents import markets, mistakes, runaways

INCIDENTS = tuple(sorted((*runaways.INCIDENTS, *mistakes.INCIDENTS, *markets.INCIDENTS)))
