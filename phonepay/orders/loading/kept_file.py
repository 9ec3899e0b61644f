"""The uploaded file between its steps: encrypted in the database, so that any worker can read it, and soon gone.

What may be a card number in it is never stored readably: only memory sees it.
"""

from __future__ import annotations

from phonepay.configuration.encryption import Unreadable, decrypt, encrypt
from phonepay.orders.loading.models import Load, LoadPiece
from phonepay.orders.loading.reasons import LoadRefused

_PIECE = 512 * 1024


def keep(load: Load, data: bytes) -> None:
    """Call inside the transaction that makes the load."""
    for place, start in enumerate(range(0, len(data), _PIECE)):
        LoadPiece.objects.create(load=load, place=place, data=encrypt(data[start : start + _PIECE]))


def kept(load: Load) -> bytes:
    """The whole file. Raises LoadRefused where it is gone, or was encrypted with a key that is not there any more."""
    pieces = LoadPiece.objects.filter(load=load).order_by("place").values_list("data", flat=True)
    try:
        data = b"".join(decrypt(bytes(piece)) for piece in pieces.iterator(8))
    except Unreadable as error:
        raise LoadRefused("empty") from error
    if not data:
        raise LoadRefused("empty")
    return data


def forget(load: Load) -> None:
    LoadPiece.objects.filter(load=load).delete()
