import stat
from pathlib import Path

import pytest

from linli_run import sockets
from linli_run.trouble import Trouble


def test_a_new_socket_folder_is_private(tmp_path):
    folder = sockets.made_private(tmp_path / "s")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_an_open_socket_folder_is_refused(tmp_path):
    folder = tmp_path / "s"
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(Trouble, match="not a private folder"):
        sockets.made_private(folder)


def test_a_link_in_place_of_the_socket_folder_is_refused(tmp_path):
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "s").symlink_to(tmp_path / "real")
    with pytest.raises(Trouble, match="not a private folder"):
        sockets.made_private(tmp_path / "s")


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path, monkeypatch):
    folder = sockets.made_private(tmp_path / "s")
    monkeypatch.setattr(sockets.os, "getuid", lambda: folder.stat().st_uid + 1)
    with pytest.raises(Trouble, match="not a private folder"):
        sockets.made_private(folder)


def test_a_socket_path_that_the_system_would_cut_is_refused():
    with pytest.raises(Trouble, match="too long"):
        sockets.check_length(Path("/" + "深" * 31))
    sockets.check_length(Path("/" + "深" * 30))


def test_two_homes_have_two_socket_folders_and_each_keeps_its_own(tmp_path):
    one, two = sockets.socket_dir_for(tmp_path / "one"), sockets.socket_dir_for(tmp_path / "two")
    assert one != two
    assert one == sockets.socket_dir_for(tmp_path / "one")
