"""The currencies that the stand-in charges in: Stripe's minimum in minor units, and amounts that must be round.

Source: docs.stripe.com/currencies. Stripe holds a currency without its own minimum to 50 US cents after conversion;
the stand-in converts nothing and asks for one unit.
"""

from phonepay.standins.stripe.errors import ApiError

MINIMUM = {
    "usd": 50, "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50,
    "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50,
    "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
}  # fmt: skip

_OTHERS = (
    "all amd ang aoa ars awg azn bam bbd bdt bhd bif bmd bnd bob bsd bwp byn bzd cdf clp cny cop crc cve djf"
    " dop dzd egp etb fjd fkp gel gip gmd gnf gtq gyd hnl htg idr ils isk jmd jod kes kgs khr kmf krw kwd kyd"
    " kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mzn nad ngn nio npr omr pab pen pgk php"
    " pkr pyg qar rsd rub rwf sar sbd scr shp sle sos srd std szl tjs tnd top try ttd twd tzs uah ugx uyu uzs"
    " vnd vuv wst xaf xcd xcg xof xpf yer zar zmw"
)
OTHERS = frozenset(_OTHERS.split())

ROUND_TO = {"bhd": 10, "jod": 10, "kwd": 10, "omr": 10, "tnd": 10, "isk": 100, "ugx": 100}
MOST = 99_999_999


def check_currency(currency: str) -> str:
    """The lower-case code. Raises 400 for one that Stripe does not charge in."""
    code = currency.lower()
    if code not in MINIMUM and code not in OTHERS:
        raise ApiError(400, f"Invalid currency: {code[:10]}", param="currency", validation=True)
    return code


def check_amount(amount: int, currency: str) -> None:
    """Raises 400 for an amount in minor units below the currency's minimum, above eight digits, or not round enough."""
    least = MINIMUM.get(currency, 1)
    if amount < least:
        raise ApiError(
            400,
            f"Amount must be at least {least} in the smallest unit of {currency}.",
            code="amount_too_small",
            param="amount",
        )
    if amount > MOST:
        raise ApiError(400, f"Amount must be at most {MOST}.", code="amount_too_large", param="amount")
    if amount % ROUND_TO.get(currency, 1):
        raise ApiError(400, f"Amounts in {currency} must be a multiple of {ROUND_TO[currency]}.", param="amount")
