"""Bytes of a feed to text. Valid UTF-8 wins, then a byte order mark, the header, the prolog, and last detection.

What a server or a document declares is often wrong; that bytes are valid UTF-8 by chance is not to be expected. Pure.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

DETECTION_BYTES = 32 * 1024
"""Bytes that an encoding is detected from: those of text that are not ASCII say it."""

FEW_FAULTS = 10
"""Text is UTF-8 with damage if it has so many valid sequences for each invalid one."""

FOREIGN_SHARE = 0.4
"""Share of characters beyond ASCII among all letters: above, a Latin encoding is not the right one."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_EBCDIC = b"\x4c\x6f\xa7\x94"
"""How "<?xm" begins in EBCDIC (XML 1.0, appendix F)."""

_START_BYTES = 256

_REFUSING = frozenset({"undefined"})
"""Python's own codec that decodes nothing, whatever the error handler."""

# What the web calls by these names (WHATWG Encoding), and names that are only written
_MEANT = {
    "iso8859_1": "cp1252",
    "latin_1": "cp1252",
    "iso8859_9": "cp1254",
    "iso8859_11": "cp874",
    "tis_620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_MULTI_BYTE_ESCAPES = ("iso2022", "hz")
_LATIN = ("cp1252", "cp1250", "cp1254", "iso8859")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_PROLOG = re.compile(rb"\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']\s*([\w.:-]+)", re.IGNORECASE)
_MULTI_BYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
_MARKUP = re.compile(rb"<[^<>]{0,2000}>|&#?\w{1,10};")
_HIGH = re.compile(rb"[^\n]{0,40}[\x80-\xff][^\n]{0,40}")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A body's text, without a byte order mark, and the name of the encoding that it was in."""

    text: str
    encoding: str


def decoded(body: bytes, content_type: str) -> DecodedText:
    """The text of a body. Raises nothing: what cannot be decoded becomes U+FFFD."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], encoding)
    wide = _wide(body[:_START_BYTES])
    if wide is not None:
        return _decoded(body, wide)
    declared = list(dict.fromkeys(_declared(body, content_type)))
    has_escapes = b"\x1b" in body or b"~{" in body
    if has_escapes and (escaped := next((name for name in declared if name.startswith(_MULTI_BYTE_ESCAPES)), None)):
        return _decoded(body, escaped)
    text = _as_utf8(body)
    return _by_declaration(body, declared) if text is None else DecodedText(text, "utf-8")


def _decoded(body: bytes, encoding: str) -> DecodedText:
    return DecodedText(body.decode(encoding, "replace"), encoding)


def _wide(start: bytes) -> str | None:
    """The encoding of a document without a mark whose characters are not single bytes of ASCII, by its first `<`."""
    if start.lstrip().startswith(_EBCDIC):
        return "cp037"
    at = start.find(b"<")
    if at < 0:
        return None
    # The NULs beside a character of ASCII tell its width, its place in it the order of bytes
    for width, big, little in ((4, "utf-32-be", "utf-32-le"), (2, "utf-16-be", "utf-16-le")):
        place = at % width
        unit = start[at - place : at - place + width]
        if len(unit) == width and unit.count(b"\0") == width - 1 and place in (0, width - 1):
            return big if place else little
    return None


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    """Codecs that the header and the prolog name."""
    named = [found[1] for found in [_CHARSET.search(content_type)] if found is not None]
    named += [found[1].decode("ascii") for found in [_PROLOG.match(body)] if found is not None]
    for name in named:
        codec = _codec(name)
        if codec is not None:
            yield codec


def _codec(name: str) -> str | None:
    """Python's name of an encoding by any of its names; None if there is none."""
    spellings = [name, re.sub(r"(?i)^(cp|win|windows|x-cp|x-windows)[-_ ]?(?=\d)", "cp", name), name.removeprefix("x-")]
    for spelling in spellings:
        try:
            found = codecs.lookup(spelling)
        except (LookupError, ValueError):
            continue
        key = found.name.replace("-", "_")
        if not found._is_text_encoding or key in _REFUSING:
            return None
        return _MEANT.get(key, key)
    return None


def _as_utf8(body: bytes) -> str | None:
    """The text if it is UTF-8, perhaps with some damage; None if it is not."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as err:
        valid = len(_MULTI_BYTE.findall(body))
        text = body.decode("utf-8", "replace")
        faults = text.count("\ufffd") - body.count("\ufffd".encode())
        return text if valid >= FEW_FAULTS * faults or _is_cut(err) else None


def _is_cut(err: UnicodeDecodeError) -> bool:
    """Whether all but a sequence that ends with the body is UTF-8."""
    length = len(err.object)
    return err.start >= length - 3 and err.start > 0 and err.end == length


def _by_declaration(body: bytes, declared: list[str]) -> DecodedText:
    found = None
    for name in declared:
        try:
            text = body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        if not name.startswith(_LATIN) or not _is_foreign(body, name):
            return DecodedText(text, name)
        found = found or DecodedText(text, name)
    detected = _detected(body)
    if detected is not None:
        return _decoded(body, detected)
    return found if found is not None else _decoded(body, (declared or ["cp1252"])[-1])


def _is_foreign(body: bytes, name: str) -> bool:
    """Whether a text in a Latin encoding has so few plain letters that it must be in another script."""
    text = _MARKUP.sub(b" ", body[: 4 * DETECTION_BYTES]).decode(name, "replace")
    odd = sum(char > "\x7f" for char in text)
    return odd > 10 and odd > FOREIGN_SHARE * sum(char.isalpha() or char > "\x7f" for char in text)


def _detected(body: bytes) -> str | None:
    """The likeliest encoding of the parts that are not ASCII; None if none is likely."""
    # Loading its tables takes 0.15 s, and nearly all feeds are UTF-8; the workers have them already
    import chardet

    sample = b"\n".join(_HIGH.findall(_MARKUP.sub(b"\n", body)))[:DETECTION_BYTES]
    found = chardet.detect(sample)["encoding"] if sample else None
    return None if found is None else _codec(found)
