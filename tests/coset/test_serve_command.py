"""``coset dataset serve`` as a command: its mistakes, its output, and how it ends."""

import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from served import ask, serving

from coset import indexserver
from coset.__main__ import main


def test_a_port_that_is_taken_is_an_error(index, toys, capsys):
    port = urlsplit(index).port
    assert main(["dataset", "serve", "--db", str(toys), "--port", str(port)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: nothing can listen on '127.0.0.1', port {port}: ")
    assert "hint: name another --host" in err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--before", "yesterday"], "'yesterday' is not a day"),
        (["--before", "20260501"], "'20260501' is not a day"),
        (["--before", "2026-02-30"], "'2026-02-30' is not a day"),
        (["--files-base", "ftp://files.example/"], "the base of files 'ftp://files.example/' is not an http"),
        (["--files-base", "http://files.example/\nX: y"], "the base of files 'http://files.example/"),
        (["--db", "missing.sqlite"], "there is no dataset at 'missing.sqlite'"),
        (["--port", "65536"], "invalid value for '--port'"),
    ],
)
def test_mistakes_are_named(options, sentence, toys, capsys):
    assert main(["dataset", "serve", "--db", str(toys), *options]) == 2
    assert capsys.readouterr().err.startswith(f"error: {sentence}")


@pytest.mark.parametrize(
    ("options", "out", "err"),
    [
        ([], "http://127.0.0.1:1/simple/\n", "serving; Ctrl-C ends it\nended\n"),
        (["--quiet", "--verbose", "--files-base", "https://files.example"], "http://127.0.0.1:1/simple/\n", ""),
        (["--verbose"], "http://127.0.0.1:1/simple/\n", "serving; Ctrl-C ends it\ntold\nended\n"),
        (
            ["--json", "-q", "--before", "2026-05-01"],
            '{\n  "url": "http://127.0.0.1:1/simple/",\n  "before": "2026-05-01T00:00:00Z"\n}\n',
            "",
        ),
    ],
)
def test_the_address_is_all_of_the_result(  # noqa: PLR0917 - three of them are fixtures
    options, out, err, toys, capsys, monkeypatch
):
    async def interrupted(service, host, port, ready):
        assert (host, port) == ("127.0.0.1", 0)
        ready("http://127.0.0.1:1/simple/")
        service.told("told")
        assert service.files_base in (None, "https://files.example/")
        raise KeyboardInterrupt

    monkeypatch.setattr(indexserver, "serve", interrupted)
    assert main(["dataset", "serve", "--db", str(toys), *options]) == 130
    assert capsys.readouterr() == (out, err)


def test_ipv6_addresses_stand_in_brackets(toys):
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("the loopback interface has no IPv6")
    with serving(toys, host="::1") as url:
        assert url.startswith("http://[::1]:")
        assert ask(url).status == 200


def test_ctrl_c_ends_the_command(toys):
    # a shell that starts the tests in the background would let them ignore it
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); import coset.__main__ as m; m.run()"
    )
    command = [sys.executable, "-c", code, "dataset", "serve", "--db", str(toys)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().strip()
        assert ask(url).status == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "serving; Ctrl-C ends it\nended\n")
