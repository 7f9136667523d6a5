import pytest

from tests.file_kit import CATALOGUE_ROW, read, stock_file, written

MOVED = {
    64: ["=cmd|'/c calc'!A1"],
    65: ["+7 999", "-1+1", "@SUM(A1)", "\tmug", "\rmug"],
    66: ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>"],
    67: ["![x](http://evil/p.png)", "[a](javascript:alert(1))"],
    68: ["'; DROP TABLE plan; --", "{{ conn.x.password }}", "%(sku)s :sku $1"],
    69: ["left\u202eright", "zero\u200bwidth", "bidi\u2066mark"],
    70: ["🎁🎄", "名" * 300],
    71: ["\x1b[2J", "ok\r\nERROR forged"],
}


def names(text):
    """Read a catalogue with this name; give the names back."""
    rows, bad = read(written([CATALOGUE_ROW | {"name": text}]), table="catalogue")
    assert bad == []
    return [row["name"] for row in rows]


@pytest.mark.parametrize("text", MOVED[64])
def test_line_64_a_formula_is_a_text(text):
    """A name that a spreadsheet would run is stored as it came."""
    assert names(text) == [text]


def test_line_64_a_formula_is_an_article():
    """The same holds for the merchant's article."""
    assert read(stock_file({"offer_id": "=cmd|'/c calc'!A1"}))[0][0]["offer_id"] == "=cmd|'/c calc'!A1"


@pytest.mark.parametrize("text", MOVED[65])
def test_line_65_other_formula_starts_are_texts(text):
    """Plus, minus, at, TAB and CR first are stored as they came."""
    assert names(text) == [text]


@pytest.mark.parametrize("text", MOVED[66])
def test_line_66_html_is_a_text(text):
    """Tags are stored; the page escapes them."""
    assert names(text) == [text]


@pytest.mark.parametrize("text", MOVED[67])
def test_line_67_markdown_is_a_text(text):
    """Links are stored; what shows Markdown escapes them."""
    assert names(text) == [text]


@pytest.mark.parametrize("text", MOVED[68])
def test_line_68_sql_and_templates_are_texts(text):
    """They are stored; parameters are bound and nothing is templated."""
    assert names(text) == [text]


@pytest.mark.parametrize("text", MOVED[69])
def test_line_69_hidden_marks_are_allowed_in_names_only(text):
    """A direction override stays in a name and is refused in an id."""
    assert names(text) == [text]
    assert read(stock_file({}, {"sku": text}))[1] == [(3, "sku", "R_CTRL")]


@pytest.mark.parametrize("text", MOVED[70])
def test_line_70_emoji_and_long_names_are_texts(text):
    """Nothing is cut when stored."""
    assert names(text) == [text]


@pytest.mark.parametrize("text", MOVED[71])
def test_line_71_terminal_escapes_are_texts(text):
    """They are stored; logs escape them."""
    assert names(text) == [text]


def test_line_72_a_path_is_only_an_identifier():
    """A warehouse named like a path is data; nothing here builds a path of it."""
    assert read(stock_file({"warehouse_id": "../../etc"}))[0][0]["warehouse_id"] == "../../etc"
