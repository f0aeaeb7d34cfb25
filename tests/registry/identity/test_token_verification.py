"""Which tokens are accepted: ours, whole, in time, and nothing else."""

import base64
import hashlib
import hmac
import json
import warnings
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from heli_registry.identity.issuer import Issuer, new_key_set
from heli_shared.kernel.clock import FixedClock
from heli_shared.web.tokens import InvalidToken, TokenVerifier, UnknownKey

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
KEYS = new_key_set()
KEY = KEYS["keys"][0]
PUBLIC = {name: KEY[name] for name in ("kty", "crv", "x", "kid")}
HEADER = {"alg": "EdDSA", "kid": KEY["kid"], "typ": "at+jwt"}
CLAIMS = {
    "iss": "heli",
    "aud": "heli",
    "sub": "prn-1",
    "jti": "tok-1",
    "iat": SECONDS,
    "nbf": SECONDS,
    "exp": SECONDS + 600,
}
OTHER = Ed25519PrivateKey.generate()
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
RSA_PEM = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


PRIVATE = Ed25519PrivateKey.from_private_bytes(unb64(KEY["d"]))


def packed(header, claims, sign=PRIVATE.sign):
    """Sign by hand, so that the cases do not depend on the library that the verifier uses."""
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    body = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    signed = f"{b64(head)}.{b64(body)}"
    return f"{signed}.{b64(sign(signed.encode()))}"


def header(**changes):
    return packed({**HEADER, **changes}, CLAIMS)


def claims(**changes):
    return packed(HEADER, {**CLAIMS, **changes})


def without(name, *, part):
    kept = {key: value for key, value in part.items() if key != name}
    return packed(kept, CLAIMS) if part is HEADER else packed(HEADER, kept)


def hs256(secret):
    return lambda message: hmac.new(secret, message, hashlib.sha256).digest()


def flipped(token, part, place=3):
    pieces = token.split(".")
    raw = bytearray(unb64(pieces[part]))
    raw[place] ^= 1
    pieces[part] = b64(bytes(raw))
    return ".".join(pieces)


GOOD = packed(HEADER, CLAIMS)
OTHER_JWK = {"kty": "OKP", "crv": "Ed25519", "x": b64(OTHER.public_key().public_bytes_raw())}
BAD = {
    "empty": "",
    "no dots": "token",
    "two parts": GOOD.rsplit(".", 1)[0],
    "four parts": GOOD + ".x",
    "five parts like an encrypted token": "a.b.c.d.e",
    "no signature": GOOD.rsplit(".", 1)[0] + ".",
    "not base64": GOOD.replace(".", ".*", 1),
    "padded base64": GOOD + "==",
    "standard alphabet": GOOD.rsplit(".", 1)[0] + ".++++",
    "a second spelling of the signature": GOOD[:-1] + ("B" if GOOD[-1] == "A" else chr(ord(GOOD[-1]) + 1)),
    "white space inside": GOOD.replace(".", ". ", 1),
    "line break at the end": GOOD + "\n",
    "not ASCII": GOOD + "é",
    "huge": packed(HEADER, {**CLAIMS, "x": "y" * 5000}),
    "JSON serialisation": json.dumps({"payload": "e30", "signatures": []}),
    "header not JSON": packed(b"{", CLAIMS),
    "header a list": packed(b"[]", CLAIMS),
    "header not UTF-8": packed(b"\xff\xfe", CLAIMS),
    "header deep": packed(b"[" * 900 + b"]" * 900, CLAIMS),
    "header name given twice": packed(b'{"alg":"none",' + json.dumps(HEADER).encode()[1:], CLAIMS),
    "alg none": packed({**HEADER, "alg": "none"}, CLAIMS, lambda _: b""),
    "alg None, signed": header(alg="None"),
    "alg missing": without("alg", part=HEADER),
    "alg a list": header(alg=["EdDSA"]),
    "alg eddsa in small letters": header(alg="eddsa"),
    "alg Ed25519 by its newer name": header(alg="Ed25519"),
    "alg HS256 with the public key as secret": packed({**HEADER, "alg": "HS256"}, CLAIMS, hs256(unb64(KEY["x"]))),
    "alg HS256 with an RSA key as secret": packed({**HEADER, "alg": "HS256"}, CLAIMS, hs256(RSA_PEM)),
    "alg EdDSA with an HMAC": packed(HEADER, CLAIMS, hs256(unb64(KEY["x"]))),
    "alg RS256": packed({**HEADER, "alg": "RS256"}, CLAIMS, lambda m: RSA.sign(m, padding.PKCS1v15(), hashes.SHA256())),
    "alg ES256": packed(
        {**HEADER, "alg": "ES256"},
        CLAIMS,
        lambda m: ec.generate_private_key(ec.SECP256R1()).sign(m, ec.ECDSA(hashes.SHA256())),
    ),
    "wrong curve Ed448": packed(HEADER, CLAIMS, ed448.Ed448PrivateKey.generate().sign),
    "another key under our kid": packed(HEADER, CLAIMS, OTHER.sign),
    "kid missing": without("kid", part=HEADER),
    "kid unknown": header(kid="key-elsewhere"),
    "kid a path": header(kid="../../etc/passwd"),
    "kid a number": header(kid=1),
    "kid null": header(kid=None),
    "typ missing": without("typ", part=HEADER),
    "typ JWT": header(typ="JWT"),
    "typ of an ID token": header(typ="id_token+jwt"),
    "typ of a refresh token": header(typ="rt+jwt"),
    "jwk in the header": packed({**HEADER, "jwk": OTHER_JWK}, CLAIMS, OTHER.sign),
    "our own jwk in the header": header(jwk=PUBLIC),
    "jku in the header": header(jku="https://example.org/keys"),
    "x5u in the header": header(x5u="https://example.org/certificate"),
    "x5c in the header": header(x5c=["MIIB"]),
    "unknown crit": packed({**HEADER, "crit": ["exotic"], "exotic": True}, CLAIMS),
    "empty crit": header(crit=[]),
    "known crit": packed({**HEADER, "crit": ["b64"], "b64": False}, CLAIMS),
    "zip in the header": header(zip="DEF"),
    "payload not JSON": packed(HEADER, b"claims"),
    "payload a list": packed(HEADER, b"[]"),
    "payload with a name twice": packed(HEADER, b'{"sub":"prn-2",' + json.dumps(CLAIMS).encode()[1:]),
    "payload changed after signing": flipped(GOOD, 1, 20),
    "header changed after signing": flipped(GOOD, 0, 12),
    "signature changed": flipped(GOOD, 2),
    "signature of another token": GOOD.rsplit(".", 1)[0] + "." + claims(sub="prn-2").rsplit(".", 1)[1],
    "iss missing": without("iss", part=CLAIMS),
    "iss of somebody else": claims(iss="heli.example.org"),
    "aud missing": without("aud", part=CLAIMS),
    "aud of another system": claims(aud="other"),
    "aud a list": claims(aud=["heli", "other"]),
    "sub missing": without("sub", part=CLAIMS),
    "sub empty": claims(sub=""),
    "sub a number": claims(sub=7),
    "jti missing": without("jti", part=CLAIMS),
    "exp missing": without("exp", part=CLAIMS),
    "exp a text": claims(exp=str(SECONDS + 600)),
    "exp a fraction": claims(exp=SECONDS + 600.5),
    "exp true": claims(exp=True),
    "exp beyond every lifetime": claims(exp=SECONDS + 10 * 24 * 3600),
    "exp infinite": packed(HEADER, json.dumps(CLAIMS).replace(str(SECONDS + 600), "1e999").encode()),
    "exp of 2,500 digits": packed(HEADER, json.dumps(CLAIMS).replace(str(SECONDS + 600), "9" * 2500).encode()),
    "expired beyond the skew": claims(iat=SECONDS - 600, nbf=SECONDS - 600, exp=SECONDS - 60),
    "not yet valid beyond the skew": claims(nbf=SECONDS + 61),
    "issued in the future": claims(iat=SECONDS + 61),
    "nbf missing": without("nbf", part=CLAIMS),
    "iat missing": without("iat", part=CLAIMS),
}


@pytest.fixture
def clock():
    return FixedClock(NOW)


@pytest.fixture
def verifier(clock):
    return TokenVerifier({"keys": [PUBLIC]}, clock=clock)


def test_a_token_of_the_issuer_is_accepted(clock, verifier):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        token = Issuer(KEYS, clock=clock).issue("prn-1", lifetime=600)
    claims = verifier.verify(token.token)
    assert (claims.subject, claims.expires_at, token.expires_in) == ("prn-1", SECONDS + 600, 600)


def test_the_hand_made_token_of_the_cases_is_accepted(verifier):
    assert verifier.verify(GOOD).subject == "prn-1"


@pytest.mark.parametrize("token", BAD.values(), ids=BAD.keys())
def test_a_bad_token_is_refused(verifier, token):
    verifier.verify(GOOD)
    with pytest.raises(InvalidToken):
        verifier.verify(token)


def test_there_are_more_than_forty_bad_tokens():
    assert len(BAD) > 40
    assert len(set(BAD.values())) == len(BAD)


@pytest.mark.parametrize(
    ("changes", "accepted"),
    [
        ({"exp": SECONDS + 1}, True),
        ({"exp": SECONDS - 59, "iat": SECONDS - 600}, True),
        ({"exp": SECONDS - 60, "iat": SECONDS - 600}, False),
        ({"nbf": SECONDS + 60}, True),
        ({"nbf": SECONDS + 61}, False),
    ],
)
def test_the_skew_ends_exactly_at_sixty_seconds(verifier, changes, accepted):
    token = claims(**changes)
    if accepted:
        assert verifier.verify(token).subject == "prn-1"
    else:
        with pytest.raises(InvalidToken):
            verifier.verify(token)


def test_a_remembered_token_still_ends(clock, verifier):
    verifier.verify(GOOD)
    clock.instant = NOW + timedelta(seconds=659)
    verifier.verify(GOOD)
    clock.instant = NOW + timedelta(seconds=660)
    with pytest.raises(InvalidToken):
        verifier.verify(GOOD)


def test_tokens_of_a_key_that_was_rotated_out_are_refused_at_once(verifier):
    verifier.verify(GOOD)
    verifier.replace_keys({"keys": [{**OTHER_JWK, "kid": "key-new"}]})
    with pytest.raises(UnknownKey):
        verifier.verify(GOOD)


def test_both_keys_count_during_a_rotation(clock):
    old, new = new_key_set()["keys"][0], KEY
    issuer = Issuer({"keys": [new, old]}, clock=clock)
    verifier = TokenVerifier(issuer.public_keys(), clock=clock)
    before = Issuer({"keys": [old]}, clock=clock).issue("prn-9").token
    assert verifier.verify(before).subject == "prn-9"
    assert verifier.verify(issuer.issue("prn-8").token).subject == "prn-8"


def test_the_public_key_set_holds_no_private_half(clock):
    public = Issuer(KEYS, clock=clock).public_keys()
    assert [set(key) for key in public["keys"]] == [{"kty", "crv", "x", "kid", "alg", "use"}]


def test_keys_of_other_kinds_are_never_used(clock):
    keys = {"keys": [{"kty": "oct", "k": b64(b"secret" * 8), "kid": KEY["kid"]}, {"kty": "RSA", "kid": "r"}]}
    with pytest.raises(UnknownKey):
        TokenVerifier(keys, clock=clock).verify(GOOD)


def test_only_so_many_tokens_are_remembered(clock):
    verifier = TokenVerifier({"keys": [PUBLIC]}, clock=clock, remembered=3)
    for number in range(10):
        verifier.verify(claims(jti=f"tok-{number}"))
    assert len(verifier._verified) == 3
