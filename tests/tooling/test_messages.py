"""What the pages say is translated, and the compiled catalogues are what is in the readable ones."""

import re

import pytest
from babel.messages.catalog import Message

from scripts import messages


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_nothing_is_left_in_english(language: str) -> None:
    assert [each.id for each in messages.untranslated(messages.fresh_catalogue(language))] == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_compiled_catalogue_is_the_readable_one(language: str) -> None:
    path = messages.LOCALES / language / "LC_MESSAGES" / "django.mo"
    assert path.read_bytes() == messages.compiled(messages.fresh_catalogue(language)), "python scripts/messages.py"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_translation_names_the_same_facts(language: str) -> None:
    wrong = [each.id for each in messages.fresh_catalogue(language) if each.id and facts(each.id) != told(each)]
    assert wrong == []


def facts(text: str | tuple[str, str]) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", str(text)))


def told(message: Message) -> set[str]:
    return facts(message.string)


def test_strings_of_code_and_templates_are_found() -> None:
    found = {message for message, _, _ in messages.found_messages()}
    assert "Refunded %(amount)s. They will see it in 5 to 10 days." in found  # code
    assert "Back to %(card)s in 5 to 10 days. Stripe keeps its fee. This cannot be undone." in found  # a block
    assert ("%(count)s payment", "%(count)s payments") in found
    assert "Webhook's secret" in found  # given to another template: {% include … with label=_("…") %}
