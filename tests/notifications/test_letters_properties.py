"""Whatever a shop, an order or a person is called: a letter is one letter, to one address, and can be read."""

from __future__ import annotations

import email
import email.policy
from urllib.parse import quote
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from phonepay.configuration.values import email_url
from phonepay.merchant.mail_account import MailAccount, read
from phonepay.notifications.letters import WIDTH, Letter, email_of, plain

ACCOUNT = MailAccount("mail.example", 587, "", "", starttls=True, tls=False, sender="pay@shop.example")
# What a database keeps: any text without lone surrogates and NUL.
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=90)
SECRET = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x17F, exclude_categories=["Cc"]), min_size=1, max_size=20
)


@given(shop=ANY, subject=ANY, said=ANY, name=ANY, value=ANY)
def test_no_name_forges_a_header_or_breaks_a_letter(shop: str, subject: str, said: str, name: str, value: str) -> None:
    letter = Letter(shop=shop, subject=subject, heading=said, paragraphs=(said,), facts=((name, value),), small=(said,))
    message = email_of(letter, to="ana@customer.example", identity=UUID(int=7), account=ACCOUNT)
    assert message.recipients() == ["ana@customer.example"]
    sent = email.message_from_bytes(message.message().as_bytes(linesep="\r\n"), policy=email.policy.default)
    assert [len(sent.get_all(header, [])) for header in ("Subject", "From", "To", "Message-ID", "Bcc", "Cc")] == [
        1, 1, 1, 1, 0, 0,
    ]  # fmt: skip
    assert "pay@shop.example" in str(sent["From"]) and sent["Message-ID"] == f"<{UUID(int=7)}@shop.example>"
    assert [part.get_content_type() for part in sent.iter_parts()] == ["text/plain", "text/html"]


@given(said=ANY)
def test_nothing_in_a_letter_is_taken_for_html(said: str) -> None:
    letter = Letter(
        shop=said, subject="x", heading=said, paragraphs=(f"<script>{said}",), button=(said, "https://x/?a=1&b")
    )
    (html,) = email_of(letter, to="a@b.example", identity=UUID(int=7), account=ACCOUNT).alternatives
    assert "<script>" not in str(html.content) and "https://x/?a=1&amp;b" in str(html.content)


@given(paragraphs=st.lists(ANY, max_size=4))
def test_lines_of_text_are_short_and_lose_no_word(paragraphs: list[str]) -> None:
    text = plain(Letter(shop="x", subject="x", heading="x", paragraphs=tuple(paragraphs)))
    words = [word for paragraph in paragraphs for word in paragraph.split()]
    assert text.split() == ["x", *words]
    assert all(len(line) <= WIDTH or " " not in line.strip() for line in text.splitlines())


@given(user=SECRET, password=SECRET, port=st.integers(1, 65535), scheme=st.sampled_from(["smtp", "smtps"]))
def test_every_user_and_password_comes_out_as_it_was_meant(user: str, password: str, port: int, scheme: str) -> None:
    url = f"{scheme}://{quote(user, safe='')}:{quote(password, safe='')}@mail.example.com:{port}"
    account = read(email_url(url), "pay@shop.example", "")
    assert account is not None
    assert (account.user, account.password, account.port, account.tls) == (user, password, port, scheme == "smtps")
