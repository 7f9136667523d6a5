"""The words of the question about a plan, by language; what people fill in comes from the plan."""

from typing import NamedTuple

from include.winddown.domain.plan_frames import ALTERNATIVES


class QuestionWords(NamedTuple):
    """
    The words of one language.

    Attributes:
        subject, second_subject: with {merchant}.
        head: with {exit_id}, {deadline_on} and {destination}.
        two_needed: with {stake} and {limit}; first_by: with {name}.
        warehouse, handling_class, everything: heads of the counts.
        dispositions: by code.
        list_value, resale, revenue, shipments, unread: what stands before an amount or a count.
        certificate: with {plan}, {bound} and {share}.
        uplift: what stands before the alternatives.
        alternatives: by code.
        over: with {minor} and {share}; over_nothing: with {minor}.
        at_loss: with {pieces} and {listings}.
        assumed: with {listings} and {all}; assumed_of: with {listings}.
        largest: what stands before the largest lines; line_heads: of their table.
        what_if: what stands before its table; what_if_heads: of it; as_it_is, impossible: rows of it;
            changes: by the name of domain.what_if, with {by}.
    """

    subject: str
    second_subject: str
    head: str
    two_needed: str
    first_by: str
    warehouse: str
    handling_class: str
    everything: str
    dispositions: dict[str, str]
    list_value: str
    resale: str
    revenue: str
    shipments: str
    unread: str
    certificate: str
    uplift: str
    alternatives: dict[str, str]
    over: str
    over_nothing: str
    at_loss: str
    assumed: str
    assumed_of: str
    largest: str
    line_heads: tuple[str, ...]
    what_if: str
    what_if_heads: tuple[str, ...]
    as_it_is: str
    impossible: str
    changes: dict[str, str]


def _named(*names: str) -> dict[str, str]:
    return dict(zip(ALTERNATIVES, names, strict=True))


ENGLISH = QuestionWords(
    subject="Return and mark down the stock of {merchant}?",
    second_subject="Second approval: return and mark down the stock of {merchant}?",
    head="Exit **{exit_id}**, deadline {deadline_on}, returns go to {destination}.",
    two_needed="**{stake} are at stake, more than {limit}: two people must approve**",
    first_by="{name} has approved; a second person is asked",
    warehouse="warehouse",
    handling_class="handling class",
    everything="all",
    dispositions={"return": "return", "markdown": "mark down", "dispose": "dispose", "hold": "hold"},
    list_value="goods at today's prices",
    resale="resale value of the returns",
    revenue="revenue of the markdown list if all is sold",
    shipments="return shipments",
    unread="stock rows in quarantine, so in no plan",
    certificate="expected net of the plan: {plan}, that is {share} of {bound}, which no plan exceeds on average",
    uplift="more than the simple policies",
    alternatives=_named("return all", "hold the price", "best markdown", "dispose of all"),
    over="{minor} ({share})",
    over_nothing="{minor}",
    at_loss="**{pieces} pieces of {listings} articles come back at a loss**; disposal would cost more",
    assumed="articles for which something was assumed: {listings} of {all}",
    assumed_of="({listings} articles)",
    largest="The largest lines:",
    line_heads=("warehouse", "sku", "name", "what", "pieces", "why"),
    what_if="What if (each change alone, solved anew):",
    what_if_heads=("change", "expected net", "difference", "return", "keep on sale", "dispose"),
    as_it_is="as it is",
    impossible="not possible: the deadline would have passed",
    changes={
        "deadline": "deadline {by} days",
        "cap": "no discount deeper than {by} %",
        "salvage": "resale value {by} %",
        "rate": "rate of sale {by} %",
    },
)

RUSSIAN = QuestionWords(
    subject="Вернуть и уценить остатки {merchant}?",
    second_subject="Второе одобрение: вернуть и уценить остатки {merchant}?",
    head="Выход **{exit_id}**, срок {deadline_on}, возвраты идут на {destination}.",
    two_needed="**на кону {stake}, это больше {limit}: одобрить должны двое**",
    first_by="первое одобрение дано: {name}; нужно одобрение ещё одного человека",
    warehouse="склад",
    handling_class="класс обработки",
    everything="всего",
    dispositions={
        "return": "вернуть",
        "markdown": "уценить",
        "dispose": "утилизировать",
        "hold": "удержать",
    },
    list_value="товар по сегодняшним ценам",
    resale="стоимость возвратов при перепродаже",
    revenue="выручка уценённого, если продастся всё",
    shipments="возвратных отправок",
    unread="строк остатков в карантине, их нет в плане",
    certificate="ожидаемый чистый доход плана: {plan}, это {share} от {bound}, больше которого в среднем не даёт ни один план",
    uplift="больше, чем простые правила",
    alternatives=_named("вернуть всё", "держать цену", "лучшая скидка", "утилизировать всё"),
    over="{minor} ({share})",
    over_nothing="{minor}",
    at_loss="**возвращается в убыток: {pieces} шт., артикулов: {listings}**; утилизация стоила бы дороже",
    assumed="артикулов, для которых что-то принято по умолчанию: {listings} из {all}",
    assumed_of="(артикулов: {listings})",
    largest="Самые крупные строки:",
    line_heads=("склад", "sku", "название", "что", "штук", "почему"),
    what_if="Что, если (каждое изменение отдельно, решено заново):",
    what_if_heads=("изменение", "чистый доход", "разница", "вернуть", "оставить в продаже", "утилизировать"),
    as_it_is="как есть",
    impossible="невозможно: срок уже прошёл бы",
    changes={
        "deadline": "срок {by} дн.",
        "cap": "скидка не больше {by} %",
        "salvage": "цена перепродажи {by} %",
        "rate": "скорость продаж {by} %",
    },
)

CHINESE = QuestionWords(
    subject="是否退回并降价处理 {merchant} 的库存？",
    second_subject="第二次批准：是否退回并降价处理 {merchant} 的库存？",
    head="退出 **{exit_id}**，截止日 {deadline_on}，退货送往 {destination}。",
    two_needed="**涉及金额 {stake}，超过 {limit}：必须由两个人批准**",
    first_by="{name} 已批准，还需要另一个人批准",
    warehouse="仓库",
    handling_class="处理类别",
    everything="合计",
    dispositions={"return": "退回", "markdown": "降价", "dispose": "销毁", "hold": "暂留"},
    list_value="按当前价格计算的货值",
    resale="退回商品的转售价值",
    revenue="降价清单全部售出的收入",
    shipments="退货批次",
    unread="被隔离、未列入计划的库存行",
    certificate="计划的预期净收益：{plan}，为 {bound} 的 {share}，任何计划平均都不会超过后者",
    uplift="比简单做法多出",
    alternatives=_named("全部退回", "维持现价", "最佳降价", "全部销毁"),
    over="{minor}（{share}）",
    over_nothing="{minor}",
    at_loss="**{listings} 个商品的 {pieces} 件为亏损退回**；销毁的费用更高",
    assumed="使用了默认值的商品：{listings} 个，共 {all} 个",
    assumed_of="（{listings} 个商品）",
    largest="最大的几行：",
    line_heads=("仓库", "sku", "名称", "处理", "件数", "原因"),
    what_if="如果（每次只改变一项并重新求解）：",
    what_if_heads=("变化", "预期净收益", "差额", "退回", "继续销售", "销毁"),
    as_it_is="现状",
    impossible="不可能：截止日已过",
    changes={
        "deadline": "截止日 {by} 天",
        "cap": "折扣不超过 {by}%",
        "salvage": "转售价 {by}%",
        "rate": "销售速度 {by}%",
    },
)

WORDS = {"en": ENGLISH, "ru": RUSSIAN, "zh": CHINESE}


def words_of(language: str) -> QuestionWords:
    """The words of a language; English for one that nobody here speaks."""
    return WORDS.get(language, ENGLISH)
