"""How English says it."""

from datetime import date

from include.winddown.domain.split.words.facts import Facts
from include.winddown.domain.split.words.figures import figure as _figure
from include.winddown.domain.split.words.figures import real

_SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$", "CNY": "CN¥"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

REASONS = {
    "return_all": "more is gained by returning all than by selling",
    "keep_all": "all can be sold at this price",
    "mixed": "some sell, the rest would wait too long",
    "dispose": "neither a sale nor a return pays",
    "markdown": "a lower price sells all",
    "too_large": "too large or too heavy for a container",
    "damaged": "damaged, by policy",
    "held": "spoken for or blocked",
    "no_return_left": "too late to return",
    "return_at_loss": "a return costs more than it fetches",
}

DEFAULTS = {
    "acquiring": "The cost of payment is assumed: give acquiring_minor in fees.csv or acquiring_bp in the policy.",
    "commission": "The commission is assumed: give commission_bp in fees.csv or in the policy.",
    "cost": "The purchase cost is not known: give unit_cost_minor in the catalogue.",
    "deep_discount": "No such deep markdown was ever observed: a careful answer of the buyers is assumed until one was.",
    "delivery": "The cost of the last mile is assumed: give delivery_minor in fees.csv or sale_fee_minor in the policy.",
    "disposal": "The price of disposal is assumed: give piece_minor and kg_minor in the policy.",
    "elasticity": "How buyers answer a lower price is assumed: give a price log, or elasticity in the policy.",
    "fill": "How full a container gets is assumed: give usable_fill_pct in the policy.",
    "freight": "The freight home is assumed: give container_minor and opening_minor in the policy.",
    "handling": "The work on a returned piece is assumed: give handling_minor in the policy.",
    "history": "No sales of it are known, so it is taken for an average article: give more weeks of orders.",
    "lead_time": "How long a return takes is assumed: give lead_time_days in the policy.",
    "pick": "The fee for picking is assumed: give pick_minor in the policy.",
    "price_log": "Earlier prices are not known: give a price log, so that the lowest of 30 days can be shown.",
    "resale": "What a returned piece fetches is assumed: give resale_minor in the catalogue.",
    "sellable_share": "The share of returns that can be sold again is assumed: give sellable_pct in the policy.",
    "size": "The size is not known: give length, width and height in the catalogue.",
    "storage": "The storage fee is assumed: give storage_minor_per_m3_day in the policy.",
    "weight": "The weight is not known: give weight_g in the catalogue.",
}


def money(minor: int, currency: str, *, whole: bool = False) -> str:
    """Write an amount with its currency."""
    sign, symbol = "-" if minor < 0 else "", _SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{symbol}{figure(abs(minor), whole=whole)}"


def figure(minor: int, *, whole: bool = False) -> str:
    """Write an amount alone."""
    return _figure(minor, (",", "."), whole=whole)


def number(count: float) -> str:
    """Write a number."""
    return real(count, ",", ".") if count >= 0 else f"-{real(-count, ',', '.')}"


def share(part: float) -> str:
    """Write a share of 1 in per cent."""
    return f"{part * 100:.1f} %"


def say(facts: Facts) -> str:
    """Say what happens, with its alternatives in money."""
    action = _action(facts)
    if not facts.is_weighed:
        return f"{action}: {_because(facts)}"
    return f"{_because(facts)}{action}: {_compared(facts)} {_time(facts)} {_each(facts)}"


def turns(facts: Facts) -> str:
    """Say where the decision would turn."""
    rate, back, weeks = facts.flips
    parts = [f"{number(rate)} sold a week"] if rate is not None else []
    parts += [f"{money(back, facts.currency)} net of a return"] if back is not None else []
    parts += [f"{_weeks(weeks)} to the deadline"] if weeks is not None else []
    return f"It would turn at {', or at '.join(parts)}." if parts else ""


def _action(facts: Facts) -> str:
    whole = max(facts.keep, facts.back, facts.gone) == facts.free > 1
    every = "all " if whole else ""
    parts = [f"return {every}{number(facts.back)} now"] if facts.back else []
    if facts.keep and facts.is_weighed:
        price = f"at {money(facts.price, facts.currency)} (-{facts.discount} %)"
        parts.append(f"{'keep' if whole else 'sell'} {every}{number(facts.keep)} {'on sale ' * whole}{price}")
    elif facts.keep:
        parts.append(f"hold {every}{number(facts.keep)}")
    parts += [f"dispose of {every}{number(facts.gone)} now"] if facts.gone else []
    text = ", ".join(parts) or "nothing to do"
    return text[0].upper() + text[1:]


def _because(facts: Facts) -> str:
    if facts.reason == "return_at_loss":
        ends = ", but less than disposal. " if facts.back else ", so none is asked for. "
        return f"A return costs more than it fetches{ends}"
    return _BECAUSE.get(facts.reason, "")


_BECAUSE = {
    "no_return_left": "A return asked for now would leave after the deadline. ",
    "too_large": "one piece is heavier or larger than a container may be, so ask for a special transport.",
    "damaged": "damaged pieces go where the policy sends them.",
    "held": "reserved for orders, on approved returns or blocked by the gate.",
}


def _compared(facts: Facts) -> str:
    back, hold, markdown, gone = (figure(minor, whole=facts.is_large) for minor in facts.four)
    return (
        f"plan {money(facts.plan, facts.currency, whole=facts.is_large)} against return all {back}, hold the price {hold},"
        f" best markdown {markdown}, dispose {gone}."
    )


def _time(facts: Facts) -> str:
    lasts = "more than 2 years" if facts.cover is None else _weeks(facts.cover)
    left = f"The stock lasts {lasts}, {_weeks(facts.weeks)} {'is' if _one(facts.weeks) else 'are'} left"
    if facts.last_call is None:
        return f"{left}, and it is too late to ask for a return."
    return f"{left}; the last call for returns is {_day(facts.last_call)}."


def _each(facts: Facts) -> str:
    sale = f"One sale nets {figure(facts.sale_net)}"
    back = "nothing can be returned" if facts.return_net is None else f"one return {figure(facts.return_net)}"
    return f"{sale}, {back}."


def _one(weeks: float) -> bool:
    return number(weeks) == "1"


def _weeks(weeks: float) -> str:
    return f"{number(weeks)} week{'' if _one(weeks) else 's'}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
