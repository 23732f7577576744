"""Transaction cost analysis: what an order cost, against what, where, and whether we had said so."""
