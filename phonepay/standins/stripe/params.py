"""Kinds of parameters, and how Stripe refuses what does not fit them.

Every parser takes the text, or the hash, and the name by which an error calls it.
"""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from phonepay.standins.stripe.errors import Json, invalid, missing_param, unknown_param
from phonepay.standins.stripe.form import Tree

INTEGER = re.compile(r"\A-?[0-9]{1,18}\Z")


class Kind(Protocol):
    def parse(self, value: "str | Tree", name: str) -> Any: ...


def _text(value: "str | Tree", name: str, wanted: str) -> str:
    if isinstance(value, dict):
        raise invalid(f"Invalid {wanted}: {name} was sent as a hash or a list", name)
    return value


def _empty(name: str) -> Exception:
    return invalid(
        f"{name} was sent empty, which would unset it, and it cannot be unset.", name, "parameter_invalid_empty"
    )


class Text:
    """A string of at most `most` characters; an empty one unsets the value (None) where `unset` says so."""

    def __init__(self, most: int = 5000, unset: bool = False) -> None:
        self.most, self.unset = most, unset

    def parse(self, value: "str | Tree", name: str) -> str | None:
        text = _text(value, name, "string")
        if not text:
            if self.unset:
                return None
            raise _empty(name)
        if len(text) > self.most:
            raise invalid(f"Invalid string: {name} must be at most {self.most} characters", name)
        return text


class Integer:
    def __init__(self, least: int | None = None, most: int | None = None) -> None:
        self.least, self.most = least, most

    def parse(self, value: "str | Tree", name: str) -> int:
        text = _text(value, name, "integer")
        if not text:
            raise _empty(name)
        if not INTEGER.match(text):
            raise invalid(f"Invalid integer: {text[:40]}", name, "parameter_invalid_integer")
        number = int(text)
        if self.least is not None and number < self.least:
            raise invalid(f"Invalid integer: {name} must be at least {self.least}", name, "parameter_invalid_integer")
        if self.most is not None and number > self.most:
            raise invalid(f"Invalid integer: {name} must be at most {self.most}", name, "parameter_invalid_integer")
        return number


class Boolean:
    def parse(self, value: "str | Tree", name: str) -> bool:
        text = _text(value, name, "boolean")
        if text not in ("true", "false"):
            raise invalid(f"Invalid boolean: {text[:40]}", name)
        return text == "true"


class Choice:
    """One of some words; `beyond` are words that Stripe knows and the stand-in does not play."""

    def __init__(self, *words: str, beyond: tuple[str, ...] = (), unset: bool = False) -> None:
        self.words, self.beyond, self.unset = words, beyond, unset

    def parse(self, value: "str | Tree", name: str) -> str | None:
        text = _text(value, name, "string")
        if not text and self.unset:
            return None
        if text in self.beyond:
            raise not_modelled(f"{name}={text}")
        if text not in self.words:
            raise invalid(f"Invalid {name}: must be one of {', '.join(self.words + self.beyond)}", name)
        return text


class OffSession:
    """`off_session` is a boolean or, once, one of two words; all that matters here is whether the payer is present."""

    def parse(self, value: "str | Tree", name: str) -> bool:
        text = _text(value, name, "boolean")
        return True if text in ("one_off", "recurring") else Boolean().parse(text, name)


class Listed:
    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def parse(self, value: "str | Tree", name: str) -> list[Any]:
        if value == "":
            return []
        if not isinstance(value, dict) or not all(key.isdigit() for key in value):
            raise invalid(f"Invalid array: {name}", name)
        return [self.kind.parse(value[key], f"{name}[{key}]") for key in sorted(value, key=int)]


class Hash:
    """A hash of known names. `beyond` names exist in Stripe's API and are refused loudly instead of being ignored."""

    def __init__(
        self,
        fields: Mapping[str, Kind],
        *,
        required: tuple[str, ...] = (),
        beyond: tuple[str, ...] = (),
        unset: bool = False,
    ) -> None:
        self.fields, self.required, self.beyond, self.unset = dict(fields), required, frozenset(beyond), unset

    @property
    def known(self) -> frozenset[str]:
        return frozenset(self.fields) | self.beyond

    def parse(self, value: "str | Tree", name: str) -> Json | None:
        if value == "" and self.unset:
            return None
        if not isinstance(value, dict):
            raise invalid(f"Invalid object: {name}", name)
        parsed: Json = {}
        for key, below in value.items():
            path = f"{name}[{key}]" if name else key
            if key in self.beyond:
                raise not_modelled(path)
            if key not in self.fields:
                raise unknown_param(path)
            parsed[key] = self.fields[key].parse(below, path)
        for key in self.required:
            if key not in parsed:
                raise missing_param(f"{name}[{key}]" if name else key)
        return parsed


class Metadata:
    """At most 50 pairs, names of 40 and values of 500 characters. An empty value removes a pair, an empty hash all.
    Source: docs.stripe.com/api/metadata."""

    def parse(self, value: "str | Tree", name: str) -> dict[str, str] | None:
        if value == "":
            return None
        if not isinstance(value, dict):
            raise invalid(f"Invalid object: {name}", name)
        if len(value) > 50:
            raise invalid(f"Invalid {name}: at most 50 keys can be kept", name)
        pairs: dict[str, str] = {}
        for key, text in value.items():
            path = f"{name}[{key}]"
            if len(key) > 40:
                raise invalid(f"Invalid {name}: a key has at most 40 characters", path)
            if isinstance(text, dict):
                raise invalid(f"Invalid {name}: values are strings", path)
            if len(text) > 500:
                raise invalid(f"Invalid {name}: a value has at most 500 characters", path)
            pairs[key] = text
        return pairs


class Moment:
    """`created`: one second, or a hash of gt, gte, lt and lte."""

    names = ("gt", "gte", "lt", "lte")

    def parse(self, value: "str | Tree", name: str) -> dict[str, int]:
        if isinstance(value, dict):
            return Hash({bound: Integer(0) for bound in self.names}).parse(value, name) or {}
        second = Integer(0).parse(value, name)
        return {"gte": second, "lte": second}


def not_modelled(name: str) -> Exception:
    return invalid(f"Stripe knows {name}, this stand-in does not play it: leave it out or teach it.", name)


def merge_metadata(old: dict[str, str], change: dict[str, str] | None) -> dict[str, str]:
    """What the object keeps after an update."""
    if change is None:
        return {}
    merged = {key: value for key, value in {**old, **change}.items() if value}
    if len(merged) > 50:
        raise invalid("Invalid metadata: at most 50 keys can be kept", "metadata")
    return merged
