"""One server per run, migrated once as linli_owner; every test speaks to it as linli_app."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from weakref import WeakSet

import django
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper as DatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.test import Client
from django.test.utils import setup_test_environment
from playwright.sync_api import Browser, sync_playwright
from psycopg import connect

from linli_run.postgres import Postgres, create_roles_and_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
os.environ["LINLI_SECRET_KEY"] = "only for tests, and long enough for them"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in this thread for the whole run
os.environ["LINLI_HOME"] = tempfile.mkdtemp(prefix="linli-test-home-")
django.setup()
setup_test_environment()

pytest_plugins = ["tests.make.road"]  # one road for all who send messages, for only one ingest works at a time
TEMPLATE = "linli_template"
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
                  "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
                  "--font-render-hinting=none"]


def pytest_unconfigure() -> None:
    shutil.rmtree(os.environ["LINLI_HOME"], ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let browsers come last, for Playwright keeps a loop running in this thread; skip what needs real data."""
    items.sort(key=lambda item: "chromium" in getattr(item, "fixturenames", ()))
    if os.environ.get("LINLI_REALDATA"):
        return
    for item in items:
        if "realdata" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="LINLI_REALDATA names no folder of real data"))


opened: "WeakSet[DatabaseWrapper]" = WeakSet()


@receiver(connection_created)
def _remember(connection: DatabaseWrapper, **_: object) -> None:
    opened.add(connection)


def hang_up() -> None:
    """Close every connection, those that worker threads of a test left open too."""
    for wrapper in list(opened):
        if wrapper.connection is not None:
            wrapper.connection.close()
            wrapper.connection = None
            wrapper.in_atomic_block = wrapper.needs_rollback = False
            wrapper.savepoint_ids, wrapper.run_on_commit = [], []


def speak_to(url: str) -> None:
    """Point Django's default connection, in this and every later thread, at `url`."""
    from linli.config.settings import _database

    hang_up()
    fresh = {**connections.settings["default"], **_database(url)}
    connections.settings["default"].clear()
    connections.settings["default"].update(fresh)
    with suppress(AttributeError):  # nobody may have asked for one since the last time
        del connections["default"]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A database server of this run's own, with the migrated template in it."""
    root = Path(tempfile.mkdtemp(prefix="linli-pg-"))
    (root / "s").mkdir(mode=0o700)
    postgres = Postgres(root / "pg", root / "s", fsync=False)
    postgres.start()
    try:
        create_roles_and_database(postgres.admin_url, TEMPLATE)
        speak_to(postgres.url("linli_owner", TEMPLATE))
        call_command("migrate", verbosity=0)
        connections["default"].close()
        yield postgres
    finally:
        connections["default"].close()
        postgres.stop()
        shutil.rmtree(root, ignore_errors=True)


def copy_of_template(server: Postgres, name: str) -> str:
    """Return the address, for linli_app, of a new copy of the template."""
    with connect(server.admin_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy OWNER linli_owner")
    return server.url("linli_app", name)


@pytest.fixture(scope="session")
def shared_db(server: Postgres) -> str:
    return copy_of_template(server, "linli_shared")


@pytest.fixture
def db(shared_db: str) -> Iterator[None]:
    """A database in which everything the test writes is taken back."""
    if settings.DATABASES["default"].get("NAME") != "linli_shared":
        speak_to(shared_db)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def fresh_db(server: Postgres) -> Iterator[str]:
    """A database of the test's own, with real commits, for threads and other processes; gives its address."""
    url = copy_of_template(server, "linli_fresh")
    speak_to(url)
    yield url
    hang_up()
    settings.DATABASES["default"]["NAME"] = ""


@pytest.fixture
def system(db: None) -> Iterator[None]:
    """A `db` test that runs as Linli itself, with every area in sight."""
    from linli.audit import actions as audit
    from linli.kernel.actor import Actor

    with audit.acting(Actor.system("test")):
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The one real browser of a run; WebGL is drawn in software."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def client() -> Client:
    return Client()


def sign_in(client: Client, username: str) -> None:
    """Sign `username` in without a password, as a test may."""
    from django.contrib.auth import get_user_model

    client.force_login(get_user_model().objects.get(username=username))
