"""Hawkes processes: events of several types that make more events, with one exponential kernel.

The intensity of type i is mu_i + sum over past events of alpha_ij exp(-beta (t - t_j)); an event of type j has on
average alpha_ij / beta children of type i. The process is stationary while the largest eigenvalue of that matrix is
below 1. Two exact simulations agree in law: Ogata's thinning, one event after the other, and branching, one
generation after the other, which also takes immigrants that follow any curve.

Source: Hawkes 1971; Ogata 1981; Hawkes and Oakes 1974; T-SIM-5.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.compiling import Family

_CHUNK = 65_536


class Hawkes(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """mu: base rates a second, shape (d,); alpha: excitation of i by j, shape (d, d); beta: decay a second, > 0."""

    mu: FloatArray
    alpha: FloatArray
    beta: float

    @property
    def branching(self) -> FloatArray:
        """Mean number of children of type i of an event of type j, shape (d, d)."""
        matrix: FloatArray = self.alpha / self.beta
        return matrix

    @property
    def spectral_radius(self) -> float:
        """Largest modulus of an eigenvalue of the branching matrix; stationary below 1."""
        return float(np.abs(np.linalg.eigvals(self.branching)).max())

    @property
    def mean_rates(self) -> FloatArray:
        """Stationary events a second by type, shape (d,): (I - alpha/beta)^-1 mu."""
        rates: FloatArray = np.linalg.solve(np.eye(len(self.mu)) - self.branching, self.mu).astype(np.float64)
        return rates


class Events(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Events in order of time: seconds, shape (n,), and types, shape (n,)."""

    times_s: FloatArray
    kinds: IntArray


def univariate(mu: float, alpha: float, beta: float) -> Hawkes:
    """One type of event. Raises ModelError as checked() does."""
    return checked(Hawkes(mu=np.array([mu]), alpha=np.array([[alpha]]), beta=beta))


def checked(model: Hawkes) -> Hawkes:
    """The model itself, if it is one. Raises: ModelError, hawkes_not_stationary or hawkes_bad_parameters."""
    count = len(model.mu)
    positive = bool((model.mu >= 0).all()) and bool((model.alpha >= 0).all()) and model.beta > 0
    if model.alpha.shape != (count, count) or not positive:
        raise ModelError(
            f"A Hawkes process of {count} types needs rates and excitations of zero or more, in shapes ({count},) and "
            f"({count}, {count}), and a decay above zero.",
            code="hawkes_bad_parameters",
        )
    if model.spectral_radius >= 1.0:
        raise ModelError(
            f"The branching matrix has a spectral radius of {model.spectral_radius:.3f}: every event makes as many "
            "or more, and the process explodes. Lower the excitation or raise the decay.",
            code="hawkes_not_stationary",
        )
    return model


def thinning(model: Hawkes, horizon_s: float, seed: int, *, compile_: bool = True) -> Events:
    """Simulate from an empty past by Ogata's thinning; compiled and plain runs of one seed are equal."""
    checked(model)
    rng = np.random.default_rng(seed)
    ready = THINNING.compiled() if compile_ else None
    step = thin if ready is None else ready["thin"]
    state = np.zeros(len(model.mu) + 1)
    times: list[FloatArray] = []
    kinds: list[IntArray] = []
    while state[-1] < horizon_s:
        found, what = np.empty(_CHUNK), np.empty(_CHUNK, dtype=np.int64)
        waits, draws = rng.standard_exponential(_CHUNK), rng.random(_CHUNK)
        count = step(model.mu, model.alpha, model.beta, horizon_s, waits, draws, state, found, what)
        times.append(found[:count])
        kinds.append(what[:count])
    return Events(times_s=np.concatenate(times), kinds=np.concatenate(kinds))


def thin(
    mu: FloatArray,
    alpha: FloatArray,
    beta: float,
    horizon_s: float,
    waits: FloatArray,
    draws: FloatArray,
    state: FloatArray,
    times: FloatArray,
    kinds: IntArray,
) -> int:
    """Propose an event for every draw and keep those that the intensity accepts; returns how many were kept.

    state holds the excitation of each type, shape (d,), and the time last; it is carried from call to call.
    """
    count, size = 0, len(mu)
    now = state[size]
    for at in range(len(waits)):
        bound = 0.0
        for kind in range(size):
            bound += mu[kind] + state[kind]
        wait = waits[at] / bound
        now += wait
        if now >= horizon_s:
            break
        fade = np.exp(-beta * wait)
        for kind in range(size):
            state[kind] *= fade
        left = draws[at] * bound
        for kind in range(size):
            left -= mu[kind] + state[kind]
            if left < 0.0:
                times[count], kinds[count] = now, kind
                count += 1
                for other in range(size):
                    state[other] += alpha[other, kind]
                break
    state[size] = now
    return count


THINNING = Family(thin, allocates=True)


def branching(model: Hawkes, horizon_s: float, seed: int) -> Events:
    """Simulate from an empty past by generations, immigrants at the base rates."""
    checked(model)
    rng = np.random.default_rng(seed)
    arrivals = [rng.uniform(0.0, horizon_s, int(rng.poisson(rate * horizon_s))) for rate in model.mu]
    return descend(model, arrivals, horizon_s, rng)


def descend(model: Hawkes, arrivals: list[FloatArray], horizon_s: float, rng: np.random.Generator) -> Events:
    """All events that descend from immigrants at given times, by type; mu is not read.

    Each generation is drawn whole: Poisson numbers of children, exponential waits.
    """
    checked(model)
    means = model.branching
    size, living = len(means), arrivals
    generations = [arrivals]
    while any(len(times) for times in living):
        living = [
            np.concatenate([_children(living[by], means[kind, by], model.beta, horizon_s, rng) for by in range(size)])
            for kind in range(size)
        ]
        generations.append(living)
    times = np.concatenate([each for generation in generations for each in generation])
    counts = [len(each) for generation in generations for each in generation]
    kinds = np.repeat(np.tile(np.arange(size), len(generations)), counts)
    order = np.argsort(times, kind="stable")
    return Events(times_s=times[order], kinds=kinds[order].astype(np.int64))


def _children(parents: FloatArray, mean: float, beta: float, horizon_s: float, rng: np.random.Generator) -> FloatArray:
    if mean == 0.0 or not len(parents):
        return parents[:0]
    born = np.repeat(parents, rng.poisson(mean, len(parents)))
    born = born + rng.exponential(1.0 / beta, len(born))
    kept: FloatArray = born[born < horizon_s]
    return kept
