"""The walk over zstd frames knows where a file should end, however the bytes arrive."""

from __future__ import annotations

import pytest

from sottovoce.adapters.feeds.zstd_frames import FrameWalk, Trouble, is_zstd

MAGIC = b"\x28\xb5\x2f\xfd"


def raw_block(content: bytes, *, last: bool) -> bytes:
    return (len(content) << 3 | last).to_bytes(3, "little") + content


PLAIN = MAGIC + b"\x00\x58" + raw_block(b"x" * 300, last=False) + raw_block(b"y" * 20, last=True)
CHECKED = MAGIC + b"\x24\x05" + raw_block(b"hello", last=True) + b"\x01\x02\x03\x04"
RUN_LENGTH = MAGIC + b"\x00\x58" + (1 << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"z"
SKIPPED = b"\x5a\x2a\x4d\x18" + (7).to_bytes(4, "little") + b"skipped"
WHOLE = PLAIN + CHECKED + SKIPPED + RUN_LENGTH


def walked(content: bytes, size: int = 1 << 20) -> Trouble | None:
    walk = FrameWalk()
    for start in range(0, len(content), size):
        walk.take(content[start : start + size])
    return walk.finish()


@pytest.mark.parametrize("content", [PLAIN, CHECKED, RUN_LENGTH, SKIPPED, WHOLE])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1 << 20])
def test_whole_frames_are_whole(content: bytes, size: int) -> None:
    assert walked(content, size) is None
    assert is_zstd(content)


@pytest.mark.parametrize("frame", [PLAIN, CHECKED, RUN_LENGTH, SKIPPED])
def test_every_cut_inside_a_frame_is_found(frame: bytes) -> None:
    for cut in range(1, len(frame)):
        found = walked(CHECKED + frame[:cut], 5)
        assert found is not None
        assert found.offset == len(CHECKED) + cut or found.why == "what follows is not a zstd frame"


def test_what_is_not_a_frame_is_named_by_its_byte() -> None:
    assert walked(CHECKED + b"something else") == Trouble(len(CHECKED), "what follows is not a zstd frame")
    reserved = MAGIC + b"\x00\x58" + (3 << 1 | 1).to_bytes(3, "little")
    assert walked(reserved) == Trouble(6, "a zstd block is of no known kind")


def test_other_files_are_not_zstd() -> None:
    assert not is_zstd(b"DBN\x03")
    assert not is_zstd(b"(\xb5")
