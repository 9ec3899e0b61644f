"""Form bodies and queries with brackets, as Stripe's packages write them.

`a[b][]=c` becomes {"a": {"b": {"0": "c"}}}.
"""

import re
from urllib.parse import parse_qsl

from phonepay.standins.stripe.errors import invalid

Tree = dict[str, "str | Tree"]

MAX_DEPTH = 8
NAME = re.compile(r"\A([^\[\]]+)((?:\[[^\[\]]*\])*)\Z")
SEGMENT = re.compile(r"\[([^\[\]]*)\]")


def decode(text: bytes) -> Tree:
    """The tree of one form. Raises a 400 for what no client of Stripe writes: bad bytes, bad brackets, a name that
    is both a value and a hash."""
    try:
        pairs = parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=2000)
    except (UnicodeDecodeError, ValueError):
        raise invalid("Invalid request: the body is not a form in UTF-8") from None
    tree: Tree = {}
    for name, value in pairs:
        if "\x00" in name + value:
            raise invalid("Invalid request: it holds a zero byte")
        _put(tree, name, value)
    return tree


def _put(tree: Tree, name: str, value: str) -> None:
    match = NAME.match(name)
    if match is None:
        raise invalid("Invalid request: a parameter's brackets do not match")
    segments = [match[1], *SEGMENT.findall(match[2])]
    if len(segments) > MAX_DEPTH:
        raise invalid("Invalid request: a parameter is nested too deeply")
    branch = tree
    for segment in segments[:-1]:
        below = branch.setdefault(segment or str(len(branch)), {})
        if not isinstance(below, dict):
            raise invalid(f"Invalid request: {segments[0]} is both a value and a hash", segments[0])
        branch = below
    last = segments[-1] or str(len(branch))
    if isinstance(branch.get(last), dict):
        raise invalid(f"Invalid request: {segments[0]} is both a value and a hash", segments[0])
    branch[last] = value


def canonical(tree: Tree) -> str:
    """One text for equal parameters in any order: what an idempotency key is compared by."""
    return "&".join(sorted(_leaves(tree, "")))


def _leaves(tree: Tree, prefix: str) -> list[str]:
    found: list[str] = []
    for name, value in tree.items():
        path = f"{prefix}[{name}]" if prefix else name
        found.extend(_leaves(value, path) if isinstance(value, dict) else [f"{path}={value!r}"])
    return found
