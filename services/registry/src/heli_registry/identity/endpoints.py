"""The routes of identity: tokens, keys, who am I, principals and their secrets."""

import base64
import binascii
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import Response

from heli_registry.identity.hashing import SecretHasher
from heli_registry.identity.issuer import Issuer
from heli_registry.identity.models import PRINCIPAL
from heli_registry.identity.service import PRINCIPALS, keep_no_reply, me, rights, rotate_secret
from heli_registry.identity.sign_in import GrantType, SignIn
from heli_shared.contracts.registry.dto import KeySet, PrincipalDto
from heli_shared.kernel.errors import FieldProblem, InvalidInput, Unauthenticated
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import IdempotencyKey, record_router
from heli_shared.records.models import PrivateFields
from heli_shared.records.reading import find_row
from heli_shared.records.service import get_record, not_found
from heli_shared.web.calls import ANYBODY, PERMISSION_MARK, PUBLIC, endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router

_NO_STORE = {"Cache-Control": "no-store"}
PrincipalKey = Annotated[str, Path(max_length=64, pattern=PRINCIPAL.key_pattern, description="账号 id")]
Login = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=64, pattern=r"^[A-Za-z0-9._@-]+$")
]
Given = Annotated[str, StringConstraints(max_length=200)]

PRIVATE = PrivateFields(
    new={"login": (Login, Field(description="登录名, once only", examples=["chengguan.clerk"]))},
    shown={
        "login": (str, Field(description="登录名")),
        "has_secret": (bool, Field(description="Whether a secret was set")),
    },
)


class TokenForm(BaseModel):
    """What an OAuth 2 client sends for a token; `scope` is accepted and means nothing."""

    model_config = ConfigDict(extra="forbid")
    grant_type: GrantType
    username: Given | None = None
    password: Given | None = None
    client_id: Given | None = None
    client_secret: Given | None = None
    scope: Given | None = None


class Token(BaseModel):
    """An access token and its life in seconds."""

    access_token: str
    token_type: str = Field(examples=["Bearer"])
    expires_in: int = Field(examples=[600])


class NewSecret(BaseModel):
    """A principal's fresh secret; it is shown this once."""

    id: str
    login: str
    secret: str


def identity_router(sign_in: SignIn, issuer: Issuer, hasher: SecretHasher) -> APIRouter:
    """Return the routes of identity."""
    router = new_router()
    _add_tokens(router, sign_in)
    _add_who(router, issuer)
    _add_secret(router, hasher)
    router.routes.extend(record_router(PRINCIPALS, private=PRIVATE).routes)
    return router


def _add_tokens(router: APIRouter, sign_in: SignIn) -> None:
    def create_token(request: Request, form: Annotated[TokenForm, Form()]) -> Response:
        """Get an access token for a person's login and password, or a client's id and secret (OAuth 2)."""
        login, secret = _credentials(request, form)
        address = request.client.host if request.client else "unknown"
        issued = sign_in.sign_in(form.grant_type, login=login, secret=secret, address=address)
        content = {"access_token": issued.token, "token_type": "Bearer", "expires_in": issued.expires_in}
        return json_reply(content, headers=_NO_STORE)

    # Not a call: no connection may be held while a secret is being hashed.
    setattr(create_token, PERMISSION_MARK, PUBLIC)
    router.post("/v1/tokens", tags=["identity"], response_model=Token, responses=problems(401, 413, 422, 429, 503))(
        create_token
    )


def _credentials(request: Request, form: TokenForm) -> tuple[str, str]:
    """Return login and secret from the form, or a client's from HTTP Basic as OAuth 2 libraries like to send them."""
    names = ("username", "password") if form.grant_type == "password" else ("client_id", "client_secret")
    given = (getattr(form, names[0]), getattr(form, names[1]))
    header = request.headers.get("authorization", "")
    if form.grant_type == "client_credentials" and given[1] is None and header[:6].lower() == "basic ":
        return _basic(header[6:])
    missing = [
        FieldProblem(f"/{name}", "必填", "is required") for name, value in zip(names, given, strict=True) if not value
    ]
    if missing:
        raise InvalidInput("缺少账号或密码（密钥）。", "Login or secret is missing.", errors=missing)
    return str(given[0]), str(given[1])


def _basic(text: str) -> tuple[str, str]:
    try:
        login, found, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        login, found, secret = "", "", ""
    if not found or len(text) > 1_000:  # noqa: PLR2004 - longer than any credentials of ours
        raise Unauthenticated("账号或密码（密钥）有误。", "The login or the secret is wrong.")
    return login, secret


def _add_who(router: APIRouter, issuer: Issuer) -> None:
    @router.get("/v1/keys", tags=["identity"], response_model=KeySet, responses=problems())
    @endpoint(ANYBODY)
    def get_keys(call: RecordCall) -> Response:
        """Get the public keys that sign access tokens (JWKS)."""
        del call
        return json_reply(issuer.public_keys())

    @router.get("/v1/principals/me", tags=["identity"], response_model=PrincipalDto, responses=problems())
    @endpoint(ANYBODY)
    def get_me(call: RecordCall) -> Response:
        """Get who you are, what you may do and what you see, as of this moment."""
        return json_reply(me(call))

    @router.get(
        "/v1/principals/{key}/rights", tags=["identity"], response_model=PrincipalDto, responses=problems(404, 422)
    )
    @endpoint("rights:read")
    def get_rights(call: RecordCall, key: PrincipalKey) -> Response:
        """Get what somebody may do and see, as of this moment: for services that act for people who are not there."""
        return json_reply(rights(call, key))


def _add_secret(router: APIRouter, hasher: SecretHasher) -> None:
    @router.post(
        "/v1/principals/{key}/secret",
        tags=["principals"],
        response_model=NewSecret,
        responses=problems(404, 409, 422),
    )
    @endpoint("principals:write", writes=True)
    def set_principal_secret(call: RecordCall, key: PrincipalKey, idempotency_key: IdempotencyKey = None) -> Response:
        """Give a principal a fresh secret and show it this once; the one before ends at once."""
        del idempotency_key  # replies with a secret are never kept: repeating makes another one
        if find_row(call.session, PRINCIPAL, key, lock=True) is None:
            raise not_found(PRINCIPAL, key)
        record = get_record(call, PRINCIPALS, key)
        shown: dict[str, Any] = PRINCIPALS.shown(call, [record])[0]
        secret = rotate_secret(call, record, hasher)
        keep_no_reply(call)
        return json_reply({"id": key, "login": shown["login"], "secret": secret}, headers=_NO_STORE)
