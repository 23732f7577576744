"""The registry of calibrated models: versions that never change, which is in use since when, which plans used it."""
