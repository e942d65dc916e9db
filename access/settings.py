"""How people come in, read from the environment and the register: open, local or by a provider.

========================== ================================================================
`TSUNAGI_OIDC_URL`         the provider's metadata document; sign-in is by OpenID Connect
`TSUNAGI_OIDC_CLIENT_ID`   and `TSUNAGI_OIDC_CLIENT_SECRET`: this app at the provider
`TSUNAGI_COOKIE_SECRET`    at least 32 bytes; signs the provider sign-in's cookie
`TSUNAGI_URL`              the address people type, behind a proxy; needed for a provider
`TSUNAGI_TILE_URL`         map pictures of the operator's, the one address a page may ask besides
========================== ================================================================

Without a provider the first account made turns the local sign-in on. Without either the app is
open, for one PC only: it answers no address but loopback.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from access.register import AccessError, Register

Mode = Literal["open", "local", "provider"]
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
FEWEST_SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Access:
    """How people come in; `hosts` are the names the app answers to, without ports.

    `secrets` is what Streamlit's own sign-in needs, empty unless the mode is provider. `pictures`
    is the origin of the operator's map pictures, "" for none.
    """

    mode: Mode
    hosts: frozenset[str]
    is_https: bool
    secrets: Mapping[str, Any]
    pictures: str = ""


def read_access(
    environment: Mapping[str, str], register: Register, address: str = "127.0.0.1"
) -> Access:
    """Decide how people come in when the app listens on `address`.

    Raises:
        AccessError: a setting is missing or too weak, or the app would be open to others.
    """
    url = urlsplit(environment.get("TSUNAGI_URL", ""))
    hosts = LOOPBACK | {name for name in (url.hostname, address) if name}
    is_https = url.scheme == "https"
    pictures = _find_origin(environment.get("TSUNAGI_TILE_URL", ""))
    if environment.get("TSUNAGI_OIDC_URL"):
        secrets = {"auth": _read_provider(environment)}
        return Access("provider", hosts, is_https, secrets, pictures)
    if register.list_accounts():
        return Access("local", hosts, is_https, {}, pictures)
    if not is_loopback(address):
        raise AccessError("access.open_to_others", address=address)
    return Access("open", LOOPBACK, False, {}, pictures)


def is_loopback(address: str) -> bool:
    """Say whether only this machine reaches `address`."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _find_origin(url: str) -> str:
    parts = urlsplit(url)
    known = parts.scheme in {"http", "https"} and re.fullmatch(r"[\w.:-]+", parts.netloc)
    return f"{parts.scheme}://{parts.netloc}" if known else ""


def _read_provider(environment: Mapping[str, str]) -> dict[str, str]:
    names = ("TSUNAGI_OIDC_CLIENT_ID", "TSUNAGI_OIDC_CLIENT_SECRET", "TSUNAGI_URL")
    for name in (*names, "TSUNAGI_COOKIE_SECRET"):
        if not environment.get(name):
            raise AccessError("access.setting_missing", name=name)
    secret = environment["TSUNAGI_COOKIE_SECRET"]
    if len(secret.encode()) < FEWEST_SECRET_BYTES or len(set(secret)) < 10:
        raise AccessError("access.weak_secret", fewest=FEWEST_SECRET_BYTES)
    return {
        "redirect_uri": environment["TSUNAGI_URL"].rstrip("/") + "/oauth2callback",
        "cookie_secret": secret,
        "client_id": environment["TSUNAGI_OIDC_CLIENT_ID"],
        "client_secret": environment["TSUNAGI_OIDC_CLIENT_SECRET"],
        "server_metadata_url": environment["TSUNAGI_OIDC_URL"],
    }
