"""What processes and packages cost is read from the system itself."""

import os
import time

from linli_run.bench import startup, usage


def test_processor_time_grows_with_work_and_ended_processes_cost_nothing():
    before = usage.cpu_s([os.getpid()])
    until = time.process_time() + 0.05
    while time.process_time() < until:
        pass
    assert usage.cpu_s([os.getpid()]) - before >= 0.03
    assert usage.cpu_s([2**30]) == 0
    assert usage.pss_mb([2**30]) == 0


def test_memory_is_that_of_a_python_and_a_group_holds_its_member():
    assert 5 < usage.pss_mb([os.getpid()]) < 2000
    assert os.getpid() in usage.in_group(os.getpgrp())


def test_what_is_needed_follows_extras_that_are_asked_for_only():
    plain = {dist.name for dist in startup._needed(["psycopg>=3"])}
    extra = {dist.name for dist in startup._needed(["psycopg[binary]>=3; python_version > '3'"])}
    assert "psycopg-binary" not in plain
    assert extra - plain == {"psycopg-binary"}
    assert startup._needed(["no-such-package-anywhere"]) == []
    assert startup._needed(["psycopg; extra == 'never'"]) == []


def test_the_size_of_a_folder_is_that_of_its_files(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a").write_bytes(bytes(500_000))
    (tmp_path / "b").write_bytes(bytes(250_000))
    assert startup.folder_mb(tmp_path) == 0.75
