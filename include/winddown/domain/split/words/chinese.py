"""How Chinese says it."""

from datetime import date

from include.winddown.domain.split.words.facts import Facts
from include.winddown.domain.split.words.figures import figure as _figure
from include.winddown.domain.split.words.figures import real

_NAMES = {
    "RUB": "卢布",
    "GBP": "英镑",
    "EUR": "欧元",
    "USD": "美元",
    "CNY": "元",
    "KZT": "坚戈",
    "BYN": "白俄罗斯卢布",
}

REASONS = {
    "return_all": "全部退回比销售更划算",
    "keep_all": "按此价格可全部售出",
    "mixed": "一部分可售出，其余等待过久",
    "dispose": "销售和退回都不划算",
    "markdown": "降价可全部售出",
    "too_large": "超出装载单位的尺寸或重量",
    "damaged": "已损坏，按规则处理",
    "held": "已被占用或被拦截",
    "no_return_left": "已来不及退回",
    "return_at_loss": "退回成本高于所得",
}

DEFAULTS = {
    "acquiring": "支付手续费为默认值：请在 fees.csv 中填写 acquiring_minor，或在规则中填写 acquiring_bp。",
    "commission": "佣金为默认值：请在 fees.csv 或规则中填写 commission_bp。",
    "cost": "采购成本未知：请在商品目录中填写 unit_cost_minor。",
    "deep_discount": "从未有过这样大的折扣：在有记录之前，对买家反应作保守估计。",
    "delivery": "末端配送费为默认值：请在 fees.csv 中填写 delivery_minor，或在规则中填写 sale_fee_minor。",
    "disposal": "销毁费用为默认值：请在规则中填写 piece_minor 和 kg_minor。",
    "elasticity": "买家对降价的反应为默认值：请提供价格记录，或在规则中填写 elasticity。",
    "fill": "装载率为默认值：请在规则中填写 usable_fill_pct。",
    "freight": "返程运费为默认值：请在规则中填写 container_minor 和 opening_minor。",
    "handling": "退货处理费为默认值：请在规则中填写 handling_minor。",
    "history": "没有销售记录，按平均商品估计：请提供更多周的订单。",
    "lead_time": "退货所需时间为默认值：请在规则中填写 lead_time_days。",
    "pick": "拣货费为默认值：请在规则中填写 pick_minor。",
    "price_log": "以往价格未知：请提供价格记录，以便标示 30 天内的最低价。",
    "resale": "退回商品的转售价为默认值：请在商品目录中填写 resale_minor。",
    "sellable_share": "退货中可再售的比例为默认值：请在规则中填写 sellable_pct。",
    "size": "尺寸未知：请在商品目录中填写长、宽、高。",
    "storage": "仓储费为默认值：请在规则中填写 storage_minor_per_m3_day。",
    "weight": "重量未知：请在商品目录中填写 weight_g。",
}


def money(minor: int, currency: str, *, whole: bool = False) -> str:
    """Write an amount with its currency."""
    return f"{figure(minor, whole=whole)} {_NAMES.get(currency, currency)}"


def figure(minor: int, *, whole: bool = False) -> str:
    """Write an amount alone."""
    return _figure(minor, (",", "."), whole=whole)


def number(count: float) -> str:
    """Write a number."""
    return real(count, ",", ".") if count >= 0 else f"-{real(-count, ',', '.')}"


def share(part: float) -> str:
    """Write a share of 1 in per cent."""
    return f"{part * 100:.1f}%"


def say(facts: Facts) -> str:
    """Say what happens, with its alternatives in money."""
    action = _action(facts)
    if not facts.is_weighed:
        return f"{action}：{_because(facts)}"
    return f"{_because(facts)}{action}：{_compared(facts)}{_time(facts)}{_each(facts)}"


def turns(facts: Facts) -> str:
    """Say where the decision would turn."""
    rate, back, weeks = facts.flips
    parts = [f"每周售出 {number(rate)} 件"] if rate is not None else []
    parts += [f"每件退回净得 {money(back, facts.currency)}"] if back is not None else []
    parts += [f"距截止 {number(weeks)} 周"] if weeks is not None else []
    return f"以下情况会改变决定：{'，或'.join(parts)}。" if parts else ""


def _action(facts: Facts) -> str:
    whole = max(facts.keep, facts.back, facts.gone) == facts.free > 1
    every = "全部 " if whole else " "
    parts = [f"现在退回{every}{number(facts.back)} 件"] if facts.back else []
    if facts.keep and facts.is_weighed:
        price = f"以 {money(facts.price, facts.currency)}（-{facts.discount}%）"
        parts.append(f"{price}继续销售{every}{number(facts.keep)} 件")
    elif facts.keep:
        parts.append(f"暂留{every}{number(facts.keep)} 件")
    parts += [f"现在销毁{every}{number(facts.gone)} 件"] if facts.gone else []
    return "，".join(parts) or "无需处理"


def _because(facts: Facts) -> str:
    if facts.reason == "return_at_loss":
        return f"退回的成本高于所得，{'但低于销毁费用' if facts.back else '因此不申请退回'}。"
    return _BECAUSE.get(facts.reason, "")


_BECAUSE = {
    "no_return_left": "现在申请退回，货物要到截止日之后才能运出。",
    "too_large": "单件超出装载单位的重量或尺寸，请安排特殊运输。",
    "damaged": "损坏的商品按规则处理。",
    "held": "已被订单预留、已在批准的退货中，或被放行检查拦截。",
}


def _compared(facts: Facts) -> str:
    back, hold, markdown, gone = (figure(minor, whole=facts.is_large) for minor in facts.four)
    return (
        f"按计划可得 {money(facts.plan, facts.currency, whole=facts.is_large)}，全部退回 {back}，维持现价 {hold}，"
        f"最佳降价 {markdown}，全部销毁 {gone}。"
    )


def _time(facts: Facts) -> str:
    lasts = "两年以上" if facts.cover is None else f" {number(facts.cover)} 周"
    left = f"库存可售{lasts}，距截止还有 {number(facts.weeks)} 周"
    if facts.last_call is None:
        return f"{left}，已来不及申请退回。"
    return f"{left}，最后申请退回日为 {_day(facts.last_call)}。"


def _each(facts: Facts) -> str:
    sale = f"每售出一件净得 {figure(facts.sale_net)}"
    if facts.return_net is None:
        return f"{sale}，无法退回。"
    return f"{sale}，每退回一件净得 {figure(facts.return_net)}。"


def _day(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
