"""How 钉钉 and 飞书 want messages of their robots signed, and the code that proves an e-mail address."""

from __future__ import annotations

import base64
import hashlib
import hmac


def dingtalk(secret: str, timestamp: str) -> str:
    """`sign` of 钉钉: HMAC-SHA256 under the secret of "timestamp, newline, secret", in base64. timestamp: milliseconds."""
    return _base64(secret.encode(), f"{timestamp}\n{secret}".encode())


def feishu(secret: str, timestamp: str) -> str:
    """`sign` of 飞书: HMAC-SHA256 of nothing, "timestamp, newline, secret" being the key, in base64. timestamp: seconds."""
    return _base64(f"{timestamp}\n{secret}".encode(), b"")


def code(key: str, *facts: str) -> str:
    """Six digits that only who knows the key can work out from these facts; nothing has to be kept but the facts."""
    digest = hmac.new(key.encode(), "\0".join(facts).encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def _base64(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
