"""Where the endpoint listens."""

import socket

import pytest

from server.serving import listen
from server.settings import SettingError


def test_a_port_in_use_is_told_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingError, match=f"127.0.0.1:{port}: Address already in use.*--port"):
            listen("127.0.0.1", port)


def test_zero_is_any_port_that_is_free() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
    assert port > 0
    with listen("127.0.0.1", port) as again:
        assert again.getsockname()[1] == port


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70000), ("no.such.host.invalid", 8000)])
def test_a_place_that_does_not_exist_is_told(host: str, port: int) -> None:
    with pytest.raises(SettingError, match=f"cannot listen on {host}:{port}"):
        listen(host, port)
