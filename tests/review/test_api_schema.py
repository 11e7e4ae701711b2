"""The API keeps what its OpenAPI document says: whatever is sent, no server error and no answer outside the schema."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pipeline.review import passwords
from pipeline.review.throttle import Throttle
from tests.review import building

pytestmark = pytest.mark.long

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
#: Calls of each kind for each operation.
EXAMPLES = 12
#: What is answered without a call of a handler being generated: the frame, not the content, is checked there.
_HEADERS = {"Authorization": "Bearer token of the test"}


@pytest.fixture
def schema(office):
    """The document, as a client with an operator's token gets it."""
    office.store.users.add_token("operator", "test", passwords.digest("token of the test"), building.NOW)
    object.__setattr__(office, "calls", Throttle(10**9, 10**9))
    object.__setattr__(office.legwork, "poke", lambda: None)
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", building.served(office), headers=_HEADERS)


def test_every_operation_says_what_it_answers(schema):
    raw = schema.raw_schema
    bare = []
    for path, item in raw["paths"].items():
        for method, operation in item.items():
            answers = operation["responses"]
            good = [code for code in answers if code.startswith("2")]
            typed = all("content" in answers[code] for code in good if code != "204")
            told = all("application/problem+json" in answers[code]["content"] for code in answers if code[0] in "45")
            if not (good and typed and told and operation.get("summary") and operation.get("description")):
                bare.append(f"{method} {path}")
    assert bare == []
    assert len(raw["paths"]) > 20


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_call_breaks_the_server_or_its_promise(schema, mode):
    called, broken = set(), {}
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def call(case):
            called.add(case.operation.label)
            case.call_and_validate(checks=CHECKS, headers=_HEADERS)

        try:
            call()
        except FailureGroup as failed:
            broken[operation.label] = [str(one) for one in failed.exceptions]
        except Unsatisfiable:  # nothing can be sent that is not as described
            continue
    assert broken == {}
    assert len(called) > 20
