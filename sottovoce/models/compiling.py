"""Kernels are plain Python over flat arrays; this compiles a family of them at first need, where numba is installed.

A kernel may call others of its family and read numbers named in capitals. Compiled results are kept on disk beside the
source, under a name that changes with the code of the whole family: a cached kernel is never older than what it calls.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

Kernel = Callable[..., Any]
"""A function over arrays; what it takes and gives is its own docstring's matter."""


class Family:
    """Kernels that call each other, those that are called first.

    allocates: whether any of them makes an array. Those that do not are compiled without reference counting, which
    would cost more than their work where arrays travel in tuples.
    """

    def __init__(self, *kernels: Kernel, allocates: bool) -> None:
        self._plain = [kernel for kernel in kernels if isinstance(kernel, FunctionType)]
        self._allocates = allocates
        self._ready: dict[str, Kernel] | None = None

    def compiled(self) -> dict[str, Kernel] | None:
        """The kernels by name, compiled; None where numba is not installed."""
        if self._ready is None:
            try:
                import numba
            except ImportError:
                return None
            compiler: Callable[..., Callable[[Kernel], Kernel]] = numba.njit
            self._ready = self._compile(compiler(cache=True, error_model="numpy", _nrt=self._allocates))
        return self._ready

    def _compile(self, compiler: Callable[[Kernel], Kernel]) -> dict[str, Kernel]:
        seal = _digest(self._plain)
        ready: dict[str, Kernel] = {}
        for plain in self._plain:
            copy = FunctionType(plain.__code__, {**plain.__globals__, **ready}, plain.__name__, plain.__defaults__)
            copy.__module__ = plain.__module__
            copy.__qualname__ = f"{plain.__name__}_{seal}"
            ready[plain.__name__] = compiler(copy)
        return ready


def _digest(kernels: Sequence[FunctionType]) -> str:
    """Changes with the code of any kernel and with any number it reads."""
    seal = hashlib.sha256()
    for kernel in kernels:
        code = kernel.__code__
        numbers = [kernel.__globals__.get(name) for name in code.co_names if name.isupper()]
        seal.update(repr((code.co_code, code.co_consts, code.co_names, numbers)).encode())
    return seal.hexdigest()[:12]
