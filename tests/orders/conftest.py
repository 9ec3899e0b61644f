import pytest

from phonepay.merchant.models import Merchant
from tests.shop import make_shop


@pytest.fixture
def shop(db: None) -> Merchant:
    """Corner Books, whose callers need not key INV-."""
    return make_shop()
