from linli_run import logs, processes


def test_a_log_grown_too_long_is_moved_aside_and_emptied(tmp_path):
    log = tmp_path / "web.log"
    for n in range(6):
        log.write_text(f"{n}" * 20)
        logs.rotate(log, largest_bytes=10)
    assert log.read_text() == ""
    kept = {p.name: p.read_text()[0] for p in tmp_path.iterdir() if p != log}
    assert kept == {"web.log.1": "5", "web.log.2": "4", "web.log.3": "3"}


def test_a_part_goes_on_writing_into_the_emptied_log(tmp_path):
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as part:
        part.write(b"x" * 20)
        logs.rotate(log, largest_bytes=10)
        part.write(b"next\n")
    assert log.read_text() == "next\n"


def test_a_short_log_and_a_missing_one_are_left_alone(tmp_path):
    log = tmp_path / "web.log"
    logs.rotate(log)
    log.write_text("short")
    logs.rotate(log)
    assert [p.name for p in tmp_path.iterdir()] == ["web.log"]


def test_the_last_words_of_a_log_survive_broken_bytes(tmp_path):
    log = tmp_path / "web.log"
    log.write_bytes(b"one\n\xff\xfe two\n" + "三".encode())
    assert processes.tail(log, lines=2).splitlines()[1] == "三"
    assert processes.tail(tmp_path / "none.log") == ""
