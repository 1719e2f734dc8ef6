"""Thousands of requests made from ``docs/openapi.yaml``, good and bad: no 5xx, no stack trace, no other shape.

``SEND_GUIDE_FUZZ_REQUESTS=10000`` asks as many as that; without it a run takes about a minute.
"""

import json
import os
import re
from collections import Counter
from typing import Any

import hypothesis
import jsonschema
import pytest
import schemathesis
import yaml
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from tests.servers import ROOT, Service
from tests.web.conftest import Caller

DESCRIPTION = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text())
REQUESTS = int(os.environ.get("SEND_GUIDE_FUZZ_REQUESTS", "2000"))
OPERATIONS = [
    (path, method)
    for path, methods in DESCRIPTION["paths"].items()
    for method in methods
    if method != "parameters"
]
TRACE = re.compile(r"Traceback|File \"|\.py\b|sanic|site-packages", re.I)
asked: Counter[int] = Counter()
schema = schemathesis.openapi.from_dict(DESCRIPTION)
schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])


def check(status: int, text: str) -> None:
    asked[status] += 1
    assert status < 500, text
    assert not TRACE.search(text), text


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    many = {"PER_ADDRESS": "6000000/minute", "PER_CONVERSATION": "6000000/minute"}
    service = Service(tmp_path_factory.mktemp("fuzzed"), **many).wait()
    yield service
    assert service.process.poll() is None, "the service has ended"
    assert service.get("/healthz") == (200, {"alive": True})
    assert Service.stop(service) == 0
    assert "Traceback" not in service.log.read_text()
    print(f"{asked.total()} requests: {dict(asked)}")


@pytest.fixture(scope="module")
def parent(fuzzed: Service) -> Caller:
    return Caller(fuzzed)


PER_OPERATION = max(10, REQUESTS * 2 // 3 // len(OPERATIONS))
QUIET = [
    hypothesis.HealthCheck.function_scoped_fixture,
    hypothesis.HealthCheck.too_slow,
    hypothesis.HealthCheck.filter_too_much,
    hypothesis.HealthCheck.data_too_large,
]


@schema.parametrize()
@hypothesis.settings(max_examples=PER_OPERATION, deadline=None, suppress_health_check=QUIET, database=None)
def test_no_request_breaks_it(case: schemathesis.Case, fuzzed: Service, parent: Caller) -> None:
    """What the description allows is answered as it says; what it forbids is refused."""
    headers = {"Authorization": f"Bearer {parent.token}"}
    if case.operation.path == "/chat/conversation":
        headers = {}  # deleting it would leave nothing to ask the others with
    answer = case.call(base_url=f"http://127.0.0.1:{fuzzed.port}", headers=headers, timeout=60)
    check(answer.status_code, answer.content.decode("utf-8", "replace"))
    case.validate_response(
        answer,
        checks=[
            schemathesis.checks.not_a_server_error,
            schemathesis.checks.status_code_conformance,
            schemathesis.checks.content_type_conformance,
            schemathesis.checks.response_schema_conformance,
        ],
    )


PATHS = st.sampled_from(
    [path for path, _ in OPERATIONS]
    + [
        "/guide",
        "/guide/read",
        "/guide/copy",
        "/guide/letter",
        "/guide/calendar",
        "/guide/feedback",
        "/guide/return-code",
        "/guide/return",
        "/guide/end",
    ]
)
KINDS = st.sampled_from(
    [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "",
    ]
)
WORDS = st.text(max_size=40)
FORMS = st.dictionaries(
    st.sampled_from(
        ["token", "id", "text", "choice", "title", "format", "last_day", "working", "kind", "answers"]
    ),
    WORDS,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=8,
)
BODIES = (
    st.binary(max_size=200)
    | JSON.map(lambda value: json.dumps(value).encode())
    | FORMS.map(
        lambda form: "&".join(f"{name}={value}" for name, value in form.items()).encode("utf-8", "replace")
    )
)


@hypothesis.settings(max_examples=REQUESTS // 3, deadline=None, suppress_health_check=QUIET, database=None)
@hypothesis.given(
    path=PATHS,
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]),
    kind=KINDS,
    body=BODIES,
)
def test_no_bytes_break_it(
    fuzzed: Service, parent: Caller, path: str, method: str, kind: str, body: bytes
) -> None:
    """Whatever is sent to any address with any method, as any kind of content."""
    if (path, method) == ("/chat/conversation", "DELETE"):
        return
    status, answer = parent.call(method, path, body, Content_Type=kind)
    check(status, answer if isinstance(answer, str) else json.dumps(answer))


def test_real_replies_have_the_shape_of_the_description(fuzzed: Service) -> None:
    parent = Caller(fuzzed)
    replies = [
        *parent.asks("how often should school meet with me")[1]["replies"],
        *parent.asks("do they have to spend 6000 before i can ask for an ehcp")[1]["replies"],
        *parent.asks("my son says he wants to die")[1]["replies"],
        *parent.asks("what do governors have to do")[1]["replies"],
        *parent.asks("school and council")[1]["replies"],
        *parent.asks("what is the weather like")[1]["replies"],
        *parent.reads()[1]["messages"],
    ]
    shapes = json.loads(json.dumps(DESCRIPTION).replace('"nullable": true', '"x-nullable": true'))
    for reply in replies:
        name = "Person" if reply["from"] == "person" else "Reply"
        given = {key: value for key, value in reply.items() if value is not None}
        wanted = {"$ref": f"#/components/schemas/{name}", "components": shapes["components"]}
        for part in ("Reply",):
            wanted["components"]["schemas"][part]["required"] = [
                "from",
                "kind",
                "lines",
                "answers",
                "choices",
            ]
        jsonschema.validate(given, wanted)
