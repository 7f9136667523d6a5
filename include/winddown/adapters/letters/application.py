"""The text of an application to leave, ready to paste, in Russian, Chinese and English."""

from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from include.winddown.domain.amounts import grouped_amount
from include.winddown.domain.application import Request
from include.winddown.domain.dossier import Dossier
from include.winddown.domain.exits import Exit

LANGUAGES = ("ru", "zh", "en")
FOLDER = Path(__file__).parent / "templates"


def write_application(
    merchant_exit: Exit, request: Request, dossier: Dossier, written_on: date
) -> dict[str, str]:
    """
    Write an application in every language.

    Returns:
        Plain text by language; what the merchant typed stands in it as it was typed.
    """
    letters = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    letters.filters["amount"] = grouped_amount
    facts = {"exit": merchant_exit, "request": request, "dossier": dossier, "written_on": written_on}
    return {
        language: letters.get_template(f"application.{language}.txt").render(facts).strip() + "\n"
        for language in LANGUAGES
    }
