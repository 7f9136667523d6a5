"""Figures with the marks of a language."""

WHOLE_FROM_MINOR = 10_000
WHOLE_FROM = 10


def figure(minor: int, marks: tuple[str, str], *, whole: bool) -> str:
    """Write an amount of money: with its hundredths below a hundred, without them above or if told so."""
    group, point = marks
    if abs(minor) < WHOLE_FROM_MINOR and not whole:
        return marked(f"{minor / 100:,.2f}", group, point)
    return marked(f"{round_half(minor):,}", group, point)


def real(number: float, group: str, point: str) -> str:
    """Write a number: whole from ten on, with two figures below one, with one decimal between."""
    if number >= WHOLE_FROM or number == int(number):
        return marked(f"{round(number):,}", group, point)
    text = f"{number:.1f}" if number >= 1 else f"{number:.2g}" if number >= 0.01 else "0.01"
    return marked(text, group, point)


def is_whole(number: float) -> bool:
    """Whether `real` writes no decimals."""
    return number >= WHOLE_FROM or number == int(number)


def round_half(minor: int) -> int:
    """Round minor units to major ones, halves away from zero."""
    whole = (abs(minor) + 50) // 100
    return whole if minor >= 0 else -whole


def marked(text: str, group: str, point: str) -> str:
    """Give a number written in the English way the marks of another language."""
    if (group, point) == (",", "."):
        return text
    return text.translate({ord(","): group, ord("."): point})
