"""PyJWT without public keys: sites sign by a secret that both know (HS256), and no other algorithm can be asked for."""

from bot.imports import as_if_missing

with as_if_missing("cryptography"):
    import jwt
    from jwt.types import Options

__all__ = ["Options", "jwt"]
