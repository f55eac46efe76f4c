"""The OpenAPI document: what FastAPI knows of the routes, the structs, and the intake by hand."""

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from regulars.api.answers import EventAnswer, RuleAnswer
from regulars.api.contract import (
    AT_THE_DOOR,
    COMPONENTS,
    JSON,
    KEY_SCHEME,
    OAUTH_SCHEME,
    described,
    ref_to,
    refused_with,
    security,
)
from regulars.api.examples import PURCHASE, RETURN
from regulars.api.intake import BATCH, LINES, MAX_BATCH_BYTES, MAX_BATCH_EVENTS, ROUTE, SINGLE
from regulars.api.problems import STATUS, Problem, UnsupportedMediaType
from regulars.domain.access import MEANING, Scope
from regulars.domain.applications import MAY_HAVE, OF_A_MEMBER
from regulars.domain.envelopes import MAX_EVENT_BYTES
from regulars.domain.errors import (
    AlreadyReturned,
    EventConflict,
    InternalFault,
    InvalidInput,
    Malformed,
    MemberNotFound,
    MissingScope,
    NoProgramInForce,
    NotAuthenticated,
    Overloaded,
    TooLarge,
    TooManyRequests,
    UnknownEventType,
)
from regulars.domain.events import BUILT_IN, Envelope
from regulars.services.authorization.answering import AUTHORIZE, TOKEN

VERSION = "3.1.0"
INTAKE_REFUSALS = (
    Malformed,
    NotAuthenticated,
    MissingScope,
    MemberNotFound,
    AlreadyReturned,
    EventConflict,
    TooLarge,
    UnsupportedMediaType,
    InvalidInput,
    UnknownEventType,
    NoProgramInForce,
    TooManyRequests,
    InternalFault,
    Overloaded,
    *AT_THE_DOOR,
)

DESCRIPTION = """\
Events in; points, tiers and reasons out.

* Send what members do to `POST /v1/events`. An event is known by its `source` and `id`: sending it
  again is safe and gets the first answer again.
* Other writes carry an `Idempotency-Key` header, and are safe to repeat in the same way.
* Money is in whole minor units, points are whole numbers, instants are RFC 3339 with a zone.
* Refusals are problem documents (RFC 9457). [Every code](/docs/problems) says what to do.
"""


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document; worked out once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            openapi_version=VERSION,
            description=DESCRIPTION,
            routes=app.routes,
        )
        made["paths"].setdefault(ROUTE, {})["post"] = intake()
        made["paths"] = dict(sorted(made["paths"].items()))
        components = made.setdefault("components", {})
        components["schemas"] = components.get("schemas", {}) | schemas()
        components["securitySchemes"] = {
            KEY_SCHEME: {
                "type": "http",
                "scheme": "bearer",
                "description": "An API key (rgl_…). Scopes: "
                + "; ".join(f"`{scope}`: {words}" for scope, words in MEANING.items()),
            },
            OAUTH_SCHEME: {
                "type": "oauth2",
                "description": "An access token. Where and how: see "
                "`/.well-known/oauth-authorization-server`.",
                "flows": _flows(),
            },
        }
        app.openapi_schema = made
    return app.openapi_schema


def _flows() -> dict[str, Any]:
    """The ways to a token, by addresses of this server."""
    told = {scope.value: MEANING[scope] for scope in sorted(MAY_HAVE)}
    own = {scope.value: MEANING[scope] for scope in sorted(MAY_HAVE - OF_A_MEMBER)}
    by_code = {"authorizationUrl": AUTHORIZE, "tokenUrl": TOKEN, "refreshUrl": TOKEN}
    return {
        "authorizationCode": by_code | {"scopes": told},
        "clientCredentials": {"tokenUrl": TOKEN, "scopes": own},
    }


def schemas() -> dict[str, Any]:
    """The schemas of everything that routes read and answer with."""
    kinds = [*described.values(), RuleAnswer, Problem, *BUILT_IN.values()]
    _, found = msgspec.json.schema_components(kinds, ref_template=COMPONENTS)
    data = [{"$ref": COMPONENTS.format(name=kind.__name__)} for kind in BUILT_IN.values()]
    found["Envelope"]["properties"]["data"] = {
        "description": "By type: " + ", ".join(BUILT_IN) + "; or a type that the program declares.",
        "anyOf": [*data, {"type": "object"}],
    }
    status = {"type": "integer", "description": "As this event would get it alone."}
    found["BatchItem"] = {
        "title": "BatchItem",
        "description": "What became of one event of many: its answer or its problem.",
        "type": "object",
        "required": ["status"],
        "properties": {
            "status": status,
            "answer": ref_to(EventAnswer),
            "problem": {"$ref": COMPONENTS.format(name="Problem")},
        },
    }
    found["Problem"]["properties"]["code"] = {"type": "string", "enum": sorted(STATUS)}
    return dict(sorted(found.items()))


def intake() -> dict[str, Any]:
    """POST /v1/events, which FastAPI does not serve."""
    event = ref_to(Envelope)
    item = {"$ref": COMPONENTS.format(name="BatchItem")}
    examples = {"purchase": {"value": PURCHASE}, "return": {"value": RETURN}}
    lines = {"schema": {"type": "string"}}
    refused = refused_with(*INTAKE_REFUSALS)
    answer = {"content": {JSON: {"schema": ref_to(EventAnswer)}}}
    return {
        "tags": ["events"],
        "summary": "Send Events",
        "operationId": "send_events",
        "description": (
            "Takes in one event, a batch, or a stream of lines, and answers with what each earned "
            "and why. Each event is decided once, whatever is repeated; a bad one is refused alone."
            f"\n\nOne event is at most {MAX_EVENT_BYTES} bytes; a batch at most {MAX_BATCH_EVENTS} "
            f"events and {MAX_BATCH_BYTES} bytes. Lines are answered in their order while they "
            "come: read while you write."
        ),
        "security": security(Scope.EVENTS_WRITE),
        "parameters": [
            {
                "name": "Accept-Language",
                "in": "header",
                "description": "en or zh-CN",
                "schema": {"type": "string"},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                **{kind: {"schema": event, "examples": examples} for kind in sorted(SINGLE)},
                BATCH: {
                    "schema": {
                        "type": "array",
                        "items": event,
                        "minItems": 1,
                        "maxItems": MAX_BATCH_EVENTS,
                    },
                    "example": [PURCHASE, RETURN],
                },
                LINES: lines,
            },
        },
        "responses": {
            "200": {
                "description": "A repeat: the first answer again. For a batch: one item an event.",
                "content": {
                    JSON: {
                        "schema": {"anyOf": [ref_to(EventAnswer), {"type": "array", "items": item}]}
                    },
                    LINES: lines,
                },
            },
            "201": {"description": "Decided now."} | answer,
            "202": {"description": "A return that waits for its purchase."} | answer,
            **{str(status): words for status, words in refused.items()},
        },
    }
