"""Files of lines, plain and compressed: told by their bytes, and damage by its place."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from firstwire.errors import ConfigError
from firstwire.files.compressed import LineWriter, read_lines

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LINES = [b'{"n": %d}' % number for number in range(5_000)]
TEXT = b"\n".join(LINES) + b"\n"
WITH_CHECKSUM = {zstd.CompressionParameter.checksum_flag: 1}
"""As command-line tools write it."""


def to_zstd(text: bytes) -> bytes:
    return zstd.compress(text, options=WITH_CHECKSUM)


FORMS: dict[str, Callable[[bytes], bytes]] = {"plain": bytes, "gzip": gzip.compress, "zstd": to_zstd}


def found_in(file: Path) -> list[bytes]:
    return [line.rstrip(b"\n") for _, line in read_lines(file, "the articles")]


@pytest.mark.parametrize("form", FORMS)
def test_lines_are_the_same_in_every_form_whatever_the_name(tmp_path: Path, form: str) -> None:
    file = tmp_path / "articles.txt"
    file.write_bytes(FORMS[form](b"\xef\xbb\xbf" + TEXT + b"\n \n"))
    assert found_in(file) == LINES


def test_several_compressed_parts_after_one_another_are_one_file(tmp_path: Path) -> None:
    file = tmp_path / "articles"
    for compress in (gzip.compress, to_zstd):
        file.write_bytes(compress(TEXT) + compress(b"last\n"))
        assert found_in(file) == [*LINES, b"last"]


def test_numbers_are_those_of_the_lines_with_empty_ones_counted(tmp_path: Path) -> None:
    file = tmp_path / "articles"
    file.write_bytes(b"a\n\n  \nb\n")
    assert [number for number, _ in read_lines(file, "the articles")] == [1, 4]


@pytest.mark.parametrize("form", ["gzip", "zstd"])
@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_a_damaged_file_is_an_error_that_names_it_and_the_last_good_line(
    tmp_path: Path, form: str, damage: str
) -> None:
    file = tmp_path / "articles"
    packed = FORMS[form](TEXT)
    middle = len(packed) // 2
    file.write_bytes(packed[:middle] if damage == "cut" else packed[:middle] + b"\xff" * 64 + packed[middle + 64 :])
    with pytest.raises(ConfigError, match=rf"{file}: compressed, and damaged after line [\d,]+: "):
        found_in(file)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent: cannot read the articles: No such file"):
        found_in(tmp_path / "absent")


def test_what_is_written_is_read_and_stands_under_its_name_only_when_whole(tmp_path: Path) -> None:
    file = tmp_path / "new" / "lines.zst"
    lines = LineWriter(file)
    lines.write(b"one")
    assert not file.exists()
    lines.close()
    assert found_in(file) == [b"one"]
    lines = LineWriter(tmp_path / "other.zst")
    lines.abandon()
    assert list(tmp_path.iterdir()) == [file.parent]


def test_a_folder_that_cannot_be_written_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError, match=r"lines.zst: cannot write it: "):
        LineWriter(tmp_path / "file" / "lines.zst")
