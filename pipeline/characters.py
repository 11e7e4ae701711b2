"""Text that every later stage can trust: legal in XML 1.0, one form of each letter.

Applied where text enters (extract) and again at the store's door; imports nothing of ours.
"""

from __future__ import annotations

import re
import unicodedata

# What XML 1.0 (fifth edition) leaves out of production [2] Char; lone surrogates are in it too.
# Noncharacters U+FFFE/U+FFFF are illegal; the C1 block U+0080–U+009F is legal but
# discouraged and only ever arises from a wrong charset, so it goes as well (but NEL).
# Named themselves, not by what is left: that would be written out character by character each time it is compiled.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"[^\S\n]+")
#: Illegal characters at which `str.split` parts.
_NO_SPACE = re.compile("[\x0b\x0c\x1c-\x1f]")
# Zero-width and direction marks that sites leave behind and readers show as boxes.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")
# What most news consist of: legal, and whatever stands beside it, no part of a letter in two signs.
_USUAL = re.compile("[\n -~\xa0-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2116]*+")


def legal(text: str) -> str:
    """Return text without the characters XML 1.0 forbids, in Unicode form NFC."""
    if text.isascii() and text.isprintable():  # most of what is kept: addresses, digests, names of things
        return text
    if _USUAL.fullmatch(text):  # told in half the time that the two questions below take
        return text
    if not text.replace("\n", "").isprintable():  # what can be printed is legal, and sooner told
        text = _ILLEGAL.sub("", text)
    return unicodedata.normalize("NFC", text)


def line(text: str) -> str:
    """Return text as one legal line: white space folded, invisible marks removed."""
    bare = text.strip()
    if bare.isprintable() and "  " not in bare:  # which is most of all
        return bare if bare.isascii() else unicodedata.normalize("NFC", bare)
    folded = " ".join(text.split())
    # What can be printed is legal and visible, and most is such; of what is parted here, only these are not space.
    if folded.isprintable() and (text.isprintable() or not _NO_SPACE.search(text)):
        return folded if folded.isascii() else unicodedata.normalize("NFC", folded)
    return _SPACE.sub(" ", _INVISIBLE.sub("", legal(text)).replace("\n", " ").replace("\x85", " ")).strip()


def paragraphs(text: str) -> str:
    """Return text as legal lines, one paragraph each, empty ones left out."""
    lines = (line(part) for part in text.splitlines())
    return "\n".join(part for part in lines if part)
