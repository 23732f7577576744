"""The seeded fault simulator: a whole desk, its disk, its lines, its venues and its people in one process, by dice.

`python -m tools.faultsim` runs seeds. A seed decides everything that goes wrong and when, so the same seed and build
give the same journal, byte for byte, and a failing seed repeats its failure. Beside the engine a small model made of
dictionaries (reference.py) hears what the venues said and what left, and the two are compared after every step.
"""
