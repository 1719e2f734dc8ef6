"""Single sign-on by OpenID Connect, against a provider that runs here, and against one that lies."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, expect

from tests.helpline.conftest import ADVISER, Helpline, Person, staff
from tests.servers import free_port

# the provider runs in a thread here, and what its own library says of it would end its answers
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")

CLIENT = {"OIDC_CLIENT_ID": "send-guide", "OIDC_CLIENT_SECRET": "known to both sides"}


class RealProvider:
    """``oidc-provider-mock``, which can be stopped and started."""

    def __init__(self) -> None:
        self.port = free_port()
        self.start()

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"  # to a browser another site than 127.0.0.1

    def start(self) -> None:
        users = [
            User(sub="olga", claims={"groups": ["staff", "send-editors"]}),
            User(sub="ada", claims={"groups": "send-helpline"}),
        ]
        self._running = run_server_in_thread(self.port, require_nonce=True, user_claims=users)
        self._running.__enter__()

    def stop(self) -> None:
        self._running.__exit__(None, None, None)


@pytest.fixture(scope="module")
def provider() -> Iterator[RealProvider]:
    running = RealProvider()
    yield running
    running.stop()


def _helpline(folder: Any, issuer: str, **more: str) -> Helpline:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    return Helpline(folder, port, OIDC_ISSUER=issuer, PUBLIC_URL=url, **CLIENT, **more).wait()


@pytest.fixture(scope="module")
def single(provider: RealProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpline]:
    running = _helpline(
        tmp_path_factory.mktemp("single"),
        provider.issuer,
        OIDC_ROLE="groups",
        OIDC_ADVISER="send-helpline",
        OIDC_EDITOR="send-editors",
    )
    yield running
    running.stop()


def comes_by_single_sign_on(person: Person, sub: str) -> httpx.Response:
    """Go to the provider, say there who one is, and come back."""
    there = person.opens("/sign-in/single")
    assert "Authorize" in there.text, there.text
    return person.http.post(str(there.url), data={"sub": sub})


@pytest.mark.parametrize(("sub", "role"), [("ada", "adviser"), ("olga", "editor")])
def test_a_claim_of_the_provider_gives_the_role(single: Helpline, sub: str, role: str) -> None:
    person = Person(single)
    assert "Sign in with your council account" in person.opens("/sign-in").text
    assert "You are signed in" in comes_by_single_sign_on(person, sub).text
    assert person.opens("/helpline").url.path == "/helpline"
    assert person.opens("/helpline/log").status_code == (200 if role == "editor" else 403)
    assert (sub, "signed in", "single sign-on") in single.audit()


def test_a_browser_comes_back_from_the_provider_s_site_signed_in(single: Helpline, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{single.url}/helpline")
    page.click("text=Sign in with your council account")
    page.fill("input[name=sub]", "ada")
    page.click("text=Authorize >> nth=-1")
    expect(page.locator("#q")).to_be_focused()
    assert page.url == f"{single.url}/helpline"
    page.context.close()


def test_an_account_known_beforehand_is_let_in_without_a_claim(single: Helpline) -> None:
    assert staff(single.database, "add", "kit", "--role", "adviser", "--single-sign-on").returncode == 0
    person = Person(single)
    comes_by_single_sign_on(person, "kit")
    assert person.opens("/helpline").url.path == "/helpline"
    assert person.sends("/sign-out").url.path == "/sign-in"


def test_who_has_a_role_by_a_claim_alone_is_signed_out_by_the_command_too(single: Helpline) -> None:
    person = Person(single)
    comes_by_single_sign_on(person, "ada")
    assert person.opens("/helpline").url.path == "/helpline"
    done = staff(single.database, "remove", "Ada")
    assert done.returncode == 0, done.stderr
    assert "Take it away there" in done.stdout
    assert person.opens("/helpline").url.path == "/sign-in"
    assert "no account ada" in staff(single.database, "remove", "ada").stderr


def test_who_has_neither_claim_nor_account_is_refused(single: Helpline) -> None:
    person = Person(single)
    answer = comes_by_single_sign_on(person, "stranger")
    assert answer.status_code == 403
    assert "no account here" in answer.text
    assert person.opens("/helpline").url.path == "/sign-in"


def test_a_name_at_the_provider_is_no_key_to_an_account_with_a_password(single: Helpline) -> None:
    person = Person(single)
    assert comes_by_single_sign_on(person, ADVISER).status_code == 403
    assert person.opens("/helpline").url.path == "/sign-in"


def test_an_account_for_single_sign_on_has_no_password_that_opens_it(single: Helpline) -> None:
    staff(single.database, "add", "nopass", "--role", "adviser", "--single-sign-on")
    assert Person(single).signs_in("nopass", "").status_code == 403


def test_stopping_at_the_provider_lets_nobody_in(single: Helpline) -> None:
    person = Person(single)
    there = person.opens("/sign-in/single")
    answer = person.http.post(str(there.url), data={"action": "deny"})
    assert answer.status_code == 403
    assert "stopped at the other side" in answer.text


def test_a_way_back_that_another_browser_began_is_refused(single: Helpline) -> None:
    attacker, victim = Person(single), Person(single)
    there = attacker.opens("/sign-in/single")
    back = attacker.http.post(str(there.url), data={"sub": "ada"}, follow_redirects=False)
    answer = victim.opens(back.headers["location"])
    assert answer.status_code == 403
    assert "not begun in this browser" in answer.text
    assert victim.opens("/helpline").url.path == "/sign-in"


def test_a_provider_that_is_down_gives_a_clear_page_and_passwords_still_work(
    provider: RealProvider, single: Helpline
) -> None:
    person = Person(single)
    there = person.opens("/sign-in/single")
    back = person.http.post(str(there.url), data={"sub": "ada"}, follow_redirects=False)
    provider.stop()
    try:
        for answer in (person.opens(back.headers["location"]), person.opens("/sign-in/single")):
            assert answer.status_code == 503
            assert "Single sign-on does not answer" in answer.text
        assert person.signs_in().url.path == "/helpline"
    finally:
        provider.start()


class LyingProvider(ThreadingHTTPServer):
    """A provider that does all as it should, but for what it is told to claim."""

    def __init__(self) -> None:
        self.key, self.other_key = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
        self.claims: dict[str, Any] = {}
        self.sign_with, self.algorithm, self.nonce = self.key, "RS256", ""
        super().__init__(("127.0.0.1", 0), _Lies)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def token(self) -> str:
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": self.issuer,
            "aud": "send-guide",
            "sub": "liar",
            "groups": ["editor"],
        }
        claims |= {"iat": now, "exp": now + 60, "nonce": self.nonce} | self.claims
        if self.algorithm == "none":
            parts = [json.dumps(part).encode() for part in ({"alg": "none"}, claims)]
            return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."
        return jwt.encode({"alg": self.algorithm}, claims, self.sign_with)


class _Lies(BaseHTTPRequestHandler):
    server: LyingProvider

    def do_GET(self) -> None:
        issuer = self.server.issuer
        if self.path.endswith("keys"):
            return self._json({"keys": [self.server.key.as_dict(private=False)]})
        return self._json(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "jwks_uri": f"{issuer}/keys",
            }
        )

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._json({"access_token": "x", "token_type": "Bearer", "id_token": self.server.token()})

    def _json(self, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def liar() -> Iterator[LyingProvider]:
    server = LyingProvider()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def lied_to(liar: LyingProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpline]:
    running = _helpline(tmp_path_factory.mktemp("lied"), liar.issuer, OIDC_ROLE="groups")
    yield running
    running.stop()


def _comes_back(person: Person, liar: LyingProvider) -> httpx.Response:
    there = person.http.get("/sign-in/single", follow_redirects=False).headers["location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}
    assert asked["code_challenge_method"] == "S256"
    liar.nonce = asked["nonce"]
    return person.opens(f"/sign-in/single/back?code=any&state={asked['state']}")


def test_what_the_provider_claims_truly_is_believed(liar: LyingProvider, lied_to: Helpline) -> None:
    person = Person(lied_to)
    assert "You are signed in" in _comes_back(person, liar).text
    assert person.opens("/helpline/log").status_code == 200


@pytest.mark.parametrize(
    "lie",
    [
        {"claims": {"nonce": "of another sign-in"}},
        {"claims": {"aud": "somebody else"}},
        {"claims": {"iss": "https://elsewhere.example"}},
        {"claims": {"exp": 1}},
        {"claims": {"azp": "somebody else"}},
        {"sign_with": "other_key"},
        {"algorithm": "none"},
    ],
    ids=str,
)
def test_a_token_that_does_not_hold_lets_nobody_in(
    liar: LyingProvider, lied_to: Helpline, lie: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in lie.items():
        monkeypatch.setattr(liar, name, liar.other_key if value == "other_key" else value)
    person = Person(lied_to)
    answer = _comes_back(person, liar)
    assert answer.status_code == 403
    assert "proof does not hold" in answer.text
    assert person.opens("/helpline").url.path == "/sign-in"


def test_single_sign_on_that_is_half_set_up_does_not_start() -> None:
    from pydantic import ValidationError

    from send_guide.settings import Settings

    with pytest.raises(ValidationError, match="SEND_GUIDE_PUBLIC_URL"):
        Settings(oidc_issuer="https://login.example")
    with pytest.raises(ValidationError, match="https://"):
        Settings(
            oidc_issuer="http://login.example",
            public_url="https://guide.example",
            oidc_client_id="x",
            oidc_client_secret="y",
        )
