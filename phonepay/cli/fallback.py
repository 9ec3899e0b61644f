"""`phonepay fallback`: the text that Twilio speaks while this server cannot be reached."""

import argparse
import re

from phonepay.cli.parsing import Commands, verb
from phonepay.cli.refusal import CommandRefused, WrittenWrong

_BIN = re.compile(r"https://handler\.twilio\.com/twiml/EH[0-9a-f]{32}")


def add_to(commands: Commands) -> None:
    parser = verb(
        commands,
        "fallback",
        _fallback,
        does="Print what Twilio is to say while this server cannot be reached: the text of a TwiML Bin.",
        examples=["phonepay fallback", "phonepay fallback --language es-US --bin https://handler.twilio.com/twiml/EH…"],
        notes="1. In Twilio's Console, make a TwiML Bin (Developer tools, TwiML Bins) with any text, and copy its\n"
        "   address. 2. Give the address as --bin, and paste what is printed over the bin's text.\n"
        "3. At the phone number, under Voice, choose the bin as “Primary handler fails”.\n"
        "Callers then hear what to do, and the call goes on by itself when this server is back.",
    )
    parser.add_argument("--language", metavar="LOCALE", help="the language of the bin, en-US (the line's first)")
    parser.add_argument("--line", metavar="NUMBER", help="the line it is for, where there are several")
    parser.add_argument("--bin", metavar="ADDRESS", default="", help="the bin's own address, so that it ends by itself")


def _fallback(args: argparse.Namespace) -> None:
    from django.conf import settings

    from phonepay.cli.finding import find_line
    from phonepay.ivr.prompts import LOCALES
    from phonepay.telephony.addresses import Addresses
    from phonepay.telephony.fallback import hosted

    if not settings.PHONEPAY_PUBLIC_URL:
        raise CommandRefused("Twilio could not come back: set PHONEPAY_PUBLIC_URL first (phonepay help environment).")
    if args.bin and not _BIN.fullmatch(args.bin):
        raise WrittenWrong("A bin's address looks like https://handler.twilio.com/twiml/EH and 32 digits and letters.")
    line = find_line(args.line)
    locale = args.language or line.locales[0]
    if locale not in LOCALES:
        raise WrittenWrong(f"“{locale}” is not spoken here. Choose one of: {', '.join(LOCALES)}.")
    addresses = Addresses(settings.PHONEPAY_PUBLIC_URL)
    print(hosted(addresses=addresses, locale=locale, shop=line.merchant.name, bin_address=args.bin), end="")
