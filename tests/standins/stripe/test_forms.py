"""Forms with brackets: what the package writes is what the stand-in reads."""

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe._encode import _api_encode

from phonepay.standins.stripe import form
from phonepay.standins.stripe.errors import ApiError

NAMES = st.text("abcxyz_", min_size=1, max_size=6)
VALUES = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=8)
TREES = st.recursive(VALUES, lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=3), max_leaves=6)


def encoded(tree: dict[str, Any]) -> bytes:
    return urlencode(list(_api_encode(tree))).encode()


@given(tree=st.dictionaries(NAMES, TREES, max_size=4))
def test_what_the_package_writes_is_read_as_it_was(tree: dict[str, Any]) -> None:
    assert form.decode(encoded(tree)) == tree


@given(tree=st.dictionaries(NAMES, TREES, max_size=4))
def test_the_order_of_a_form_makes_no_difference(tree: dict[str, Any]) -> None:
    turned = dict(reversed(list(tree.items())))
    assert form.canonical(form.decode(encoded(tree))) == form.canonical(form.decode(encoded(turned)))


@given(first=st.dictionaries(NAMES, VALUES, max_size=3), second=st.dictionaries(NAMES, VALUES, max_size=3))
def test_different_forms_are_told_apart(first: dict[str, str], second: dict[str, str]) -> None:
    assert (form.canonical(dict(first)) == form.canonical(dict(second))) == (first == second)


def test_lists_are_numbered() -> None:
    assert form.decode(b"a[]=1&a[]=2&b[0]=3&b[1]=4") == {"a": {"0": "1", "1": "2"}, "b": {"0": "3", "1": "4"}}


@given(body=st.binary(max_size=80))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    try:
        assert isinstance(form.decode(body), dict)
    except ApiError as error:
        refusal = error
    else:
        return
    assert refusal.status == 400


def test_a_form_of_too_many_fields_is_refused() -> None:
    with pytest.raises(ApiError):
        form.decode(b"&".join(b"a[]=1" for _ in range(3000)))
