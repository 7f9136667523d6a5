"""
Show text that came from outside to people without letting it act.

Stored text stays as it came; these functions make the copy that is shown.
"""

import re
import unicodedata

CUT_AT = 80
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&$:@/])")
_FORMULA_START = "=+-@\t\r\n＝＋－＠"
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def is_hidden(char: str) -> bool:
    """Tell whether a character does something without being seen: controls, bidi marks, zero widths."""
    return unicodedata.category(char) in _HIDDEN_CATEGORIES


def visible(text: str) -> str:
    """Replace every hidden character by its number, as ⟨U+202E⟩; the rest stays."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"⟨U+{ord(char):04X}⟩" if is_hidden(char) else char for char in text)


def cut(text: str, most: int = CUT_AT) -> str:
    """Cut text for display to at most `most` characters, the last of them an ellipsis."""
    return text if len(text) <= most else text[: most - 1] + "…"


def shown(text: str, most: int = CUT_AT) -> str:
    """Cut a value and make it visible, ready for a message; cut first, so that no escape is torn."""
    return visible(cut(text, most))


def log_safe(text: str, most: int = CUT_AT * 4) -> str:
    """Make a value safe in a log: no line breaks, no terminal escapes, bounded length."""
    return shown(text, most)


def markdown_safe(text: str) -> str:
    """Escape text so that Markdown shows it letter by letter: no link, image, HTML or heading comes out."""
    flat = visible(text.replace("\r\n", " ").replace("\n", " ").replace("\r", " "))
    return _MARKDOWN.sub(r"\\\1", flat)


def formula_safe(text: str) -> str:
    """
    Make text safe in a spreadsheet meant for people: what would start a formula gets an apostrophe.

    Never use it in a file that a machine reads back: the value changes.
    """
    bare = text.lstrip(" \u00a0")
    return f"'{text}" if bare.startswith(tuple(_FORMULA_START)) else text
