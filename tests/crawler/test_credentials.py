"""Whom is a password told? Nobody but the host that it belongs to; no file, no message, no log."""

import asyncio
import base64
import logging
import subprocess
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from builtfiles import make_wheel
from fakeindex import FakeClock, FakeIndex, body, reset, run_crawl, status

from coset import pipindex
from crawler.credentials import NO_CREDENTIALS, Credentials, credentials, netrc_path
from crawler.fetch import Fetcher
from crawler.manners import Manners
from crawler.source import Answer, Failure, Request
from dataset.store import Store
from normalize.errors import UsageError

SECRET = "s3cr3t p@ss"
QUOTED = "s3cr3t%20p%40ss"
BASIC = "Basic " + base64.b64encode(f"me:{SECRET}".encode()).decode()


def sent(*servers, url=None, known=NO_CREDENTIALS, allow=(), trust=False):
    """Ask the first server; return the outcome and the Authorization headers that each server saw."""

    async def run():
        async with AsyncExitStack() as stack:
            for one in servers:
                await stack.enter_async_context(one.serve())
            manners = Manners(agent="x", rates={"index": 1e9, "files": 1e9}, trust_environment=trust)
            given = known() if callable(known) else known
            async with Fetcher(manners, FakeClock(), credentials=given) as fetcher:
                for one in servers:
                    fetcher.allow(one.url)
                for one in allow:
                    fetcher.allow(one())
                asked = url() if url else f"{servers[0].url}/thing"
                return await fetcher.get(Request(url=asked, lane="files", cap=1000))

    outcome = asyncio.run(run())
    return outcome, [[headers.get("Authorization") for _, headers in one.log] for one in servers]


def with_user(url):
    return url.replace("://", f"://me:{QUOTED}@")


def test_address_with_a_password():
    fake = FakeIndex(always={"/thing": body(b"good")})
    outcome, seen = sent(fake, known=lambda: credentials([with_user(fake.url)]))
    assert (outcome.body, set(seen[0])) == (b"good", {BASIC})
    assert SECRET not in outcome.url
    assert QUOTED not in outcome.url


def test_address_with_a_password_that_is_only_allowed():
    fake = FakeIndex(always={"/thing": body(b"good")})
    outcome, seen = sent(fake, allow=[lambda: with_user(fake.url)], url=lambda: with_user(fake.url) + "/thing")
    assert (outcome.body, set(seen[0])) == (b"good", {BASIC})
    assert outcome.url == f"{fake.url}/thing"


def test_what_was_configured_is_not_replaced_by_what_a_page_says():
    fake = FakeIndex(always={"/thing": body(b"good")})
    evil = lambda: fake.url.replace("://", "://evil:evil@")  # noqa: E731
    _, seen = sent(fake, known=lambda: credentials([with_user(fake.url)]), allow=[evil])
    assert set(seen[0]) == {BASIC}


def moved_to(other, user=""):
    return lambda _request: status(302, Location=f"{other.url.replace('://', f'://{user}')}/thing")(None)


@pytest.mark.parametrize("user", ["", "evil:evil@"])
def test_never_after_a_redirect_to_another_origin(user):
    other = FakeIndex(always={"/thing": body(b"good")})
    fake = FakeIndex(always={"/thing": moved_to(other, user)})
    for both in (False, True):  # not even where the other one has credentials of its own
        known = lambda: credentials(  # noqa: E731
            [with_user(fake.url), *([with_user(other.url)] if both else [])]  # noqa: B023
        )
        outcome, seen = sent(fake, other, known=known)
        assert outcome.body == b"good"
        assert set(seen[0]) == {BASIC}
        assert set(seen[1]) == {None}


def test_after_a_redirect_to_the_same_origin():
    fake = FakeIndex(always={"/thing": status(302, Location="/other"), "/other": body(b"good")})
    _, seen = sent(fake, known=lambda: credentials([with_user(fake.url)]))
    assert set(seen[0]) == {BASIC}


def test_never_to_another_origin():
    fake = FakeIndex(always={"/thing": body(b"good")})
    for url in ("https://index.example/", "https://127.0.0.1/", "http://127.0.0.1/", "http://127.0.0.1:1/"):
        assert set(sent(fake, known=credentials([with_user(url)]))[1][0]) == {None}


def netrc(tmp_path, text):
    path = tmp_path / "netrc"
    path.write_text(text)
    path.chmod(0o600)
    return path


def test_netrc(tmp_path):
    path = netrc(tmp_path, f'machine 127.0.0.1 login me password "{SECRET}"\nmachine b.example login x password y\n')
    fake = FakeIndex(always={"/thing": body(b"good")})
    assert set(sent(fake, known=credentials([], path))[1][0]) == {BASIC}
    assert credentials([], path).header("https://c.example/") is None
    assert credentials([], path).header("https://B.example/") == "Basic eDp5"


def test_address_comes_before_netrc(tmp_path):
    path = netrc(tmp_path, "machine index.example login a password b\n")
    url = "https://index.example/simple/"
    assert credentials([with_user(url), "https://other:one@index.example/"], path).header(url) == BASIC


def test_default_entry_of_netrc_belongs_to_nobody(tmp_path, monkeypatch):
    path = netrc(tmp_path, f'default login me password "{SECRET}"\n')
    assert credentials([], path).header("https://index.example/") is None
    monkeypatch.setenv("NETRC", str(path))
    fake = FakeIndex(always={"/thing": body(b"good")})
    _, seen = sent(fake, known=credentials([], path), trust=True)  # aiohttp itself would send it
    assert set(seen[0]) == {None}


@pytest.mark.parametrize("text", [f"machine x.example login me password {QUOTED} {QUOTED}\n", f"{QUOTED}\n"])
def test_broken_netrc(tmp_path, text):
    with pytest.raises(UsageError) as caught:
        credentials([], netrc(tmp_path, text))
    assert "netrc" in caught.value.sentence
    assert QUOTED not in str(caught.value) + caught.value.hint


def test_netrc_that_is_no_text(tmp_path):
    path = tmp_path / "netrc"
    path.write_bytes(b"machine \xff\xfe")
    with pytest.raises(UsageError, match="cannot be"):
        credentials([], path)


def test_where_netrc_lies(tmp_path):
    assert netrc_path({}, tmp_path) is None
    (tmp_path / "_netrc").touch()
    assert netrc_path({}, tmp_path) == tmp_path / "_netrc"
    (tmp_path / ".netrc").touch()
    assert netrc_path({}, tmp_path) == tmp_path / ".netrc"
    assert netrc_path({"NETRC": str(tmp_path / "nowhere")}, tmp_path) is None
    assert netrc_path({"NETRC": str(tmp_path / "_netrc")}, tmp_path) == tmp_path / "_netrc"


@pytest.mark.parametrize(
    ("url", "header"),
    [
        ("https://token@index.example/", "Basic dG9rZW46"),
        ("https://a%3Ab:c@index.example/", "Basic YTpiOmM="),
        ("https://index.example/", None),
        ("https://[broken", None),
        ("", None),
    ],
)
def test_forms_of_addresses(url, header):
    assert credentials([url]).header("https://index.example:443/x") == header


def test_secrets_are_not_shown():
    known = credentials([with_user("https://index.example/")])
    request = Request(url=with_user("https://index.example/"), lane="index", cap=1, headers={"Authorization": BASIC})
    for text in (repr(known), repr(request), str(Credentials({"x": BASIC}))):
        assert QUOTED not in text
        assert BASIC not in text


def pip_says(monkeypatch, text):
    monkeypatch.setattr(
        subprocess, "run", lambda *_arguments, **_options: subprocess.CompletedProcess([], 0, stdout=text)
    )
    return pipindex.pip_indexes()


def test_pips_configuration(monkeypatch):
    found = pip_says(
        monkeypatch,
        "global.index-url='https://me:pw@a.example/simple'\n"
        "global.extra-index-url='https://x:y@b.example/simple\\nhttps://c.example/simple'\n",
    )
    assert found.default() == "https://me:pw@a.example/simple"
    assert found.extra == ("https://x:y@b.example/simple", "https://c.example/simple")
    assert "pw" not in repr(found)
    assert found.addresses() == (found.configured, *found.extra)


def test_pips_environment_comes_before_its_files(monkeypatch):
    found = pip_says(
        monkeypatch, ":env:.extra-index-url='https://e.example/'\ninstall.extra-index-url='https://i.example/'\n"
    )
    assert (found.configured, found.extra) == (None, ("https://e.example/",))


def test_nothing_keeps_a_password(tmp_path, caplog, capsys):
    """A crawl of a private index, with everything going wrong, leaves no trace of the password."""
    caplog.set_level(logging.DEBUG)
    fake = FakeIndex()
    fake.add("h5py", make_wheel("h5py", "1.0", ["numpy"]))
    fake.add("broken", make_wheel("broken", "1.0"))
    for upload in fake.projects["broken"]:
        fake.always[fake.path(upload)] = fake.always[fake.path(upload) + ".metadata"] = reset
    fake.always["/simple/numpy/"] = status(401)
    with Store.create(tmp_path / "x.db") as store:
        original = fake.serve

        def serving():
            return _WithUser(original())

        fake.serve = serving
        summary = run_crawl(fake, store, ["h5py", "numpy", "broken"])
        problems = store.problems()
    assert summary.known.total() == 1
    assert problems
    assert {headers.get("Authorization") for _, headers in fake.log} == {BASIC}
    shown = capsys.readouterr()
    told = repr(summary) + repr(problems) + caplog.text + shown.out + shown.err
    stored = b"".join(one.read_bytes() for one in Path(tmp_path).iterdir())
    for word in ("s3cr3t", BASIC.removeprefix("Basic ")):
        assert word not in told
        assert word.encode() not in stored


class _WithUser:
    """Serves an index under an address with a user and password."""

    def __init__(self, served):
        self.served = served

    async def __aenter__(self):
        return with_user(await self.served.__aenter__())

    async def __aexit__(self, *error):
        return await self.served.__aexit__(*error)


def test_no_failure_tells_an_address():
    for fault in (status(500), status(401), reset, status(302, Location="http://me:pw@elsewhere.example/")):
        fake = FakeIndex(always={"/thing": fault})
        outcome, _ = sent(fake, known=lambda: credentials([with_user(fake.url)]))  # noqa: B023
        assert not isinstance(outcome, Answer)
        assert isinstance(outcome, Failure)
        for word in ("127.0.0.1", "s3cr3t", "elsewhere", "pw@"):
            assert word not in outcome.detail
