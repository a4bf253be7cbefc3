"""Every sentence a reader may meet has its Chinese, in some room's catalogue."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize
from hatch_build import ROOT

from linli.web.domain.navigation import RAIL
from linli.web.domain.signs import SIGNS
from linli.web.templatetags.words import STAGES

Message = tuple[str | None, str]
SOURCE = ROOT / "src" / "linli"
PLAIN = ("_", "gettext", "gettext_lazy", "gettext_noop")
REFUSALS = ("DomainError", "Invalid", "NotAllowedNow", "NotPermitted", "NotFound", "Conflict", "TooMany", "TooLarge")
KEYWORDS = [*PLAIN, "pgettext", "pgettext_lazy", "ngettext", "ngettext_lazy", "npgettext", *REFUSALS]
FIELD = re.compile(r"\{\w+\}|%\(\w+\)s")


def messages_in(source: str) -> Iterator[Message]:
    for _line, name, given, _comments in extract_python(BytesIO(source.encode()), KEYWORDS, [], {"encoding": "utf-8"}):
        words = [given] if isinstance(given, str) else list(given or ())
        if name in REFUSALS:
            words = words[1:2]
        elif name in ("pgettext", "pgettext_lazy", "npgettext"):
            if words[0] and words[1]:
                yield words[0], words[1]
            continue
        if words and words[0]:
            yield None, words[0]


def messages_of(path: Path) -> set[Message]:
    source = path.read_text(encoding="utf-8")
    return set(messages_in(templatize(source, origin=str(path)) if path.suffix == ".html" else source))


@pytest.fixture(scope="module")
def chinese() -> dict[Message, str]:
    said: dict[Message, str] = {}
    for path in SOURCE.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh_Hans"):
                one = message.id[0] if isinstance(message.id, tuple) else message.id
                text = message.string[0] if isinstance(message.string, tuple) else message.string
                if one and text and not message.fuzzy:
                    said[(message.context, one)] = text
    return said


SPOKEN = [path for pattern in ("*/templates/**/*.html", "*/**/*.py") for path in sorted(SOURCE.glob(pattern))]


@pytest.mark.parametrize("path", SPOKEN, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_every_message_is_in_a_chinese_catalogue(path, chinese):
    assert {message for message in messages_of(path) if message not in chinese} == set()


def test_words_kept_in_tables_are_translated_too(chinese):
    tables = {("stage", word) for word in STAGES.values()} | {("level sign", sign.number) for sign in SIGNS.values()}
    tables |= {(None, entry.word) for entry in RAIL}
    assert tables - set(chinese) == set()


def test_a_translation_keeps_every_field_of_its_sentence(chinese):
    wrong = {one for (_context, one), text in chinese.items() if set(FIELD.findall(one)) != set(FIELD.findall(text))}
    assert wrong == set()


def test_no_two_rooms_say_one_sentence_differently():
    said: dict[Message, dict[str, str]] = {}
    for path in SOURCE.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh_Hans"):
                if message.id and isinstance(message.id, str):
                    said.setdefault((message.context, message.id), {})[path.parts[-5]] = str(message.string)
    assert {key: rooms for key, rooms in said.items() if len(set(rooms.values())) > 1} == {}


def test_the_extractor_sees_templates_refusals_and_contexts():
    found = set(messages_in('Invalid("a.b", "No.", field="x"); pgettext("c", "d"); gettext("e")'))
    assert found == {(None, "No."), ("c", "d"), (None, "e")}
    assert (None, "Hello") in set(messages_in(templatize('{% load i18n %}{% translate "Hello" %}')))
