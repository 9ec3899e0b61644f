"""What is written down: one JSON object a line, with the call, and without card numbers."""

import io
import json
import logging
import logging.config
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.configuration.context import About, carried, name
from phonepay.configuration.logs import JsonLines, MaskCardNumbers, PlainLines, logging_settings, mask

CARD = "4242424242424242"
CALL = "CA00000000000000000000000000000000"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the logger `phonepay.test` writes, through the product's own filter and formatter."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(MaskCardNumbers())
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("phonepay.test")
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


def the_line(written: io.StringIO) -> dict[str, object]:
    (line,) = written.getvalue().splitlines()
    return dict(json.loads(line))


def test_a_record_is_one_line_of_json(written: io.StringIO) -> None:
    logging.getLogger("phonepay.test").warning("the %s\nline", "first")
    line = the_line(written)
    assert (line["level"], line["logger"], line["message"]) == ("WARNING", "phonepay.test", "the first\nline")


def test_the_call_is_named_in_every_line_of_it(written: io.StringIO) -> None:
    with About(call=CALL):
        logging.getLogger("phonepay.test").warning("keyed")
    assert the_line(written)["call"] == CALL


def test_request_and_payment_are_named_beside_it(written: io.StringIO) -> None:
    with About(call=CALL, request="0123456789abcdef"):
        name(payment="found further in")
        logging.getLogger("phonepay.test").warning("keyed")
    line = the_line(written)
    assert (line["call"], line["request"], line["payment"]) == (CALL, "0123456789abcdef", "found further in")


def test_an_object_of_djangos_does_not_stand_where_the_id_of_a_request_does(written: io.StringIO) -> None:
    logging.getLogger("phonepay.test").warning("Not Found: /x", extra={"request": object(), "status_code": 404})
    line = the_line(written)
    assert "request" not in line and line["status_code"] == 404


def test_what_was_worked_on_is_forgotten_afterwards(written: io.StringIO) -> None:
    with About(call=CALL):
        name(payment="found further in")
    logging.getLogger("phonepay.test").warning("later")
    assert not {"call", "payment"} & the_line(written).keys()


def test_a_thread_that_goes_on_with_the_work_names_it_too(written: io.StringIO) -> None:
    with About(call=CALL), ThreadPoolExecutor(1) as pool:
        pool.submit(carried(logging.getLogger("phonepay.test").warning), "charged").result()
    assert the_line(written)["call"] == CALL


def test_a_line_for_people_says_it_in_words(written: io.StringIO) -> None:
    logging.getLogger("phonepay.test").handlers[-1].setFormatter(PlainLines())
    with About(call=CALL):
        logging.getLogger("phonepay.test").warning("keyed %s", CARD, extra={"tries": 2})
    assert re.fullmatch(
        rf"\d\d:\d\d:\d\d WARNING phonepay.test: keyed •+\d*  \[tries=2 call={CALL}\]\n", written.getvalue()
    )


@pytest.mark.parametrize(("terminal", "form"), [(True, "plain"), (False, "json")])
def test_who_reads_in_a_terminal_gets_lines_for_people(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, form: str
) -> None:
    monkeypatch.setattr("sys.stderr", SimpleNamespace(isatty=lambda: terminal))
    assert logging_settings("INFO", "auto")["handlers"]["stderr"]["formatter"] == form


def test_a_card_number_is_masked_in_the_message(written: io.StringIO) -> None:
    logging.getLogger("phonepay.test").warning("keyed 4242424242424242")
    assert CARD not in written.getvalue()


def test_a_card_number_is_masked_in_the_arguments(written: io.StringIO) -> None:
    logging.getLogger("phonepay.test").warning("keyed %s and %d", "4242 4242 4242 4242", int(CARD))
    assert "4242" not in written.getvalue()


def test_a_card_number_is_masked_in_what_is_passed_beside(written: io.StringIO) -> None:
    logging.getLogger("phonepay.test").warning("keyed", extra={"digits": CARD, "number": int(CARD), "all": [CARD]})
    assert CARD not in written.getvalue()


def test_a_card_number_is_masked_in_an_exception(written: io.StringIO) -> None:
    try:
        int(f"{CARD}!")
    except ValueError:
        logging.getLogger("phonepay.test").exception("failed")
    assert "ValueError" in str(the_line(written)["exception"])
    assert CARD not in written.getvalue()


# Thirteen digits in a row but for the dashes, as one id in forty has.
ID = UUID("fcde858c-00b1-4234-8765-1234aeaaf1b5")


def test_an_id_of_ours_stays_whole(written: io.StringIO) -> None:
    logging.getLogger("phonepay.test").warning("payment %s: %s", ID, CARD, extra={"refund": ID})
    line = the_line(written)
    assert str(line["message"]).startswith(f"payment {ID}: •") and line["refund"] == str(ID)
    assert CARD not in str(line)


def test_what_is_only_written_as_an_id_is_masked(written: io.StringIO) -> None:
    logging.getLogger("phonepay.test").warning(
        "keyed %s", "42424242-4242-4242-a000-00000000000a", extra={"as": str(ID)}
    )
    assert "4242" not in written.getvalue() and str(ID) not in written.getvalue()


def test_a_wrong_format_costs_neither_the_line_nor_the_mask(written: io.StringIO) -> None:
    logging.getLogger("phonepay.test").warning("%d and %d", CARD)  # noqa: PLE1206 - wrong on purpose
    assert "%d and %d" in str(the_line(written)["message"])
    assert CARD not in written.getvalue()


def test_what_is_passed_beside_is_written(written: io.StringIO) -> None:
    logging.getLogger("phonepay.test").warning("charged", extra={"amount": 4250, "currency": "usd", "live": False})
    line = the_line(written)
    assert (line["amount"], line["currency"], line["live"]) == (4250, "usd", False)


def test_a_twelve_digit_number_that_a_card_could_have_is_masked() -> None:
    assert "500000000009" not in mask("keyed 500000000009")


def test_an_id_of_a_call_is_kept_whole() -> None:
    sid = "CA12345678901234567890123456789012"
    assert mask(f"the call {sid} ended") == f"the call {sid} ended"


@pytest.mark.parametrize("text", ["order 1234, 42.50 usd", "2026-11-23 09:30:00", "+1 555 010 0199"])
def test_ordinary_numbers_are_left_alone(text: str) -> None:
    assert mask(text) == text


@given(before=st.text(), after=st.text(), digits=st.text("0123456789", min_size=13, max_size=30))
def test_no_run_of_thirteen_digits_is_ever_left(before: str, after: str, digits: str) -> None:
    assert digits not in mask(f"{before} {digits} {after}")


def test_the_settings_of_logging_are_taken_by_python() -> None:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        logging.config.dictConfig(logging_settings("WARNING"))
        assert root.level == logging.WARNING
        assert isinstance(root.handlers[-1].formatter, JsonLines)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


@pytest.mark.parametrize(
    "line",
    [
        "Too Many Requests: /invitation/IjM0ZDk4:1tKq9a:k3v",
        "Forbidden (CSRF token missing.): /password/new/1-dioaje-696bc328e0ae8a859a9de3ccb58515c0",
    ],
)
def test_a_link_that_opens_an_account_does_not_open_it_from_the_log(line: str, written: io.StringIO) -> None:
    logging.getLogger("phonepay.test").warning("%s", line)
    said = the_line(written)["message"]
    assert str(said).endswith("[removed]") and line.rpartition("/")[2] not in str(said)
