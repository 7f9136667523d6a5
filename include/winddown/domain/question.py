"""What a person reads before approving a plan."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from include.winddown.domain.frames import DISPOSITIONS
from include.winddown.domain.plan import DIGEST_SHOWN
from include.winddown.domain.question_words import QuestionWords, words_of
from include.winddown.domain.split.words import Tongue, tongue

Summary = Mapping[str, Any]


def subject_of(digest: str, merchant: str, language: str = "en", *, is_second: bool = False) -> str:
    """Head the question; it begins with the digest the answer is bound to."""
    words = words_of(language)
    asked = words.second_subject if is_second else words.subject
    return f"[plan {digest[:DIGEST_SHOWN]}] {asked.format(merchant=merchant)}"


def body_of(
    summary: Summary,
    currency: str,
    sample: Sequence[Mapping[str, object]],
    language: str = "en",
    first_by: str = "",
) -> str:
    """
    Tell the approver in Markdown what the plan does.

    Args:
        summary: of plan.summarise_plan, with facts (exit_id, deadline_on, destination),
            unread_stock_rows, notes and what_if beside it: what the snapshot tells otherwise than others,
            already escaped for Markdown, and rows of split.what_if.
        currency: of the exit.
        sample: the largest lines with warehouse_id, sku, name, disposition, planned_qty and why;
            their texts are already escaped for Markdown.
        language: en, zh or ru.
        first_by: who has approved already, where a second person is asked; escaped for Markdown.
    """
    words, said = words_of(language), tongue(language)
    facts = {name: summary["facts"][name] for name in ("exit_id", "deadline_on", "destination")}
    parts = (
        [words.head.format(**facts)],
        list(_second(summary, currency, first_by, (words, said))),
        _counts(words.warehouse, summary["units_by_warehouse"], summary["units"], (words, said)),
        _classes(summary, (words, said)),
        list(_worth(summary, currency, (words, said))),
        _notes(summary, currency, (words, said)),
        _what_if(summary.get("what_if") or [], currency, (words, said)),
        _largest(sample, (words, said)),
    )
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


Speech = tuple[QuestionWords, Tongue]


def _second(summary: Summary, currency: str, first_by: str, speech: Speech) -> Iterator[str]:
    """Why two people must approve, and who has."""
    words, said = speech
    facts = summary["facts"]
    if facts.get("approvals_needed", 1) > 1:
        limit = said.money(facts["policy"]["approval_second_above_minor"], currency)
        stake = said.money(summary["at_stake_minor"], currency)
        yield f"- {words.two_needed.format(stake=stake, limit=limit)}"
    if first_by:
        yield f"- {words.first_by.format(name=first_by)}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], sides: str) -> list[str]:
    """Draw a table; l and r say at which side each column stands."""
    return [
        f"| {' | '.join(heads)} |",
        f"|{'|'.join('---:' if side == 'r' else '---' for side in sides)}|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def _counts(
    head: str, counted: Mapping[str, Mapping[str, int]], units: Mapping[str, int], speech: Speech
) -> list[str]:
    words, said = speech
    rows = [
        [name, *(said.number(row[disposition]) for disposition in DISPOSITIONS)]
        for name, row in [*sorted(counted.items()), (f"**{words.everything}**", units)]
    ]
    return _table([head, *(words.dispositions[name] for name in DISPOSITIONS)], rows, "lrrrr")


def _classes(summary: Summary, speech: Speech) -> list[str]:
    """Count by handling class, where there is more than one."""
    counted = summary.get("units_by_class", {})
    return _counts(speech[0].handling_class, counted, summary["units"], speech) if len(counted) > 1 else []


def _worth(summary: Summary, currency: str, speech: Speech) -> Iterator[str]:
    """What the plan is worth: against its bound, against the simple policies, and how sure that is."""
    decided = summary.get("decided")
    if not decided:
        return
    words, said = speech
    part, every = decided["certificate"], said.number(decided["listings"])
    plan, bound = (said.money(decided[f"{name}_minor"], currency) for name in ("plan", "bound"))
    share = "–" if part is None else said.share(part)
    yield f"- {words.certificate.format(plan=plan, bound=bound, share=share)}"
    over = [
        f"{words.alternatives[name]} {_over(gained, currency, speech)}"
        for name, gained in decided["uplift"].items()
    ]
    yield f"- {words.uplift}: {', '.join(over)}"
    loss = decided["return_at_loss"]
    if loss["pieces"]:
        yield f"- {words.at_loss.format(**{name: said.number(count) for name, count in loss.items()})}"
    defaults = decided["defaults"]
    if defaults["listings"]:
        yield f"- {words.assumed.format(listings=said.number(defaults['listings']), all=every)}"
    for code, count in defaults["by_code"].items():
        yield f"  - {said.defaults.get(code, code)} {words.assumed_of.format(listings=said.number(count))}"


def _over(gained: Mapping[str, Any], currency: str, speech: Speech) -> str:
    words, said = speech
    minor = said.money(gained["minor"], currency)
    if gained["share"] is None:
        return words.over_nothing.format(minor=minor)
    return words.over.format(minor=minor, share=said.share(gained["share"]))


def _notes(summary: Summary, currency: str, speech: Speech) -> list[str]:
    words, said = speech
    return [
        f"- {words.list_value}: {said.money(summary['list_value_minor'], currency)}",
        f"- {words.resale}: {said.money(summary['resale_minor'], currency)}",
        f"- {words.revenue}: {said.money(summary['revenue_minor'], currency)}",
        f"- {words.shipments}: {said.number(summary['shipments'])}",
        f"- {words.unread}: {said.number(summary['unread_stock_rows'])}",
        *(f"- {note}" for note in summary.get("notes", [])),
    ]


def _what_if(outcomes: Sequence[Mapping[str, Any]], currency: str, speech: Speech) -> list[str]:
    """Hold the plan against what it would be under other terms."""
    words, said = speech
    rows = []
    for one in outcomes:
        kind, _, by = str(one["change"]).partition("=")
        name = words.changes[kind].format(by=by) if kind else words.as_it_is
        if one["plan_minor"] is None:
            rows.append([name, words.impossible, *[""] * (len(words.what_if_heads) - 2)])
            continue
        money = (said.money(one[f"{of}_minor"], currency) for of in ("plan", "difference"))
        pieces = (said.number(one[f"{of}_qty"]) for of in ("return", "keep", "dispose"))
        rows.append([name, *money, *pieces])
    return [words.what_if, "", *_table(words.what_if_heads, rows, "lrrrrr")] if rows else []


def _largest(sample: Sequence[Mapping[str, Any]], speech: Speech) -> list[str]:
    words, said = speech
    rows = [
        [
            str(row["warehouse_id"]),
            str(row["sku"]),
            str(row["name"]),
            words.dispositions.get(row["disposition"], row["disposition"]),
            said.number(row["planned_qty"]),
            str(row["why"]),
        ]
        for row in sample
    ]
    return [words.largest, "", *_table(words.line_heads, rows, "llllrl")]
