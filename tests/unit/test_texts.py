import pytest

from include.winddown.domain.texts import cut, formula_safe, log_safe, markdown_safe, shown, visible


@pytest.mark.parametrize(
    "text", ["=cmd|'/c calc'!A1", "+7999", "-1+1", "@SUM(A1)", "\tx", "\rx", "  =1+1", "＝1"]
)
def test_line_64_formulas_are_escaped_for_people(text):
    """In an export for people, a text that would start a formula gets an apostrophe."""
    assert formula_safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Mug", "", "7-up", "a=b", "   "])
def test_other_texts_are_exported_as_they_are(text):
    """Escaping changes nothing else."""
    assert formula_safe(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![x](http://evil/p.png)", r"\!\[x\]\(http\:\/\/evil\/p\.png\)"),
        ("[a](javascript:alert)", r"\[a\]\(javascript\:alert\)"),
        ("<script>", r"\<script\>"),
        ("# title\n- item", r"\# title \- item"),
    ],
)
def test_line_67_markdown_is_shown_letter_by_letter(text, expected):
    """Markdown in a name makes no link, image, tag or heading."""
    assert markdown_safe(text) == expected


def test_line_69_hidden_characters_are_shown_by_number():
    """A direction override or zero width is visible to people."""
    assert visible("a\u202eb\u200bc") == "a⟨U+202E⟩b⟨U+200B⟩c"
    assert visible("Кружка 🎁") == "Кружка 🎁"


def test_line_70_a_long_name_is_cut_for_display_only():
    """Cutting keeps the start and says that something is missing."""
    assert cut("🎁" * 300, 10) == "🎁" * 9 + "…"
    assert cut("short") == "short"
    assert len(shown("x" * 500)) == 80


def test_line_71_a_log_line_cannot_be_forged():
    """Terminal escapes and line breaks of a value do nothing in a log."""
    assert log_safe("ok\r\nERROR forged \x1b[2J") == "ok⟨U+000D⟩⟨U+000A⟩ERROR forged ⟨U+001B⟩[2J"
