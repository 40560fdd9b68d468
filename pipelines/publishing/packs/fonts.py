"""The typeface of the PDF packs: Noto Sans (SIL Open Font Licence 1.1), out of a Python package: no machine lacks it.

It has Latin, Greek and Cyrillic in all their variants, and figures of one width. What it has not becomes a visible
replacement, never an empty box or a failure.
"""

from __future__ import annotations

import io
from functools import cache

from pymupdf_fonts import NotoSans_Bold, NotoSans_Regular
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from pipelines.publishing.packs import words

REGULAR = "OutturnSans"
BOLD = "OutturnSans-Bold"
_MINUS, _EN_DASH = ord(words.MINUS), ord("–")
_SPELT = str.maketrans({"≤": "<=", "≥": ">=", "→": "->", "≠": "<>"})
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@cache
def register() -> frozenset[int]:
    """Makes the two faces known to the PDF library, once; the characters that both have."""
    glyphs = []
    for name, data in ((REGULAR, NotoSans_Regular.fontbuffer), (BOLD, NotoSans_Bold.fontbuffer)):
        font = TTFont(name, io.BytesIO(data))
        # these cuts lack U+2212: its shape is the en dash's, and copied text still says minus
        font.face.charToGlyph[_MINUS] = font.face.charToGlyph[_EN_DASH]
        font.face.charWidths[_MINUS] = font.face.charWidths[_EN_DASH]
        pdfmetrics.registerFont(font)
        glyphs.append(frozenset(font.face.charToGlyph))
    for bold, italic in ((0, 0), (0, 1)):
        addMapping(REGULAR, bold, italic, REGULAR)
    for italic in (0, 1):
        addMapping(REGULAR, 1, italic, BOLD)
        addMapping(BOLD, 1, italic, BOLD)
        addMapping(BOLD, 0, italic, BOLD)
    return glyphs[0] & glyphs[1]


def shown(value: object, *, length: int | None = None) -> str:
    """A text on one line, of characters that the typeface has; at most `length` of them."""
    known = register()
    text = words.one_line(value).translate(_SPELT)
    if length is not None:
        text = words.shortened(text, length)
    return "".join(character if ord(character) in known else _REPLACEMENT for character in text)


def width(text: str, *, size: float, bold: bool = False) -> float:
    """In points."""
    register()
    return pdfmetrics.stringWidth(text, BOLD if bold else REGULAR, size)
