"""Who a visitor says they are, believed only when the site signed it."""

from dataclasses import dataclass

from bot.gateway.bodies import is_storable, storable
from bot.gateway.signatures import Options, jwt
from bot.interactions import Microseconds

LONGEST_S = 24 * 3600
_SIGNATURE_ONLY: Options = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_sub": False,
    "verify_jti": False,
    "verify_aud": False,
    "verify_iss": False,
}
CLOCKS_DIFFER_S = 60


class Refused(Exception):
    """The proof is not good; `code` is the frame's."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Claims:
    customer: str
    email: str | None
    name: str | None


def verify(token: str, secrets: tuple[str, ...], at: Microseconds) -> Claims:
    """What the site says of its customer. HS256 with one of the site's secrets; sub, iat, exp at most a day ahead."""
    claims = _signed(token, secrets)
    now = at / 1_000_000
    subject, issued, expires = claims.get("sub"), claims.get("iat"), claims.get("exp")
    if not isinstance(subject, str) or not 0 < len(subject) <= 256 or not is_storable(subject):
        raise Refused("bad_signature", "The proof needs `sub`: the customer's id, 1 to 256 characters.")
    if not isinstance(issued, int | float) or not isinstance(expires, int | float):
        raise Refused("bad_signature", "The proof needs `iat` and `exp`, in seconds.")
    # Asked for what has to be so: of NaN, which Python reads in JSON, nothing is.
    if not (expires > now and issued <= now + CLOCKS_DIFFER_S):
        raise Refused("expired", "The proof has ended, or is from the future; have the site make a new one.")
    if expires > now + LONGEST_S + CLOCKS_DIFFER_S:
        raise Refused("expired", "A proof may be good for 24 hours at most.")
    return Claims(subject, _text(claims.get("email")), _text(claims.get("name")))


def _signed(token: str, secrets: tuple[str, ...]) -> dict[str, object]:
    for secret in secrets:
        try:
            # Only the signature: times are checked above, against the gateway's clock and with sentences of ours.
            signed = jwt.decode_complete(token, secret, algorithms=["HS256"], options=_SIGNATURE_ONLY)
            claims: dict[str, object] = signed["payload"]
            return claims
        except (jwt.PyJWTError, ValueError):
            continue
    raise Refused("bad_signature", "The proof is not signed (HS256) with this site's secret.")


def _text(value: object) -> str | None:
    return storable(value)[:256] or None if isinstance(value, str) else None
