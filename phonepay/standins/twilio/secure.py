"""Which addresses Twilio takes for secure, and those on loopback that the stand-in lets pass."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_secure(url: str) -> bool:
    """https, or http on this very machine (a product under development has no certificate there)."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return True
    host = parts.hostname or ""
    if host == "localhost":
        return parts.scheme == "http"
    try:
        return parts.scheme == "http" and ip_address(host).is_loopback
    except ValueError:
        return False
