"""The letter that goes with a request sheet, in Russian, Chinese and English: as text and as HTML."""

from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from include.winddown.domain.request_sheet import RequestSheet, sheet_name
from include.winddown.domain.texts import visible


class Letter(NamedTuple):
    """
    The words of one language.

    Attributes:
        title: names the language in itself.
        greeting: the first line.
        request: with {merchant}, {units}, {lines}, {warehouse}, {destination}.
        facts: what stands before reference, shipment, handling class, weight and volume, answer by.
        how: how to answer, with {file} and {answer_by}.
        refuse: how to refuse.
        keep: what must not be changed.
        close: the last line.
        classes, conditions: our codes in words.
    """

    title: str
    greeting: str
    request: str
    facts: tuple[str, str, str, str, str]
    how: str
    refuse: str
    keep: str
    close: str
    classes: Mapping[str, str]
    conditions: Mapping[str, str]


def _classes(*words: str) -> dict[str, str]:
    return dict(zip(("standard", "fragile", "liquid", "oversize", "hazardous", "cold"), words, strict=True))


def _conditions(*words: str) -> dict[str, str]:
    codes = ("sellable", "damaged_by_seller", "damaged_by_warehouse", "lost")
    return dict(zip(codes, words, strict=True))


RUSSIAN = Letter(
    title="Русский",
    greeting="Здравствуйте!",
    request="Просим вернуть товары продавца «{merchant}»: {units} шт., позиций: {lines}, со склада {warehouse} на"
    " склад {destination}. Перечень – в приложенном файле.",
    facts=("Наш номер", "Отправка", "Класс обращения", "Вес и объём", "Ответ до"),
    how="Заполните лист Answer файла {file}: ваш номер заявки (request_no) и по каждой строке количество, которое вы"
    " отгрузите (accepted_qty), от 0 до запрошенного. Пришлите файл обратно под тем же именем до {answer_by}.",
    refuse="Если вы отказываете, оставьте request_no пустым и укажите причину в столбце refusal.",
    keep="Не меняйте столбцы reference, sku и condition: по ним мы находим ответ.",
    close="Второе письмо с тем же номером – повтор этого, а не новая заявка.",
    classes=_classes("обычный", "хрупкий", "жидкость", "крупногабаритный", "опасный", "холодный"),
    conditions=_conditions("годный", "повреждён продавцом", "повреждён складом", "утерян"),
)

CHINESE = Letter(
    title="中文",
    greeting="您好！",
    request="请将商家“{merchant}”的货物从仓库 {warehouse} 退回至仓库 {destination}：共 {units} 件，{lines} 行。"
    "明细见附件。",
    facts=("我方编号", "批次", "处理类别", "重量和体积", "答复期限"),
    how="请填写文件 {file} 的 Answer 工作表：贵方的申请编号（request_no），以及每行将发出的件数（accepted_qty），"
    "从 0 到申请数量。请在 {answer_by} 前以同一文件名寄回。",
    refuse="如果拒绝，请将 request_no 留空，并在 refusal 列写明原因。",
    keep="请勿更改 reference、sku 和 condition 列：我们据此查找答复。",
    close="编号相同的第二封信是本信的重复，不是新的申请。",
    classes=_classes("普通", "易碎", "液体", "超大", "危险", "冷藏"),
    conditions=_conditions("可售", "商家损坏", "仓库损坏", "丢失"),
)

ENGLISH = Letter(
    title="English",
    greeting="Hello,",
    request="Please send goods of the merchant “{merchant}” back: {units} pieces on {lines} lines, from the warehouse"
    " {warehouse} to the warehouse {destination}. The list is in the attached file.",
    facts=("Our reference", "Shipment", "Handling class", "Weight and volume", "Answer by"),
    how="Please fill in the sheet Answer of the file {file}: your number of this request (request_no), and for each line"
    " the pieces that you will send (accepted_qty), 0 to what is asked for. Send the file back under the same name by"
    " {answer_by}.",
    refuse="If you refuse, leave request_no empty and write the reason into the column refusal.",
    keep="Please do not change the columns reference, sku and condition: we find the answer by them.",
    close="A second letter with the same reference repeats this one; it is no new request.",
    classes=_classes("standard", "fragile", "liquid", "oversize", "hazardous", "cold"),
    conditions=_conditions("sellable", "damaged by the seller", "damaged by the warehouse", "lost"),
)

LETTERS = (RUSSIAN, CHINESE, ENGLISH)


def subject_line(sheet: RequestSheet) -> str:
    """Head the mail; it begins with the reference, and nothing of it can break a header."""
    merchant = visible(sheet.merchant)
    return (
        f"[{sheet.short}] Возврат товара / 退货 / Return of goods – {merchant}, {visible(sheet.warehouse_id)}"
    )


def as_text(sheet: RequestSheet) -> str:
    """Write the letter as plain text, one language after the other."""
    return "\n\n\n".join("\n\n".join(_paragraphs(letter, sheet)) for letter in LETTERS) + "\n"


def as_html(sheet: RequestSheet) -> str:
    """Write the letter as HTML; whatever came from outside is shown letter by letter."""
    parts = []
    for letter in LETTERS:
        title, *paragraphs = _paragraphs(letter, sheet)
        body = "\n".join(f"<p>{escape(text).replace(chr(10), '<br>')}</p>" for text in paragraphs)
        parts.append(f"<h2>{escape(title)}</h2>\n{body}")
    head = f'<meta charset="utf-8"><title>{escape(subject_line(sheet))}</title>'
    return (
        f"<!doctype html>\n<html><head>{head}</head><body>\n" + "\n<hr>\n".join(parts) + "\n</body></html>\n"
    )


def _paragraphs(letter: Letter, sheet: RequestSheet) -> list[str]:
    values = {
        "merchant": visible(sheet.merchant),
        "units": sheet.units_qty,
        "lines": len(sheet.lines),
        "warehouse": visible(sheet.warehouse_id),
        "destination": visible(sheet.destination),
        "file": sheet_name(sheet.reference),
        "answer_by": sheet.answer_by.isoformat(),
    }
    facts = (
        sheet.reference,
        visible(sheet.shipment_no),
        letter.classes.get(sheet.handling_class, sheet.handling_class),
        f"{sheet.weight_g / 1_000:.1f} kg, {sheet.volume_ml / 1_000:.1f} l",
        sheet.answer_by.isoformat(),
    )
    told = "\n".join(f"{head}: {fact}" for head, fact in zip(letter.facts, facts, strict=True))
    how = [letter.how.format(**values), letter.refuse, letter.keep]
    return [letter.title, letter.greeting, letter.request.format(**values), told, *how, letter.close]
