"""What is left in the database between two tests that commit: nothing but what the migrations made."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction

from phonepay.merchant.models import Line, Merchant
from phonepay.people.models import User
from tests.databases.emptying import KEPT, empty
from tests.shop import make_line, make_shop

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_every_row_of_a_test_goes_and_permissions_stay() -> None:
    permissions = Permission.objects.count()
    make_line(make_shop())
    person = User.objects.create(email="olivia@example.com")
    person.user_permissions.add(Permission.objects.first())
    empty()
    assert {model._meta.db_table for model in apps.get_models() if model.objects.exists()} == KEPT
    assert Permission.objects.count() == permissions > 0


def test_the_database_still_holds_to_its_rules_afterwards() -> None:
    make_line(make_shop())
    empty()
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.create(merchant=Merchant(pk=12), phone_number="+12025550199")
