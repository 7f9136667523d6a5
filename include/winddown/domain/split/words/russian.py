"""How Russian says it."""

from datetime import date

from include.winddown.domain.split.words.facts import Facts
from include.winddown.domain.split.words.figures import figure as _figure
from include.winddown.domain.split.words.figures import is_whole, marked, real

_GROUP, _POINT = "\u00a0", ","
_SYMBOLS = {"RUB": "₽", "GBP": "£", "EUR": "€", "USD": "$", "CNY": "¥", "KZT": "₸", "BYN": "бел. руб."}
_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
_WEEKS = ("неделя", "недели", "недель")
_FOR_WEEKS = ("неделю", "недели", "недель")
_UNTIL_WEEKS = ("неделе", "неделях", "неделях")

REASONS = {
    "return_all": "вернуть всё выгоднее, чем продавать",
    "keep_all": "всё можно продать по этой цене",
    "mixed": "часть продаётся, остальное ждало бы слишком долго",
    "dispose": "не окупается ни продажа, ни возврат",
    "markdown": "по сниженной цене продаётся всё",
    "too_large": "слишком велико или тяжело для тары",
    "damaged": "повреждено, по правилам",
    "held": "занято или заблокировано",
    "no_return_left": "возвращать поздно",
    "return_at_loss": "возврат стоит дороже, чем приносит",
}

DEFAULTS = {
    "acquiring": "Стоимость эквайринга принята по умолчанию: укажите acquiring_minor в fees.csv или acquiring_bp в правилах.",
    "commission": "Комиссия принята по умолчанию: укажите commission_bp в fees.csv или в правилах.",
    "cost": "Закупочная цена неизвестна: укажите unit_cost_minor в каталоге.",
    "deep_discount": "Такой глубокой скидки ещё не было: пока её не было, отклик покупателей принят осторожно.",
    "delivery": "Стоимость последней мили принята по умолчанию: укажите delivery_minor в fees.csv или sale_fee_minor в правилах.",
    "disposal": "Стоимость утилизации принята по умолчанию: укажите piece_minor и kg_minor в правилах.",
    "elasticity": "Отклик покупателей на цену принят по умолчанию: дайте историю цен или elasticity в правилах.",
    "fill": "Заполнение тары принято по умолчанию: укажите usable_fill_pct в правилах.",
    "freight": "Стоимость перевозки принята по умолчанию: укажите container_minor и opening_minor в правилах.",
    "handling": "Стоимость обработки возврата принята по умолчанию: укажите handling_minor в правилах.",
    "history": "Продажи неизвестны, товар считается средним: дайте заказы за большее число недель.",
    "lead_time": "Срок возврата принят по умолчанию: укажите lead_time_days в правилах.",
    "pick": "Стоимость отбора принята по умолчанию: укажите pick_minor в правилах.",
    "price_log": "Прежние цены неизвестны: дайте историю цен, чтобы показать самую низкую за 30 дней.",
    "resale": "Выручка за возвращённую штуку принята по умолчанию: укажите resale_minor в каталоге.",
    "sellable_share": "Доля возвратов, годных к продаже, принята по умолчанию: укажите sellable_pct в правилах.",
    "size": "Размеры неизвестны: укажите длину, ширину и высоту в каталоге.",
    "storage": "Стоимость хранения принята по умолчанию: укажите storage_minor_per_m3_day в правилах.",
    "weight": "Вес неизвестен: укажите weight_g в каталоге.",
}


def money(minor: int, currency: str, *, whole: bool = False) -> str:
    """Write an amount with its currency."""
    return f"{figure(minor, whole=whole)}{_GROUP}{_SYMBOLS.get(currency, currency)}"


def figure(minor: int, *, whole: bool = False) -> str:
    """Write an amount alone."""
    return _figure(minor, (_GROUP, _POINT), whole=whole)


def number(count: float) -> str:
    """Write a number."""
    return real(count, _GROUP, _POINT) if count >= 0 else f"-{real(-count, _GROUP, _POINT)}"


def share(part: float) -> str:
    """Write a share of 1 in per cent."""
    return marked(f"{part * 100:.1f}", _GROUP, _POINT) + f"{_GROUP}%"


def plural(count: float, forms: tuple[str, str, str]) -> str:
    """Choose the form of a noun: 1 неделя, 2 недели, 5 недель; a fraction takes the second."""
    if not is_whole(count):
        return forms[1]
    whole = round(count)
    if whole % 10 == 1 and whole % 100 != 11:
        return forms[0]
    return forms[1] if whole % 10 in (2, 3, 4) and whole % 100 not in (12, 13, 14) else forms[2]


def say(facts: Facts) -> str:
    """Say what happens, with its alternatives in money."""
    action = _action(facts)
    if not facts.is_weighed:
        return f"{action}: {_because(facts)}"
    return f"{_because(facts)}{action}. {_compared(facts)} {_time(facts)} {_each(facts)}"


def turns(facts: Facts) -> str:
    """Say where the decision would turn."""
    rate, back, weeks = facts.flips
    parts = [f"при {number(rate)} шт. продаж в неделю"] if rate is not None else []
    parts += [f"при {money(back, facts.currency)} за возвращённую штуку"] if back is not None else []
    parts += [f"при {_counted(weeks, _UNTIL_WEEKS)} до срока"] if weeks is not None else []
    return f"Решение изменилось бы {', или '.join(parts)}." if parts else ""


def _action(facts: Facts) -> str:
    whole = max(facts.keep, facts.back, facts.gone) == facts.free > 1
    every = "все " if whole else ""
    parts = [f"вернуть сейчас {every}{number(facts.back)} шт."] if facts.back else []
    if facts.keep and facts.is_weighed:
        verb = "оставить в продаже" if whole else "продавать"
        price = f"по {money(facts.price, facts.currency)} (-{facts.discount}{_GROUP}%)"
        parts.append(f"{verb} {every}{number(facts.keep)} шт. {price}")
    elif facts.keep:
        parts.append(f"удержать {every}{number(facts.keep)} шт.")
    parts += [f"утилизировать сейчас {every}{number(facts.gone)} шт."] if facts.gone else []
    text = ", ".join(parts) or "делать нечего"
    text = text[0].upper() + text[1:]
    return text.removesuffix(".") if facts.is_weighed else text


def _because(facts: Facts) -> str:
    if facts.reason == "return_at_loss":
        ends = ", но дешевле утилизации. " if facts.back else ", поэтому не запрашивается. "
        return f"Возврат стоит дороже, чем приносит{ends}"
    return _BECAUSE.get(facts.reason, "")


_BECAUSE = {
    "no_return_left": "Возврат, запрошенный сейчас, ушёл бы после срока. ",
    "too_large": "одна штука тяжелее или больше, чем допускает тара; нужна особая перевозка.",
    "damaged": "повреждённое идёт туда, куда велят правила.",
    "held": "зарезервировано под заказы, в утверждённых возвратах или не пропущено проверкой.",
}


def _compared(facts: Facts) -> str:
    back, hold, markdown, gone = (figure(minor, whole=facts.is_large) for minor in facts.four)
    return (
        f"По плану {money(facts.plan, facts.currency, whole=facts.is_large)}; вернуть всё: {back}, держать цену: {hold},"
        f" лучшая скидка: {markdown}, утилизировать всё: {gone}."
    )


def _time(facts: Facts) -> str:
    lasts = "более чем на 2 года" if facts.cover is None else f"на {_counted(facts.cover, _FOR_WEEKS)}"
    left = f"Запаса хватит {lasts}, до срока {_counted(facts.weeks, _WEEKS)}"
    if facts.last_call is None:
        return f"{left}; запрашивать возврат уже поздно."
    return f"{left}; последний день для заявки на возврат: {_day(facts.last_call)}"


def _each(facts: Facts) -> str:
    sale = f"Одна продажа даёт {figure(facts.sale_net)}"
    if facts.return_net is None:
        return f"{sale}, вернуть ничего нельзя."
    return f"{sale}, один возврат {figure(facts.return_net)}."


def _counted(weeks: float, forms: tuple[str, str, str]) -> str:
    return f"{number(weeks)} {plural(weeks, forms)}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}{_GROUP}г."
