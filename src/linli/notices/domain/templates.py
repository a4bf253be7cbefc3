"""Templates (通知模板): what is told, in Chinese and English, every variable checked when they are read."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, Final

from linli.notices.domain.recipients import Fact

LANGUAGES: Final = ("zh", "en")
PARTS: Final = ("subject", "short", "long")
LONGEST: Final = {"subject": 60, "short": 140, "long": 1000}
LONGEST_FACT: Final = 300
_GAPS: Final = re.compile(r" {2,}")
_UNSEEN: Final = frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0), 0x200B, 0x200E, 0x200F, 0x2028, 0x2029,
                                     *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)))


@dataclass(frozen=True, slots=True)
class Said:
    """One notice in one language (通知文本)."""

    subject: str
    short: str
    long: str


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of notice: its variables and, by language, its three lengths."""

    name: str
    variables: frozenset[str]
    texts: Mapping[str, Said]

    def say(self, facts: Mapping[str, Fact], language: str) -> Said:
        """Return the notice in words (生成文本); facts it does not use are passed over."""
        values = {name: _plain(facts[name], language) for name in self.variables}
        text = self.texts[language]
        parts = (text.subject, text.short, text.long)
        return Said(*(_GAPS.sub(" ", part.format_map(values)).strip() for part in parts))


def read(rows: Iterable[Mapping[str, Any]]) -> dict[str, Template]:
    """Return the templates by name (装入模板).

    Raises: ValueError naming every fault: a language, a part or a variable that is missing, one that is unknown, a
        text that is too long, a name given twice.
    """
    found: dict[str, Template] = {}
    faults: list[str] = []
    for row in rows:
        name = str(row["name"])
        faults += [f"{name}: given twice"] if name in found else []
        faults += _faults(name, row)
        texts = {language: Said(*(str(row.get(language, {}).get(part, "")) for part in PARTS))
                 for language in LANGUAGES}
        found[name] = Template(name, frozenset(row.get("variables", ())), texts)
    if faults:
        raise ValueError("; ".join(faults))
    return found


def require(templates: Mapping[str, Template], names: Collection[str], facts: Collection[str]) -> None:
    """Refuse to start where a template that is going to be used is missing or asks for more than it will be told.

    Raises: ValueError naming every such template.
    """
    faults = [f"{name}: no such template" for name in sorted(set(names) - set(templates))]
    for name in sorted(set(names) & set(templates)):
        faults += [f"{name}: nobody tells it {fact}" for fact in sorted(templates[name].variables - set(facts))]
    if faults:
        raise ValueError("; ".join(faults))


def missing(template: Template, facts: Mapping[str, Fact]) -> list[str]:
    """Return the variables that `facts` lack, in order."""
    return sorted(template.variables - set(facts))


def _faults(name: str, row: Mapping[str, Any]) -> Iterable[str]:
    declared = frozenset(row.get("variables", ()))
    for language in LANGUAGES:
        used: set[str] = set()
        for part in PARTS:
            text = str(row.get(language, {}).get(part, ""))
            if not text:
                yield f"{name}: no {part} in {language}"
            if len(text) > LONGEST[part]:
                yield f"{name}: {part} in {language} is longer than {LONGEST[part]}"
            try:
                used |= _fields(text)
            except ValueError as error:
                yield f"{name}: {part} in {language}: {error}"
        yield from (f"{name}: {variable} is unknown in {language}" for variable in sorted(used - declared))
        yield from (f"{name}: {variable} is missing in {language}" for variable in sorted(declared - used))


def _fields(text: str) -> set[str]:
    """Return the plain names in braces; attributes, indexes, formats and conversions are no part of a template."""
    found = set()
    for _, name, form, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError(f"{{{name}}} is no plain variable")
        found.add(name)
    return found


def _plain(fact: Fact, language: str) -> str:
    """Return a fact in one line: no line breaks that forge a header, no marks that turn the text round."""
    text = fact if isinstance(fact, str) else fact.get(language, "")
    return "".join(" " if sign in _UNSEEN else sign for sign in text[:LONGEST_FACT]).strip()
