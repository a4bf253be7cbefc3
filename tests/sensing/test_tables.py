import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from linli.sensing.models import DeviceStatus, Exceedance, Latest, Observation, Quarantined, ReplayRequest, Thing


@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("model", [Observation, Exceedance, Latest, Quarantined, DeviceStatus, Thing])
def test_the_application_reads_every_table(model):
    assert list(model.objects.all()) == []


@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("table", ["observation", "exceedance", "latest", "receipt", "quarantine", "rule_state"])
def test_the_application_cannot_write_what_ingest_owns(table):
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


@pytest.mark.usefixtures("system")
def test_the_application_may_ask_for_a_replay():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO replay_request (device, asked_by) VALUES ('mc-1', 'user:1')")
    assert ReplayRequest.objects.get().done_at is None


@pytest.mark.usefixtures("db")
def test_the_models_and_the_migrations_agree():
    call_command("makemigrations", "sensing", "--check", "--dry-run", verbosity=0)
