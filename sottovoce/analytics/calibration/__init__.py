"""Impact models calibrated from orders of one's own: parents, normalisation, fits, intervals, shrinkage, factors."""
