"""Single sign-on by OpenID Connect: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0,
RFC 7636). The ID token's signature is checked with the provider's published keys.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from send_guide.errors import SendGuideError
from send_guide.settings import Settings
from send_guide.staff.sessions import derived

BACK = "/sign-in/single/back"
"""Where the provider sends people back to; it is registered there with the public address before it."""
SECONDS = 5.0
"""How long to wait for each answer of the provider."""
LEEWAY_SECONDS = 60
"""By how much the two clocks may differ."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures by a key of the provider's alone: neither none at all nor one by the shared secret."""


class ProviderAwayError(SendGuideError):
    """The provider does not answer, or not as OpenID Connect says."""


class NotProvedError(SendGuideError):
    """What came back does not prove who the person is."""


@dataclass(frozen=True)
class Person:
    """Who the provider says somebody is.

    Attributes:
        name: the value of the claim that names people.
        role: ``adviser`` or ``editor`` where a claim says so, else None.
    """

    name: str
    role: str | None


class Provider:
    """The council's provider of OpenID Connect."""

    def __init__(self, settings: Settings) -> None:
        """Keep the settings; nothing is fetched yet.

        Args:
            settings: with issuer, client id, client secret and public address.
        """
        self._settings = settings
        self._issuer = str(settings.oidc_issuer)

    async def address(self, secret: str) -> str:
        """Return the address at the provider that a person is sent to.

        Args:
            secret: what only this person's browser holds; state, nonce and verifier are made from it.

        Raises:
            ProviderAwayError: the provider does not answer.
        """
        return await asyncio.to_thread(self._address, secret)

    async def person(self, secret: str, came_back: Mapping[str, str]) -> Person:
        """Return who has come back from the provider.

        Args:
            secret: the one that :meth:`address` was given.
            came_back: the parameters of the address that the provider sent the person to.

        Raises:
            ProviderAwayError: the provider does not answer.
            NotProvedError: the provider refused, or what came back was not made for this browser.
        """
        if "code" not in came_back:  # some providers then leave the state out too
            raise NotProvedError("the sign-in was stopped at the other side")
        if not hmac.compare_digest(came_back.get("state", "").encode(), derived(secret, "state").encode()):
            raise NotProvedError("this sign-in was not begun in this browser, or took too long")
        return self._as_person(await asyncio.to_thread(self._claims, secret, came_back["code"]))

    def _address(self, secret: str) -> str:
        endpoint = self._described()["authorization_endpoint"]
        with self._client() as client:
            address, _ = client.create_authorization_url(
                endpoint,
                state=derived(secret, "state"),
                code_verifier=derived(secret, "verifier"),
                nonce=derived(secret, "nonce"),
            )
        return str(address)

    def _claims(self, secret: str, code: str) -> Mapping[str, Any]:
        """Exchange the code for an ID token; return what a valid one claims."""
        described = self._described()
        try:
            with self._client() as client:
                token = client.fetch_token(
                    described["token_endpoint"],
                    code=code,
                    code_verifier=derived(secret, "verifier"),
                    timeout=SECONDS,
                )
        except OAuthError as error:
            raise NotProvedError("the provider did not accept the sign-in") from error
        except (requests.RequestException, ValueError) as error:
            raise ProviderAwayError("the provider of single sign-on does not answer") from error
        keys = self._get(described["jwks_uri"])
        try:
            signed = jwt.decode(
                token["id_token"],
                KeySet.import_key_set({"keys": keys.get("keys", [])}),
                algorithms=ALGORITHMS,
            )
            claims = CodeIDToken(
                signed.claims,
                signed.header,
                options={
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._settings.oidc_client_id},
                },
                params={"nonce": derived(secret, "nonce"), "client_id": self._settings.oidc_client_id},
            )
            claims.validate(leeway=LEEWAY_SECONDS)
        except (JoseError, KeyError, ValueError) as error:
            raise NotProvedError("the provider's proof does not hold") from error
        return dict(claims)

    def _as_person(self, claims: Mapping[str, Any]) -> Person:
        name = claims.get(self._settings.oidc_name)
        if not isinstance(name, str) or not name:
            raise NotProvedError(f"the provider names nobody: no claim {self._settings.oidc_name}")
        if self._settings.oidc_name == "email" and claims.get("email_verified") is not True:
            raise NotProvedError("the provider has not verified the e-mail address")
        found = claims.get(self._settings.oidc_role) if self._settings.oidc_role else None
        values = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        if self._settings.oidc_editor in values:
            return Person(name, "editor")
        return Person(name, "adviser" if self._settings.oidc_adviser in values else None)

    def _described(self) -> dict[str, Any]:
        """Return how the provider describes itself (OpenID Connect Discovery 1.0)."""
        described = self._get(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        if described.get("issuer") != self._issuer:
            raise ProviderAwayError("the provider of single sign-on calls itself by another name")
        for needed in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(described.get(needed), str):
                raise ProviderAwayError(f"the provider of single sign-on does not say its {needed}")
        return described

    def _get(self, address: str) -> dict[str, Any]:
        try:
            answer = requests.get(address, timeout=SECONDS)
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, json.JSONDecodeError) as error:
            raise ProviderAwayError("the provider of single sign-on does not answer") from error
        if not isinstance(found, dict):
            raise ProviderAwayError("the provider of single sign-on does not answer as it should")
        return found

    def _client(self) -> OAuth2Session:
        secret = self._settings.oidc_client_secret
        return OAuth2Session(
            self._settings.oidc_client_id,
            secret.get_secret_value() if secret else None,
            scope="openid profile email",
            redirect_uri=f"{self._settings.public_url}{BACK}",
            code_challenge_method="S256",
        )
