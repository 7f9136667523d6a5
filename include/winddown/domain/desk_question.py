"""What a person reads who has to say what a warehouse answered; in the language of the policy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from include.winddown.domain.request_sheet import RequestSheet
from include.winddown.domain.texts import cut, markdown_safe

LINES_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """
    How a request was handed over.

    Attributes:
        folder, file: of the sheet.
        recipient, message_id: of the mail; empty when a person hands it over.
        inbox: where answer files are put.
        last_try: how the last attempt ended, in the ledger's words.
        refused: answer files that cannot be used.
    """

    folder: str
    file: str
    recipient: str
    message_id: str
    inbox: str
    last_try: str
    refused: Sequence[str]


class AskWords(NamedTuple):
    """
    The words of one language.

    Attributes:
        subject: with {warehouse}, {shipment}, {merchant}.
        problem: what stands before what is wrong with the last answer.
        asked: with {units}, {lines}, {warehouse}, {destination}, {answer_by}.
        papers: with {file}, {folder}; by_mail: with {recipient}, {message_id}; by_hand: when no mail is set up.
        last_try: with {words}.
        refused: what stands before answer files that cannot be used.
        heads: of the table of lines; more: with {count}.
        how: how to answer, with {inbox}.
    """

    subject: str
    problem: str
    asked: str
    papers: str
    by_mail: str
    by_hand: str
    last_try: str
    refused: str
    heads: tuple[str, ...]
    more: str
    how: str


WORDS = {
    "en": AskWords(
        subject="What did the warehouse {warehouse} answer? Shipment {shipment}, {merchant}",
        problem="**The last answer could not be taken down:**",
        asked="{units} pieces on {lines} lines were asked back from {warehouse} to {destination}; an answer is due"
        " by {answer_by}. Reference:",
        papers="Sheet {file} and letters lie in {folder}.",
        by_mail="They go by mail to {recipient}, Message-ID {message_id}. If the last try below has no reply, look for"
        " that Message-ID in the outbox; only if it is not there, send the letter by hand.",
        by_hand="**Send them to the warehouse yourself**, once: no mail server is set up in the desk's connection.",
        last_try="Last try: {words}",
        refused="**Files that came back and cannot be used:**",
        heads=("SKU", "article", "name", "condition", "pieces"),
        more="and {count} more lines in the sheet",
        how="**Answered**: type the warehouse's request number; pieces only where they differ from what was asked,"
        " then a line `sku;condition;pieces` for every line of the table. Or the reason of a refusal and nothing"
        " else. **In the inbox**: the filled-in sheet lies in {inbox}; the fields stay empty. If this question comes again, the log of its task says what was wrong.",
    ),
    "zh": AskWords(
        subject="仓库 {warehouse} 如何答复？批次 {shipment}，{merchant}",
        problem="**上一次的答复无法登记：**",
        asked="已请求将 {units} 件（{lines} 行）从 {warehouse} 退回 {destination}，答复期限 {answer_by}。编号：",
        papers="申请表 {file} 和信函位于 {folder}。",
        by_mail="以邮件发送至 {recipient}，Message-ID 为 {message_id}。如果下面的最后一次尝试没有回复，请在发件箱中查找该"
        " Message-ID；只有找不到时才手动发送。",
        by_hand="**请自行将其发送给仓库**，只发一次：连接中没有设置邮件服务器。",
        last_try="最后一次尝试：{words}",
        refused="**已退回但无法使用的文件：**",
        heads=("SKU", "货号", "名称", "状态", "件数"),
        more="另有 {count} 行，见申请表",
        how="**Answered**：填写仓库的申请编号；仅当件数与申请不同时，为表中每一行写一行 `sku;condition;pieces`。"
        "或者只填写拒绝的原因。**In the inbox**：填好的申请表已放入 {inbox}，各栏留空。如果本问题再次出现，任务日志说明了原因。",
    ),
    "ru": AskWords(
        subject="Что ответил склад {warehouse}? Отправка {shipment}, {merchant}",
        problem="**Последний ответ не принят:**",
        asked="Со склада {warehouse} на {destination} запрошено {units} шт., строк: {lines}; ответ ожидается до"
        " {answer_by}. Номер:",
        papers="Лист {file} и письма лежат в {folder}.",
        by_mail="Они уходят почтой на {recipient}, Message-ID {message_id}. Если у последней попытки ниже нет ответа,"
        " найдите этот Message-ID в исходящих; только если его там нет, отправьте письмо вручную.",
        by_hand="**Отправьте их складу сами**, один раз: почтовый сервер в подключении не указан.",
        last_try="Последняя попытка: {words}",
        refused="**Файлы, которые пришли и не могут быть использованы:**",
        heads=("SKU", "артикул", "название", "состояние", "шт."),
        more="и ещё строк в листе: {count}",
        how="**Answered**: введите номер заявки склада; количества – только если они отличаются от запрошенных, тогда"
        " строка `sku;condition;pieces` для каждой строки таблицы. Или причину отказа и больше ничего."
        " **In the inbox**: заполненный лист лежит в {inbox}; поля остаются пустыми. Если вопрос пришёл снова, причина в журнале задачи.",
    ),
}


def ask_subject(sheet: RequestSheet, language: str) -> str:
    """Head the question; it begins with the reference the answer is about."""
    words = WORDS[language].subject
    told = words.format(warehouse=sheet.warehouse_id, shipment=sheet.shipment_no, merchant=sheet.merchant)
    return f"[{sheet.short}] {told}"


def ask_body(sheet: RequestSheet, handed: HandOver, problem: str, language: str) -> str:
    """
    Tell in Markdown what was asked for, how it was handed over and how to answer.

    Args:
        sheet: what was asked for.
        handed: how it was handed over.
        problem: what is wrong with the last answer; empty at the first time.
        language: en, zh or ru.
    """
    words = WORDS[language]
    parts = [
        *([f"{words.problem} {markdown_safe(problem)}"] if problem else []),
        f"{words.asked.format(**_facts(sheet))} `{sheet.reference}`",
        _papers(words, handed),
        *([_refused(words, handed)] if handed.refused else []),
        _table(words, sheet),
        words.how.format(inbox=markdown_safe(handed.inbox)),
    ]
    return "\n\n".join(parts)


def _facts(sheet: RequestSheet) -> dict[str, object]:
    return {
        "units": sheet.units_qty,
        "lines": len(sheet.lines),
        "warehouse": markdown_safe(sheet.warehouse_id),
        "destination": markdown_safe(sheet.destination),
        "answer_by": sheet.answer_by.isoformat(),
    }


def _papers(words: AskWords, handed: HandOver) -> str:
    told = words.papers.format(file=markdown_safe(handed.file), folder=markdown_safe(handed.folder))
    how = words.by_hand
    if handed.recipient:
        names = {"recipient": handed.recipient, "message_id": handed.message_id}
        how = words.by_mail.format(**{name: markdown_safe(text) for name, text in names.items()})
    last = words.last_try.format(words=markdown_safe(handed.last_try)) if handed.last_try else ""
    return "\n\n".join(part for part in (told, how, last) if part)


def _refused(words: AskWords, handed: HandOver) -> str:
    return "\n".join([words.refused, "", *(f"- {markdown_safe(cut(text, 400))}" for text in handed.refused)])


def _table(words: AskWords, sheet: RequestSheet) -> str:
    rows = [
        (line.sku, line.offer_id, cut(line.name, 60), line.condition, str(line.qty))
        for line in sheet.lines[:LINES_SHOWN]
    ]
    table = [
        f"| {' | '.join(words.heads)} |",
        "|---|---|---|---|---:|",
        *(f"| {' | '.join(map(markdown_safe, row))} |" for row in rows),
    ]
    rest = len(sheet.lines) - len(rows)
    return "\n".join([*table, *(["", words.more.format(count=rest)] if rest else [])])
