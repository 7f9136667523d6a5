from pathlib import Path

from include.winddown.domain.codes import CODES, Code

PAGE = (Path(__file__).parents[2] / "docs" / "bad-input.md").read_text(encoding="utf-8")


def test_every_code_has_a_meaning_and_a_fix():
    """No code is without words."""
    assert set(CODES) == set(Code)
    assert all(meaning.what and meaning.fix for meaning in CODES.values())


def test_the_operators_page_shows_every_code_as_declared():
    """docs/bad-input.md and the code say the same."""
    for code, meaning in CODES.items():
        assert f"| `{code}` | {meaning.what} | {meaning.fix} |" in PAGE


def test_the_mapping_on_the_page_can_be_read():
    """The example with every key is a real mapping."""
    from include.winddown.adapters.files.layouts import read_layout
    from include.winddown.domain.frames import ORDERS

    example = PAGE.split("```yaml\n", 1)[1].split("```", 1)[0]
    layout = read_layout(example, "page", ORDERS)
    assert (layout.encoding, layout.delimiter, layout.trailer) == ("cp1251", ";", "END")
    assert layout.feeds["ordered_at"].zone == "Europe/Moscow"
