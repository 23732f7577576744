"""How good forecasts were, out of sample: each model against the benchmark, paired, with intervals."""
