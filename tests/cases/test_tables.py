"""The tables of cases, alerts and photos: there and back, and the catalogue that comes with them."""

from django.core.management import call_command
from django.db import connection
from tests.conftest import speak_to

from linli.cases import actions as cases
from linli.cases.models import Category, Condition


def test_the_tables_can_be_taken_back_and_laid_again(server, fresh_db):
    speak_to(server.url("linli_owner", "linli_fresh"))
    for room in ("cases", "files"):
        call_command("migrate", room, "zero", verbosity=0)
    left = [name for name in connection.introspection.table_names() if name.startswith(("cases_", "alerts_", "files_"))]
    assert left == []
    call_command("migrate", verbosity=0)
    assert Condition.objects.exists()


def test_the_catalogue_is_loaded_once_and_the_citys_own_words_stay(system):
    assert cases.load_catalogue() == 0
    Category.objects.filter(code="lamp_out").update(name_zh="灯不亮", active=False)
    Condition.objects.filter(code="lamp_out.out").delete()
    assert cases.load_catalogue() == 1
    lamp = Category.objects.get(code="lamp_out")
    assert (lamp.name_zh, lamp.active) == ("灯不亮", False)


def test_the_models_and_the_migrations_agree(system):
    call_command("makemigrations", "files", "cases", "alerts", check=True, dry_run=True, verbosity=0)
