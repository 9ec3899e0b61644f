"""People sign in by e-mail, in whatever case they write it."""

import pytest
from django.db import IntegrityError, transaction

from phonepay.people.models import Role, User
from phonepay.people.permissions import actor

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_an_address_is_kept_in_lower_case() -> None:
    assert User.objects.create_user(" Olivia@Example.com ").email == "olivia@example.com"
    assert User.objects.create(email="LUIS@example.com").email == "luis@example.com"


def test_two_people_cannot_have_the_same_address_in_another_case() -> None:
    User.objects.create_user("olivia@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("OLIVIA@example.com")


def test_who_is_made_without_a_role_may_only_look() -> None:
    assert User.objects.create_user("aisha@example.com").role == Role.AUDITOR


def test_there_are_no_other_roles() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("mallory@example.com", role="root")


def test_a_person_acts_under_a_name() -> None:
    user = User.objects.create_user("olivia@example.com", name="Olivia Owner")
    assert (actor(user).kind, actor(user).id, str(actor(user))) == ("person", str(user.pk), "Olivia Owner")
    assert str(actor(User.objects.create_user("luis@example.com"))) == "luis@example.com"
