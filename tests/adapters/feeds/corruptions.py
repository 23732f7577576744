"""Ways a file goes wrong, made from a sound one: cut, emptied, garbled, mispacked, out of order, absurd.

A Damage that is harmless says why: the file still says what it must, only less of it or in another wrapping.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

ABSURD = ("", "-5", "0", "1e18", "nan", "abc", "99999999999999999999", "٣", "1_000", "0x10")
"""What no number of a feed may be; a field where one of them is right leaves it out."""


class Damage(NamedTuple):
    """A damaged file: what was done, the bytes (None: there is no file), and why it may be read, "" if it may not."""

    name: str
    data: bytes | None
    harmless: str = ""


def any_file(sound: bytes) -> Iterator[Damage]:
    """What happens to every kind of file."""
    yield Damage("missing", None)
    yield Damage("empty", b"")
    yield Damage("one_byte", sound[:1])
    yield Damage("zeros", bytes(len(sound)))
    yield Damage("error_page", b"<html><body>404 Not Found</body></html>\n")
    yield Damage("wide_text", "not market data\n".encode("utf-16"))
    yield Damage("zip_archive", b"PK\x03\x04" + sound)
    yield Damage("noise", bytes((place * 181 + 7) % 256 for place in range(2_000)))
    yield Damage("empty_gzip", gzip.compress(b""))
    yield Damage("gzip_twice", gzip.compress(gzip.compress(sound)))


def gzip_cuts(sound: bytes, parts: int = 12) -> Iterator[Damage]:
    """A packed file that ends early, and packed files with a damaged body or check sum."""
    packed = gzip.compress(sound)
    for part in range(1, parts):
        yield Damage(f"gzip_cut_{part}_of_{parts}", packed[: max(3, len(packed) * part // parts)])
    yield Damage("gzip_without_check_sum", packed[:-8])
    yield Damage("gzip_wrong_check_sum", packed[:-8] + bytes(4) + packed[-4:])
    yield Damage("gzip_garbled", packed[:20] + bytes(byte ^ 0x55 for byte in packed[20:40]) + packed[40:])
    yield Damage("gzip_then_noise", packed + b"more")


def line_cuts(lines: tuple[str, ...]) -> Iterator[Damage]:
    """A text file that ends inside each of its lines."""
    for number, line in enumerate(lines):
        before = "".join(f"{each}\n" for each in lines[:number])
        yield Damage(f"cut_in_line_{number + 1}", f"{before}{line[: line.rindex(',') - 2]}".encode())


def cell_values(
    lines: tuple[str, ...], row: int, allowed: Mapping[int, tuple[str, ...]] = MappingProxyType({})
) -> Iterator[Damage]:
    """Each cell of one line made absurd; allowed says by column which absurd values are right there."""
    cells = lines[row].split(",")
    for column in range(len(cells)):
        for value in ABSURD:
            if value not in allowed.get(column, ()):
                changed = ",".join([*cells[:column], value, *cells[column + 1 :]])
                yield Damage(f"column_{column}_is_{value or 'empty'}", text([*lines[:row], changed, *lines[row + 1 :]]))


def lines_moved(lines: tuple[str, ...]) -> Iterator[Damage]:
    """Lines in the wrong order, lines that are not rows, another separator, other encodings."""
    yield Damage("reversed", text(lines[::-1]))
    yield Damage("first_line_last", text([*lines[1:], lines[0]]))
    yield Damage("blank_line", text([*lines[:2], "", *lines[2:]]))
    yield Damage("heading", text([",".join("abcdef"), *lines]))
    yield Damage("column_dropped", text([line.rpartition(",")[0] for line in lines]))
    yield Damage("semicolons", text([line.replace(",", ";") for line in lines]))
    yield Damage("quoted", text([f'"{line}"' for line in lines]))
    yield Damage("utf_16", text(lines).decode().encode("utf-16"))
    yield Damage("byte_order_mark", b"\xef\xbb\xbf" + text(lines))
    yield Damage("latin_1", text(lines)[:30] + b"\xe9\xff" + text(lines)[30:])
    yield Damage("nul_bytes", text(lines).replace(b",", b"\0,", 1))


def text(lines: tuple[str, ...] | list[str]) -> bytes:
    """Lines as a file."""
    return "".join(f"{line}\n" for line in lines).encode()
