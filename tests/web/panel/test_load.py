"""Loading a file in the panel: each step, once, and what was typed is never lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from phonepay.lib.sheets import xlsx_parts
from phonepay.merchant.models import Merchant
from phonepay.orders.loading.models import Load
from phonepay.orders.models import Order
from phonepay.people.models import Role
from phonepay.web.panel.load import views
from tests.orders.files import order
from tests.shop import make_line, make_shop
from tests.web.cast import person, signed_in

FILE = "Order,Customer,Amount due\n1042,Ana Ruiz,42.50\n1043,Bo Lindqvist,18.00\n"
COLUMNS = {"step": "match", "number": "0", "customer_name": "1", "amount": "2", "currency": "usd", "mark": "."}


@pytest.fixture
def shop(db: None) -> Merchant:
    shop = make_shop()
    make_line(shop)
    return shop


@pytest.fixture
def client(shop: Merchant) -> Client:
    return signed_in(person(Role.OPERATOR))


def uploaded(client: Client, text: str | bytes = FILE, name: str = "orders.csv") -> Any:
    data = text if isinstance(text, bytes) else text.encode()
    return client.post("/orders/load", {"file": SimpleUploadedFile(name, data)})


def at_step(client: Client, text: str = FILE, **columns: str) -> str:
    """The address of a file whose rows are read."""
    address = uploaded(client, text).headers["Location"]
    client.post(address, COLUMNS | columns)
    return str(address)


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_file_is_loaded_in_three_presses(client: Client) -> None:
    address = uploaded(client).headers["Location"]
    assert client.post(address, COLUMNS).headers["Location"] == address
    page = words(client.get(address))
    assert "Load 2 orders" in page and "Ana Ruiz" in page
    client.post(address, {"step": "confirm", "updates": "no"})
    assert "Loaded 2 orders" in words(client.get(address)) and Order.objects.count() == 2


def test_a_workbook_is_loaded_too(client: Client) -> None:
    data = b"".join(xlsx_parts(["Order", "Customer", "Amount"], [[["1042", "Ana", 42]]]))
    address = uploaded(client, data, "orders.xlsx").headers["Location"]
    client.post(address, COLUMNS)
    client.post(address, {"step": "confirm", "updates": "no"})
    assert Order.objects.get().amount == 4200


def test_the_columns_are_guessed_and_shown(client: Client) -> None:
    page = client.get(uploaded(client).headers["Location"]).content.decode()
    assert '<option value="2" selected>Amount due: 42.50, 18.00</option>' in page


def test_the_list_of_orders_leads_here_and_an_order_says_where_it_came_from(client: Client) -> None:
    assert 'href="/orders/load"' in client.get("/orders").content.decode()
    client.post(at_step(client), {"step": "confirm", "updates": "no"})
    assert "Added from the file orders.csv" in words(client.get(f"/orders/{Order.objects.all()[0].pk}"))


def test_pressing_twice_loads_once(client: Client) -> None:
    address = at_step(client)
    client.post(address, {"step": "confirm", "updates": "no"})
    again = client.post(address, {"step": "confirm", "updates": "no"})
    assert Order.objects.count() == 2 and "done already" in words(again)


def test_errors_are_listed_and_nothing_is_loaded_before_they_are_left_out(client: Client) -> None:
    address = at_step(client, FILE + "1044,Chidi,free\n")
    page = words(client.get(address))
    assert "Line 4" in page and "This cannot be read as an amount." in page
    assert "nothing was loaded" in words(client.post(address, {"step": "confirm", "updates": "no"}))
    client.post(address, {"step": "confirm", "updates": "no", "leaves_out": "yes"})
    assert Order.objects.count() == 2


def test_errors_are_downloaded_with_line_column_value_and_reason(client: Client) -> None:
    address = at_step(client, FILE + "1044,Chidi,=1+1\n")
    response: Any = client.get(f"{address}/errors.csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[1] == "4,Amount,'=1+1,This cannot be read as an amount."


def test_what_would_change_is_told_and_only_done_when_asked(client: Client, shop: Merchant) -> None:
    order(shop, "1042", 100)
    address = at_step(client)
    assert "Load 1 and change 1" in words(client.get(address))
    client.post(address, {"step": "confirm", "updates": "yes"})
    assert Order.objects.get(number="1042").amount == 4250


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"\xd0\xcf\x11\xe0", "old or a protected workbook"), (b"   ", "nothing in this file"), (b"%PDF-1", "no table")],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(client: Client, data: bytes, sentence: str) -> None:
    assert sentence in words(uploaded(client, data)) and not Load.objects.exists()


def test_a_file_that_is_too_big_is_not_taken_in(client: Client, settings: Any) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
    assert "too big" in words(uploaded(client, b"order,amount\n" + b"1,1.00\n" * 200_000))


def test_no_file_at_all_says_so(client: Client) -> None:
    assert "There is nothing in this file." in words(client.post("/orders/load"))


def test_a_column_chosen_twice_is_refused(client: Client) -> None:
    address = uploaded(client).headers["Location"]
    assert "chosen twice" in words(client.post(address, COLUMNS | {"amount": "0"}))


def test_another_delimiter_is_tried_in_place(client: Client) -> None:
    address = uploaded(client, FILE.replace(",", ";")).headers["Location"]
    client.post(address, {"step": "form", "delimiter": ",", "encoding": "utf-8", "headed": "yes"})
    assert "Order;Customer" in words(client.get(address))


def test_a_big_file_shows_how_far_it_is(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "AT_ONCE_SECONDS", 0)
    address = at_step(client, "a,b,c\n" + "".join(f"{number},x,42.50\n" for number in range(1_500)))
    page = client.get(address)
    assert "500 of about 1,500 rows" in words(page) and 'hx-trigger="every 1s"' in page.content.decode()
    assert "<html" not in client.get(address, headers={"HX-Request": "true"}).content.decode()


def test_back_to_the_columns_and_on_again(client: Client) -> None:
    address = at_step(client)
    assert "Say which column is what" in words(client.get(f"{address}?columns"))
    client.post(address, COLUMNS)
    assert Load.objects.get().new == 2


def test_a_file_can_be_given_up(client: Client) -> None:
    address = at_step(client)
    client.post(address, {"step": "discard"})
    assert "discarded" in words(client.get(address)) and not Order.objects.exists()


def test_what_was_begun_can_be_gone_on_with(client: Client) -> None:
    address = at_step(client)
    assert f'href="{address}"' in client.get("/orders/load").content.decode()


def test_a_card_number_never_comes_back_to_a_page(client: Client) -> None:
    address = at_step(client, FILE + "1044,4242 4242 4242 4242,42.50\n", customer_name="1")
    pages = client.get(address).content + client.get(f"{address}?columns").content
    assert b"4242 4242" not in pages and b"looks like a card number" in pages


def test_a_file_of_another_shop_is_not_there(client: Client) -> None:
    address = uploaded(client).headers["Location"]
    Load.objects.update(merchant=make_shop(name="Another"))
    assert client.get(address).status_code == 404


def test_it_is_told_in_spanish_where_there_are_words(shop: Merchant) -> None:
    client = signed_in(person(Role.OWNER, language="es"))
    assert client.get(at_step(client)).status_code == 200
