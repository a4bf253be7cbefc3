"""What the pages say can be done: links lead somewhere, commands exist, both languages say the same."""

import re
import shlex
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from babel.messages.pofile import read_po
from tests.make.docs import GUIDES, ROOT, WRITTEN_BY_HAND, blocks, coded, spoken
from tests.make.docs import commands as typed

from linli_run.reference import commands, settings, source

HOSTS_ALLOWED = {"127.0.0.1", "localhost", "www.apache.org"}
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:root|home|work|mnt|Users|tmp|opt|srv)/\w|\b[A-Z]:\\\\?\w")
FOREIGN_HOST = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|cn|ai|app|cloud)\b(?!/\w*\.py)")
ADR_HEADINGS = ["Context", "Choice", "Consequences", "What would change our mind"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
BILINGUAL = sorted(p for folder in ("start", "how-to") for p in (ROOT / "docs" / folder).glob("*.md"))


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_every_link_leads_somewhere(page):
    for target in LINK.findall(spoken(page)):
        parts = urlsplit(target)
        if parts.scheme:
            assert parts.hostname in HOSTS_ALLOWED, target
            continue
        goal = (page.parent / parts.path).resolve() if parts.path else page
        assert goal.exists(), f"{target} in {name_of(page)}"
        assert not parts.fragment or parts.fragment in _anchors(goal), f"{target} in {name_of(page)}"


def test_every_page_can_be_reached_from_the_readme():
    seen, todo = set(), [ROOT / "README.md"]
    while todo:
        here = todo.pop()
        seen.add(here)
        links = (urlsplit(target) for target in LINK.findall(spoken(here)))
        goals = {(here.parent / link.path).resolve() for link in links if link.path.endswith(".md") and not link.scheme}
        todo += [goal for goal in goals - seen if goal.exists()]
    assert not {name_of(page) for page in set(GUIDES) - seen}


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_every_make_target_that_is_named_exists(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for piece in coded(page):
        for target in re.findall(r"(?:^|&& )make ([a-z-]+)", piece):
            assert target in targets, f"make {target} in {name_of(page)}"


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_every_linli_command_that_is_named_exists_with_its_options(page):
    known = {command.name: command for command in commands.listed()}
    for piece in coded(page):
        for call in re.findall(r"(?:^|[\s/])linli ([a-z][^|;&>]*)", piece):
            word, *rest = shlex.split(call.replace("…", ""))
            assert word in known, f"linli {word} in {name_of(page)}"
            offered = _options(commands.parser_of(known[word]))
            unknown = {w.partition("=")[0] for w in rest if w.startswith("--")} - offered
            assert not unknown, f"linli {word} has no {sorted(unknown)}"


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_every_variable_that_is_named_is_a_setting(page):
    named = set(re.findall(r"\b(?:LINLI|DATABASE|NATS|MQTT|NUMBA)_[A-Z_]*[A-Z]\b", page.read_text("utf-8")))
    assert named <= set(settings.VARIABLES) | {"LINLI_REALDATA"}


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_every_file_and_module_that_is_named_exists(page):
    for piece in coded(page):
        if re.fullmatch(r"(?:src|tests|presets|docs|frontend|requirements)/[\w./-]+", piece):
            built = piece.startswith("src/linli/web/static/linli")
            assert built or (ROOT / piece).exists(), f"{piece} in {name_of(page)}"
        elif re.fullmatch(r"linli(?:_[a-z]+)?(?:\.[a-z_]+)+", piece):
            assert _exists(piece), f"{piece} in {name_of(page)}"


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_no_page_names_a_machine_or_a_host_that_is_not_ours_to_name(page):
    text = page.read_text("utf-8")
    assert not MACHINE_PATHS.search(text), MACHINE_PATHS.search(text)
    assert not set(FOREIGN_HOST.findall(text)) - HOSTS_ALLOWED


@pytest.mark.parametrize("page", BILINGUAL, ids=name_of)
def test_a_guide_stands_in_both_languages_with_the_same_commands(page):
    chinese = page.name.endswith(".zh-CN.md")
    stem = page.name.removesuffix(".zh-CN.md" if chinese else ".md")
    twin = page.with_name(f"{stem}.md" if chinese else f"{stem}.zh-CN.md")
    assert twin.exists()
    assert typed(page) == typed(twin)
    assert [language for language, _ in blocks(page)] == [language for language, _ in blocks(twin)]
    assert len(re.findall(r"^#+ ", spoken(page), re.MULTILINE)) == len(re.findall(r"^#+ ", spoken(twin), re.MULTILINE))
    assert bool(re.search(r"[\u4e00-\u9fff]", spoken(page).splitlines()[0])) is chinese


@pytest.mark.parametrize("page", BILINGUAL, ids=name_of)
def test_the_words_a_guide_sets_in_bold_stand_on_the_pages(page):
    english, chinese = _words_of_the_pages()
    known = chinese if page.name.endswith(".zh-CN.md") else english
    bold = {" ".join(piece.split()) for piece in re.findall(r"\*\*([^*]+)\*\*", spoken(page))}
    buttons = {piece for piece in bold if piece[-1] not in ".。:："}  # a sentence in bold is emphasis
    assert buttons <= known, f"{buttons - known} in {name_of(page)}"


def test_the_two_readmes_hold_the_same_commands():
    english, chinese = ROOT / "README.md", ROOT / "README.zh-CN.md"
    assert typed(english) == typed(chinese)
    assert typed(english)


@pytest.mark.parametrize("page", sorted((ROOT / "docs/explain/adr").glob("*.md")), ids=name_of)
def test_a_decision_says_why_what_it_costs_and_what_would_change_it(page):
    found = re.findall(r"^## (.+)$", spoken(page), re.MULTILINE)
    assert [heading for heading in found if heading in ADR_HEADINGS] == ADR_HEADINGS
    number = int(page.name[:4])
    assert spoken(page).startswith(f"# {number}. ")


def test_every_page_that_the_code_names_exists():
    for path in source.modules():
        for page in re.findall(r"docs/[\w/-]+\.md", path.read_text("utf-8")):
            assert (ROOT / page).exists(), f"{page} in {path.name}"


def test_decisions_are_numbered_without_gap():
    numbers = [int(page.name[:4]) for page in sorted((ROOT / "docs/explain/adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_glossary_names_each_word_once_with_its_chinese_meaning_and_source():
    rows = [line.strip("| ").split(" | ") for line in (ROOT / "docs/glossary.md").read_text("utf-8").splitlines()
            if line.startswith("| ") and not line.startswith("| English")]
    assert rows
    for row in rows:
        assert len(row) == 4, row
        assert all(cell.strip() for cell in row), row
        assert re.search(r"[\u4e00-\u9fff]", row[1]), row
    words = [row[0] for row in rows]
    assert len(words) == len(set(words))


def test_the_sql_of_the_guide_is_the_sql_the_program_runs():
    roles = (ROOT / "src/linli_run/roles.py").read_text("utf-8")
    run = re.findall(r'LiteralString\] = """\n(.*?)"""', roles, re.DOTALL)
    assert len(run) == 2
    for page in (ROOT / "docs/how-to").glob("own-postgresql*.md"):
        shown = [text for language, text in blocks(page) if language == "sql"]
        assert all(piece in shown for piece in run), name_of(page)


@pytest.mark.parametrize("page", WRITTEN_BY_HAND, ids=name_of)
def test_lines_written_by_hand_end_at_120(page):
    may_be_long = ("|", "- [")  # a table's row and a list of links cannot be broken
    long = [line for line in page.read_text("utf-8").splitlines() if len(line) > 120]
    assert not [line for line in long if not line.startswith(may_be_long)]


@cache
def _words_of_the_pages() -> tuple[set[str], set[str]]:
    english, chinese = set(), set()
    for path in (ROOT / "src/linli").glob("*/locale/zh_Hans/LC_MESSAGES/django.po"):
        with path.open("rb") as po:
            for message in read_po(po):
                if isinstance(message.id, str):
                    english.add(message.id)
                    chinese.add(message.string)
    return english, chinese


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", spoken(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def _options(parser) -> set[str]:
    found = set()
    for action in parser._actions:
        found |= set(action.option_strings)
        if isinstance(action.choices, dict):
            for child in action.choices.values():
                found |= _options(child)
    return found


def _exists(dotted: str) -> bool:
    package, _, leaf = dotted.rpartition(".")
    try:
        if find_spec(dotted) is not None:
            return True
    except ModuleNotFoundError:
        pass
    path = ROOT / "src" / Path(*package.split("."))
    return any(re.search(rf"^(?:def|class) {leaf}\b|^{leaf}\b", source.read_text("utf-8"), re.MULTILINE)
               for source in (path.with_suffix(".py"), path / "__init__.py") if source.exists())
