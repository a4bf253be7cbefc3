import pytest

from linli_run.environment import Installation
from linli_run.home import Home
from linli_run.trouble import Trouble

DATABASE = {
    "DATABASE_URL": "postgresql://linli_app@db/linli",
    "DATABASE_OWNER_URL": "postgresql://linli_owner@db/linli",
    "DATABASE_INGEST_URL": "postgresql://linli_ingest@db/linli",
}
TRANSPORT = {"NATS_URL": "nats://linli:x@bus:4222", "MQTT_URL": "mqtt://device:y@bus:1883"}


@pytest.fixture
def home(tmp_path) -> Home:
    made = Home(tmp_path / "home")
    made.prepare()
    return made


def test_without_services_of_ones_own_the_embedded_ones_are_named(home):
    installation = Installation(home, given={})
    env = installation.environment()
    assert installation.postgres() is not None
    assert installation.nats() is not None
    assert [env[name].rpartition("user=")[2] for name in DATABASE] == ["linli_app", "linli_owner", "linli_ingest"]
    assert env["NATS_URL"].startswith("nats://linli:")
    assert env["MQTT_URL"].startswith("mqtt://device:")


def test_with_services_of_ones_own_none_is_embedded(home):
    installation = Installation(home, given={**DATABASE, **TRANSPORT})
    assert installation.postgres() is None
    assert installation.nats() is None
    assert installation.environment().items() >= {**DATABASE, **TRANSPORT}.items()


@pytest.mark.parametrize("missing", sorted(DATABASE))
def test_a_database_named_by_halves_is_refused_by_name(home, missing):
    given = {name: url for name, url in DATABASE.items() if name != missing}
    with pytest.raises(Trouble, match=f"not {missing}") as caught:
        Installation(home, given=given).environment()
    assert missing in caught.value.remedy
    assert "unset" in caught.value.remedy


@pytest.mark.parametrize("missing", sorted(TRANSPORT))
def test_a_message_server_named_by_halves_is_refused_by_name(home, missing):
    given = {name: url for name, url in TRANSPORT.items() if name != missing}
    with pytest.raises(Trouble, match=f"not {missing}"):
        Installation(home, given=given).environment()


def test_an_empty_variable_counts_as_not_set(home):
    assert Installation(home, given=dict.fromkeys(DATABASE, "")).postgres() is not None


def test_what_the_operator_set_stays_as_he_set_it(home):
    env = Installation(home, given={"LINLI_WEB_URL": "https://linli.example", "HTTPS_PROXY": "p"}).environment()
    assert env["LINLI_WEB_URL"] == "https://linli.example"
    assert env["HTTPS_PROXY"] == "p"


def test_two_homes_share_no_secret_port_or_folder_of_sockets(tmp_path, home):
    other = Home(tmp_path / "other")
    other.prepare()
    one, two = (Installation(h, given={}).environment() for h in (home, other))
    for name in ("LINLI_HOME", "LINLI_SECRET_KEY", *DATABASE, "MQTT_URL", "NATS_URL", "NUMBA_CACHE_DIR"):
        assert one[name] != two[name], name


def test_a_part_listening_everywhere_is_reached_on_the_loopback(home):
    assert Installation(home, given={}, host="0.0.0.0").local_address("web") == "http://127.0.0.1:8000"
