"""What can be set, from the environment (``SEND_GUIDE_...``) and ``send-guide.env``; checked on start."""

from __future__ import annotations

import os
import re
from pathlib import Path

from limits import parse_many
from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ENV_FILE = "SEND_GUIDE_ENV_FILE"
"""The variable that names another file than ``send-guide.env``."""


class Settings(BaseSettings):
    """The settings of the service. ``send-guide settings`` lists them."""

    model_config = SettingsConfigDict(
        env_prefix="SEND_GUIDE_", env_file=os.environ.get(ENV_FILE, "send-guide.env"), extra="ignore"
    )

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(5005, ge=1, le=65535, description="TCP port")
    model: Path = Field(Path("models/send-guide.tar.gz"), description="the trained model")
    database_url: SecretStr = Field(
        SecretStr("sqlite:///storage/conversations.db"),
        description="SQLAlchemy address: sqlite or postgresql",
    )
    redis_url: SecretStr | None = Field(
        None,
        description="Redis for locks and limits of many processes, redis://host:6379/0; none for one process",
    )
    redis_seconds: float = Field(1.0, gt=0, description="how long to wait for Redis")
    rest: bool = Field(True, description="serve the REST channel for development; on loopback only")
    secret: SecretStr | None = Field(
        None,
        min_length=32,
        description="signs conversations; must be set, the same for every replica, where others can reach "
        "the service; on loopback one is made in storage/secret",
    )
    web: bool = Field(True, description="serve the chat for web pages, the pages without JavaScript, /")
    web_off: bool = Field(False, description="switch the chat off: its pages say where to get help instead")
    web_origins: str = Field(
        "",
        description="web sites that carry the chat, with blanks between: https://www.example.gov.uk",
    )
    web_hours: int = Field(24, ge=1, description="hours after which a conversation on the web ends")
    web_index: bool = Field(False, description="let search engines list the pages of topics and answers")
    web_exit: str = Field(
        "https://www.bbc.co.uk/weather", pattern="^https://", description="where 'Leave quickly' goes"
    )
    body_bytes: int = Field(65_536, ge=1024, description="largest request body, bytes")
    text_characters: int = Field(2_000, ge=100, description="longest message, characters")
    per_conversation: str = Field(
        "30/minute;300/day", description="messages a conversation may send, and how often it may be read"
    )
    per_address: str = Field("300/minute;30000/day", description="requests an address may send")
    per_return: str = Field("5/minute;15/hour", description="tries of a return code that an address may make")
    all_returns: str = Field("60/hour", description="tries of a return code that all together may make")
    keep_days: int = Field(30, ge=1, description="days after its last message that a conversation is kept")
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="least level of the log's lines"
    )
    keep_answered_days: int = Field(
        3, ge=1, description="days for which a message that is delivered again has the same answer"
    )
    proxies: int = Field(0, ge=0, description="proxies in front that set X-Forwarded-For")
    model_sha256: str | None = Field(
        None, pattern="^[0-9a-f]{64}$", description="SHA-256 of the model; another model is not loaded"
    )
    actions_url: str | None = Field(
        None, pattern="^https?://", description="an action server of its own; none: in this process"
    )
    actions_secret: SecretStr | None = Field(
        None, min_length=16, description="what the action server and this one both know"
    )
    action_seconds: float = Field(5.0, gt=0, description="how long an action may take")
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^/]+$",
        description="the address people use, https://host; for sign-in and links",
    )
    identity_key: SecretStr | None = Field(
        None, min_length=32, description="secret that turns telephone numbers into names of conversations"
    )
    twilio_account_sid: str | None = Field(
        None, pattern="^AC[0-9a-f]{32}$", description="Twilio: the account; SMS and WhatsApp are on with it"
    )
    twilio_auth_token: SecretStr | None = Field(None, min_length=16, description="Twilio: its secret")
    twilio_url: str | None = Field(
        None,
        pattern="^https?://",
        description="Twilio: public address of the webhook; else PUBLIC_URL/webhooks/twilio",
    )
    twilio_api: str = Field("https://api.twilio.com", description="Twilio: address of its API")
    meta_app_secret: SecretStr | None = Field(
        None, min_length=16, description="Meta: secret of the app; WhatsApp by Meta is on with it"
    )
    meta_token: SecretStr | None = Field(None, min_length=16, description="Meta: access token")
    meta_verify_token: SecretStr | None = Field(
        None, min_length=16, description="Meta: the word of the webhook's subscription"
    )
    meta_phone_number_id: str | None = Field(
        None, pattern="^[0-9]+$", description="Meta: id of the service's number"
    )
    meta_api: str = Field(
        "https://graph.facebook.com/v23.0", description="Meta: address and version of its API"
    )
    texts_late_seconds: float = Field(
        10.0, gt=0, le=14, description="an answer to a text that takes longer is sent by the provider's API"
    )
    texts_send_seconds: float = Field(5.0, gt=0, description="how long a provider's API may take")
    texts_retry_seconds: float = Field(
        1.0, ge=0, description="pause before a text is sent again after a 429 or 5xx; doubled each time"
    )
    texts_per_number: str = Field("100/day", description="texts that a telephone number has answered")
    database_seconds: float = Field(5.0, gt=0, description="how long to wait for the database")

    staff: bool = Field(True, description="serve the staff's pages; nobody is let in without an account")
    releases: Path = Field(
        Path("storage/releases"),
        description="the folder of what editors have published; the same for every replica",
    )
    approvals: int = Field(
        2,
        ge=1,
        le=2,
        description="people a change needs before it is published: who made it and somebody else, or 1",
    )
    checkout: Path | None = Field(
        None,
        description="a git checkout of the project, other than the one that serves: what is published is "
        "committed there; none: nowhere",
    )
    questions: Path = Field(
        Path("questions"),
        description="the folder of the questions that editors' trials are measured with",
    )
    staff_idle_minutes: int = Field(
        60, ge=1, description="minutes without a page after which staff sign in again"
    )
    staff_hours: int = Field(12, ge=1, description="hours after which staff sign in again in any case")
    per_sign_in: str = Field("20/minute", description="tries to sign in that an address may make")
    per_typing: str = Field(
        "3000/minute", description="answers an address may ask for while helpline advisers type"
    )
    keep_note_days: int = Field(90, ge=1, description="days for which a saved note of a call is kept")
    keep_audit_days: int = Field(365, ge=1, description="days for which it is kept what staff did")
    oidc_client_id: str | None = Field(None, description="what the provider calls this service")
    oidc_client_secret: SecretStr | None = Field(
        None, description="what the provider and this service both know"
    )
    oidc_name: str = Field(
        "sub", description="claim that names the person; nobody may choose it for themselves"
    )
    oidc_role: str | None = Field(
        None, description="claim that holds roles or groups; none: only accounts known beforehand are let in"
    )
    oidc_adviser: str = Field("adviser", description="value of that claim that makes an adviser")
    oidc_editor: str = Field("editor", description="value of that claim that makes an editor")
    oidc_issuer: str | None = Field(
        None,
        pattern="^https?://",
        description="OpenID Connect provider for single sign-on; none: passwords only",
    )

    @field_validator(
        "per_conversation",
        "per_address",
        "per_return",
        "all_returns",
        "per_sign_in",
        "per_typing",
        "texts_per_number",
    )
    @classmethod
    def _a_rate(cls, value: str) -> str:
        try:
            parse_many(value)
        except ValueError as error:
            raise ValueError("write a rate such as 30/minute, or more of them: 30/minute;300/day") from error
        return value

    @field_validator("web_origins")
    @classmethod
    def _origins(cls, value: str) -> str:
        for origin in value.split():
            if not re.fullmatch(r"https?://[a-z0-9.-]+(:\d+)?", origin):
                raise ValueError(f"write {origin} as https://host, in small letters, with nothing after it")
        return value

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(("sqlite:///", "postgresql://", "postgresql+psycopg2://")):
            raise ValueError("write sqlite:///file.db or postgresql://user:password@host/name")
        return value

    @field_validator("redis_url")
    @classmethod
    def _a_redis(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("redis://", "rediss://")):
            raise ValueError("write redis://host:6379/0 or rediss://...")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _all_of_single_sign_on(cls, value: str | None, others: ValidationInfo) -> str | None:
        if value is None:
            return None
        for name in ("public_url", "oidc_client_id", "oidc_client_secret"):
            if not others.data.get(name):
                raise ValueError(f"needs SEND_GUIDE_{name.upper()} too")
        if not value.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise ValueError("starts with https://")
        return value

    @model_validator(mode="after")
    def _whole_channels(self) -> Settings:
        shared = ("public_url", "identity_key")
        for channel, own in (
            ("Twilio", ("twilio_account_sid", "twilio_auth_token")),
            ("Meta", ("meta_app_secret", "meta_token", "meta_verify_token", "meta_phone_number_id")),
        ):
            missing = [name for name in (*own, *shared) if getattr(self, name) is None]
            if any(getattr(self, name) is not None for name in own) and missing:
                names = ", ".join(f"SEND_GUIDE_{name.upper()}" for name in missing)
                raise ValueError(f"{channel} is half set up: set {names} too, or none of its settings")
        return self

    @property
    def twilio_on(self) -> bool:
        """Whether SMS and WhatsApp by Twilio are served."""
        return self.twilio_auth_token is not None

    @property
    def meta_on(self) -> bool:
        """Whether WhatsApp by Meta's Cloud API is served."""
        return self.meta_app_secret is not None

    @property
    def on_loopback(self) -> bool:
        """Whether nobody but this machine can reach the service."""
        return self.host in ("127.0.0.1", "::1", "localhost")
