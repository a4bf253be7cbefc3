"""The house keeps its shape: shelves, ladder, keys that point down, contracts that name every room."""

import re
import tomllib
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).parents[2]
ROOMS = sorted(p.name for p in (ROOT / "src/linli").iterdir() if (p / "__init__.py").exists())
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LADDER = [re.split(r" \| ", rung) for rung in CONTRACTS[0]["layers"]]
SHELVES = {"domain", "events", "models", "queries", "policy", "actions", "handlers", "api", "pages", "admin", "tasks",
           "management", "urls", "apps", "migrations", "templates", "templatetags", "static", "locale"}
ROOMS_WITHOUT_SHELVES = {"kernel", "config"}  # plain values; the composition root
DRAWERS = {"utils", "helpers", "common", "enums", "signals", "misc"}


def rung_of(room: str) -> int:
    return next(number for number, rung in enumerate(LADDER) if room in rung)


def test_every_room_keeps_only_the_shelves_of_the_table():
    for room in set(ROOMS) - ROOMS_WITHOUT_SHELVES:
        found = {p.stem for p in (ROOT / "src/linli" / room).iterdir() if p.name not in {"__init__.py", "__pycache__"}}
        assert found <= SHELVES, f"{room} has {sorted(found - SHELVES)}"


def test_a_room_says_in_one_sentence_what_it_is_and_nothing_more():
    for room in ROOMS:
        text = (ROOT / "src/linli" / room / "__init__.py").read_text()
        assert re.fullmatch(r'"""[^"]+"""\n', text), room


def test_there_is_no_drawer():
    for path in (ROOT / "src").rglob("*.py"):
        assert not DRAWERS & set(path.relative_to(ROOT).with_suffix("").parts), path


def test_every_room_has_its_rung():
    assert sorted(room for rung in LADDER for room in rung) == ROOMS


def test_every_room_with_tables_has_a_contract_that_protects_them():
    protected = {c["protected_modules"][0].split(".")[1] for c in CONTRACTS if c["type"] == "protected"}
    with_tables = {r for r in ROOMS if any((ROOT / "src/linli" / r).glob("models*"))}
    assert with_tables == protected
    for contract in CONTRACTS:
        if contract["type"] == "protected":
            assert contract["allowed_importers"] == [contract["protected_modules"][0].rsplit(".", 1)[0]]


def test_foreign_keys_point_down_the_ladder():
    for model in apps.get_models():
        if not model.__module__.startswith("linli."):
            continue
        room = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            other = getattr(field, "related_model", None)
            if field.auto_created or other is None or not other.__module__.startswith("linli."):
                continue
            below = other.__module__.split(".")[1]
            assert room == below or rung_of(room) < rung_of(below), f"{model.__name__}.{field.name} points up"


def test_no_credit_or_score_can_have_a_person_as_its_subject():
    for model in apps.get_models():
        if re.search(r"score|credit|rating|tag", model.__name__, re.IGNORECASE):
            subjects = [f.related_model.__name__ for f in model._meta.get_fields() if getattr(f, "related_model", None)]
            assert not {"User", "Person", "Resident"} & set(subjects), model


def test_migrations_are_named_and_import_no_project_code():
    for path in (ROOT / "src/linli").rglob("migrations/0*.py"):
        assert "_auto_" not in path.stem, path
        assert not re.search(r"^\s*(from|import) linli", path.read_text(), re.MULTILINE), path


def test_subscriptions_stand_in_the_wiring_only():
    for path in (ROOT / "src").rglob("*.py"):
        if path.name != "wiring.py" and "outbox" not in path.parts:
            text = path.read_text()
            assert "outbox.subscribe(" not in text, path
            assert not re.search(r"\b(post|pre)_(save|delete)\b", text), path
