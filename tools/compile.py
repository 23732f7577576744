"""Compiles the modules of the event loop with mypyc into build/compiled: same source, same results, less time.

`make compile`, or `python tools/compile.py --out FOLDER`. Nothing needs it: the package never holds compiled files and
never looks for them; `loaded` imports them from the folder for who asks (the benchmarks, and the test that they do the
same). It wants a C compiler and Python's headers, and says so where they are missing.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import importlib.util
import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "compiled"

MODULES = ("sottovoce.models.mbo.side", "sottovoce.models.mbo.book")
"""Plain classes over integers and dictionaries. Structs stay as they are: msgspec's classes cannot be compiled."""

GATE_MODULES = (
    "sottovoce.core.limits",
    *(
        f"sottovoce.stages.risk.{name}"
        for name in (
            "tight", "levels", "terms", "worst_case", "case", "gate", "checks_access", "checks_child", "checks_conduct",
            "checks_envelope", "checks_exposure", "checks_price", "checks_rate", "checks_short", "checks_size",
            "consequences", "book", "risk",
        )
    ),
)  # fmt: skip
"""The pre-trade gate, for its benchmark: what decides and what folds; the structs that are its state stay plain."""


class CannotCompile(Exception):
    """A sentence that says what is missing."""


def main() -> None:
    """Build, and say where; or say why not, with exit code 6."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the compiled modules (build/compiled)")
    folder = parser.parse_args().out
    try:
        build(folder)
    except CannotCompile as why:
        print(f"compile: {why} Pure Python does the same work.", file=sys.stderr)
        sys.exit(6)
    print(f"compiled {len(MODULES)} modules into {folder}")


def build(folder: Path = OUT, modules: Sequence[str] = MODULES) -> None:
    """Compile modules into a folder, made where it is not.

    Raises: CannotCompile without a C compiler, Python's headers, mypyc or setuptools, or when one of them fails.
    """
    missing = lacking()
    if missing:
        raise CannotCompile(missing)
    from mypyc.build import mypycify
    from setuptools import Distribution  # type: ignore[import-untyped]

    folder = folder.resolve()
    try:
        with contextlib.chdir(ROOT), tempfile.TemporaryDirectory() as between:
            sources = [str(_source(name).relative_to(ROOT)) for name in modules]
            extensions = mypycify(["--strict", *sources], opt_level="3", target_dir=between)
            command = Distribution({"name": "compiled", "ext_modules": extensions}).get_command_obj("build_ext")
            command.build_lib, command.build_temp = str(folder), between
            command.ensure_finalized()
            command.run()
    except (Exception, SystemExit) as error:
        raise CannotCompile(f"mypyc or the C compiler failed ({error}).") from error


def lacking() -> str:
    """What a build wants and does not find, as a sentence; "" when it has everything."""
    compiler = (os.environ.get("CC") or str(sysconfig.get_config_var("CC") or "cc")).split()[0]
    if shutil.which(compiler) is None:
        return f"There is no C compiler ({compiler})."
    if not Path(sysconfig.get_path("include"), "Python.h").is_file():
        return "Python's headers (Python.h) are not installed."
    for library in ("mypyc", "setuptools"):
        if importlib.util.find_spec(library) is None:
            return f"{library} is not installed."
    return ""


def is_fresh(folder: Path = OUT, modules: Sequence[str] = MODULES) -> bool:
    """Whether the folder holds every module, compiled after its source was last changed."""
    built = {name: _binary(folder, name) for name in modules}
    return all(path and path.stat().st_mtime > _source(name).stat().st_mtime for name, path in built.items())


@contextlib.contextmanager
def loaded(folder: Path = OUT) -> Iterator[dict[str, ModuleType]]:
    """The compiled modules by name; the rest of the process keeps the plain ones. Raises: ImportError."""
    packages = {importlib.import_module(name.rpartition(".")[0]) for name in MODULES}
    plain = {name: importlib.import_module(name) for name in MODULES}
    for name in MODULES:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    for package in packages:
        package.__path__.insert(0, str(folder.joinpath(*package.__name__.split("."))))
    try:
        yield {name: importlib.import_module(name) for name in MODULES}
    finally:
        sys.path.remove(str(folder))
        for package in packages:
            del package.__path__[0]
        for name, module in plain.items():
            sys.modules[name] = module
            parent, _, last = name.rpartition(".")
            setattr(sys.modules[parent], last, module)


def prefer(folder: Path, modules: Sequence[str]) -> None:
    """Let this process import these modules compiled, for good; before any of them has been imported."""
    sys.path.insert(0, str(folder))
    for package in {importlib.import_module(name.rpartition(".")[0]) for name in modules}:
        package.__path__.insert(0, str(folder.joinpath(*package.__name__.split("."))))


def _source(name: str) -> Path:
    return ROOT.joinpath(*name.split(".")).with_suffix(".py")


def _binary(folder: Path, name: str) -> Path | None:
    path = folder.joinpath(*name.split(".")).with_suffix(str(sysconfig.get_config_var("EXT_SUFFIX")))
    return path if path.is_file() else None


if __name__ == "__main__":
    main()
