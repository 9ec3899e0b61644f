"""The second fact: asked after every number alike, compared by the driver, told of to nobody."""

from __future__ import annotations

from phonepay.ivr.events import FindOrder
from phonepay.ivr.replies import Dial
from phonepay.ivr.state import State
from tests.ivr.call import Call, alone, line, order

SHOP = {"1042": order("payable", order_id=7), "1050": order("paid", "1050"), "1060": order("busy", "1060")}


def call(**facts: object) -> Call:
    told = Call(alone(second_fact="postal", **facts), SHOP)
    told.start()
    return told


def test_every_number_is_asked_about_in_the_same_words() -> None:
    heard = set()
    for number in ("1042", "1050", "1060", "9999"):
        told = call()
        heard.add(told.keys(number))
        assert told.queries == []
    assert heard == {"Enter your zip code, as Harbor Garage has it, then press the pound key."}


def test_the_amount_is_told_after_it() -> None:
    told = call()
    told.keys("1042")
    assert told.keys("94110") == (
        "Order 1, 0, 4, 2: forty-two dollars and fifty cents. To pay, press 1. To enter another number, press 2."
    )
    assert told.queries == [FindOrder("1042", "postal", "94110")]


def test_that_an_order_is_paid_is_told_after_it_too() -> None:
    told = call()
    told.keys("1050")
    assert told.keys("94110").startswith("Order 1, 0, 5, 0 was paid")


def test_what_does_not_fit_is_asked_for_again_and_says_nothing_of_the_order() -> None:
    told = call()
    told.keys("9999")
    assert told.keys("94110") == (
        "Those two numbers do not match. Please enter both again. Enter your order number, then press the pound key."
    )


def test_the_third_time_the_call_ends_with_the_state_of_the_money() -> None:
    told = call()
    for _ in range(2):
        told.keys("9999")
        told.keys("94110")
    told.keys("9999")
    assert told.keys("94110") == (
        "We could not match those numbers. You have not been charged. Please contact Harbor Garage another way. Goodbye."
    )
    assert told.ended == "refused_number"


def test_where_there_is_a_person_the_third_time_rings_them() -> None:
    told = Call(line(second_fact="phone"), {})
    told.start()
    for _ in range(3):
        told.keys("9999")
        told.keys("0142")
    assert isinstance(told.reply, Dial)


def test_a_number_that_is_new_cannot_be_paid_on_such_a_line() -> None:
    told = call(accepts_unknown_orders=True)
    told.keys("9999")
    assert told.keys("94110").startswith("Those two numbers do not match.")


def test_the_fact_is_kept_nowhere() -> None:
    told = call()
    told.keys("1042")
    told.keys("94110")
    assert told.keyed == "xxxxx"
    assert "94110" not in str(told.state.to_dict())


def test_a_long_number_is_masked_before_anybody_knows_whether_it_is_an_order() -> None:
    told = call()
    told.keys("42424242")
    assert told.keyed == "xxxxxxxx"


def test_another_number_asks_for_its_own_fact() -> None:
    told = call()
    told.keys("1042")
    told.keys("94110")
    told.keys("2")
    told.keys("1050")
    assert told.said == ["fact.postal"]


def test_a_postcode_with_letters_is_keyed_as_letters_are() -> None:
    told = Call(alone(second_fact="postal", locales=("en-GB",)), SHOP)
    told.start()
    assert told.keys("1042") == (
        "Enter your postcode, as Harbor Garage has it, then press the hash key. For a letter, press its key once. Leave out dashes."
    )


def test_silence_asks_again_and_0_finds_no_person() -> None:
    told = call()
    told.keys("1042")
    assert told.silence().startswith("Are you still there? Enter your zip code")
    assert told.keys("0").startswith("There is nobody to talk to on this line. Enter your zip code")


def test_a_call_that_began_before_the_product_knew_of_it_goes_on() -> None:
    stored = {
        name: value for name, value in State(step="order", locale="en-US").to_dict().items() if "fact" not in name
    }
    assert State.from_dict(stored).fact_tries == 0
