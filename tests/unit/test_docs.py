"""Documents under test: what they name must be what the code has."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from include.winddown.domain import errors
from include.winddown.domain.codes import Code

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ADRS = sorted((DOCS / "adr").glob("*.md"))
MARKDOWN = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
HEADINGS = ["Status", "Context", "Decision", "Consequences", "A change violates this decision when it…"]
API_LINES = [*range(40, 54), *range(91, 101)]
MAIN_TARGETS = {"run", "test", "reset"}
SENTENCES_MAX = 12
FRAGMENT_MIN = 6


def words_of(path: Path) -> set[str]:
    return set(re.findall(r"\w+", path.read_text(encoding="utf-8")))


def anchors_of(path: Path) -> set[str]:
    """The anchors that a Markdown page has: its headings, lower-case, with hyphens for spaces."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


@cache
def texts_in_code() -> str:
    """Every text of the product's and the launcher's code, as it is when the program runs."""
    found: list[str] = []
    for path in [*(ROOT / "include" / "winddown").rglob("*.py"), *(ROOT / "include" / "local").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [p.value if isinstance(p, ast.Constant) else "\0" for p in node.values]
                found.append("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return "\1".join(found)


def quoted_messages(path: Path) -> list[str]:
    """The messages a page quotes: its blockquotes, and the first column of a table headed 'message'."""
    text = path.read_text(encoding="utf-8")
    quotes = re.findall(r"^> (.+)$", text, re.MULTILINE)
    table = re.search(r"^\| message \|.*\n\|[-| ]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    rows = table[1].splitlines() if table else []
    return quotes + [row.split(" | ")[0].removeprefix("| ") for row in rows]


@pytest.mark.parametrize(
    "name", sorted(n for n, v in vars(errors).items() if isinstance(v, type) and issubclass(v, Exception))
)
def test_every_error_has_its_place_in_a_guide(name):
    """Whoever reads an error's name in a run's note finds it in the runbook or the operator's guide."""
    assert name in words_of(DOCS / "runbook.md") | words_of(DOCS / "operators-guide.md")


def test_every_code_is_explained():
    """docs/bad-input.md has each code a file or a row can be refused with, and no other."""
    assert set(re.findall(r"\b[FR]_[A-Z_]+\b", (DOCS / "bad-input.md").read_text())) == set(Code)


@pytest.mark.parametrize("number", API_LINES)
def test_every_bad_reply_has_its_row_and_its_test(number):
    """docs/bad-input.md says what happens, and a test of that number proves it."""
    rows = re.findall(rf"^\| {number} \| .+ \| .+ \|$", (DOCS / "bad-input.md").read_text(), re.MULTILINE)
    assert len(rows) == 1
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert re.search(rf"^def test_line_{number}_", tests, re.MULTILINE)


@pytest.mark.parametrize("name", ["operators-guide.md", "runbook.md", "connections.md"])
def test_quoted_messages_are_those_of_the_code(name):
    """What a guide quotes between its ellipses is what the program says."""
    messages = quoted_messages(DOCS / name)
    assert messages
    missing = [
        fragment
        for message in messages
        for fragment in (part.strip(" .,;:()'") for part in message.split("…"))
        if len(fragment) >= FRAGMENT_MIN and fragment not in texts_in_code()
    ]
    assert missing == []


def test_the_readme_names_targets_that_exist():
    """Every `make …` of the README and the guides is in the Makefile, and the main ones are in the README."""
    targets = set(re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {path.name: named_targets(path) for path in MARKDOWN}
    assert {name: found - targets for name, found in named.items() if found - targets} == {}
    assert named["README.md"] >= MAIN_TARGETS


def named_targets(path: Path) -> set[str]:
    """The targets named in code: `make run`, or a line of a code block that begins with make."""
    calls = re.findall(r"(?:^|`)make ([^`\n#]*)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {word for call in calls for word in call.split() if re.fullmatch(r"[a-z0-9]+", word)}


def test_the_readme_stays_short():
    """What it does is told in at most twelve numbered sentences."""
    told = (ROOT / "README.md").read_text(encoding="utf-8").split("## What it does")[1].split("\n## ")[0]
    sentences = re.findall(r"^\d+\. (.+)$", told, re.MULTILINE)
    assert 0 < len(sentences) <= SENTENCES_MAX
    assert [line for line in sentences if re.search(r"[.!?] [A-Z]", line)] == []


def test_decisions_are_numbered_without_gaps():
    """0001, 0002 and so on."""
    assert [int(path.name[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_every_decision_has_the_five_headings(path):
    """Status, context, decision, consequences, and what would violate it, each with text below."""
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(path.name[:4])}. ")
    sections = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    assert sections[1::2] == HEADINGS
    assert all(body.strip() for body in sections[2::2])


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path):
    """Every relative link and every anchor resolves."""
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)
    assert broken == []


def test_no_file_names_a_registry_or_a_machine():
    """No package registry host and no path of somebody's machine stands in the repository."""
    hosts = "|".join(
        (
            "pypi" + r"\.org",
            "python" + r"hosted\.org",
            "registry" + r"\.npmjs",
            "crates" + r"\.io",
            "anaconda" + r"\.org",
        )
    )
    homes = "|".join(
        ("/" + "work/", "/" + "farm/", "/" + r"home/[a-z]+/", "/" + r"Users/[A-Za-z]+/", "/" + "tmp/w/")
    )
    pattern = re.compile(f"{hosts}|(?<![A-Za-z0-9_.}}])(?:{homes})".encode())
    found = [
        path.relative_to(ROOT).as_posix() for path in tracked_files() if pattern.search(path.read_bytes())
    ]
    assert found == []
