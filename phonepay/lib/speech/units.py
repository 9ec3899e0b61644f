"""What people call the units of money, in English and Spanish. A currency not named here is named by CLDR."""

import functools
from dataclasses import dataclass

from babel import Locale, numbers

from phonepay.lib.speech.numerals import language


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit or its hundredth (thousandth): singular, plural, and whether it is feminine in Spanish."""

    one: str
    many: str
    feminine: bool = False

    def of(self, number: int) -> str:
        """The form that goes with this number."""
        return self.one if number == 1 else self.many


@dataclass(frozen=True, slots=True)
class Units:
    """A currency's unit and, where its minor unit has a name, that; else it is said digit by digit after a point."""

    major: Unit
    minor: Unit | None


def spoken_currencies() -> tuple[str, ...]:
    """The ISO codes whose coins have names of our own in English; others are named by CLDR."""
    return tuple(_ENGLISH)


def units_of(code: str, locale: str) -> Units:
    """The units of an ISO code in lower case, in the language of the locale."""
    words = language(locale)
    named = (_SPANISH if words == "es" else _ENGLISH).get(code)
    return named or _from_cldr(code, words)


@functools.cache
def _from_cldr(code: str, words: str) -> Units:
    names = Locale.parse("es_US" if words == "es" else "en_US")
    one = numbers.get_currency_name(code.upper(), count=1, locale=names)
    many = numbers.get_currency_name(code.upper(), count=2, locale=names)
    return Units(Unit(one, many), None)


_CENT = Unit("cent", "cents")
_CENTAVO = Unit("centavo", "centavos")
_CENTIMO = Unit("céntimo", "céntimos")


def _en(one: str, many: str, minor: Unit | None = _CENT) -> Units:
    return Units(Unit(one, many), minor)


def _es(one: str, many: str, minor: Unit | None = _CENTAVO, *, feminine: bool = False) -> Units:
    return Units(Unit(one, many, feminine), minor)


def _each(codes: str, units: Units) -> dict[str, Units]:
    return dict.fromkeys(codes.split(), units)


_ENGLISH: dict[str, Units] = {
    **_each("usd cad aud nzd sgd hkd bbd bsd bzd fjd jmd nad ttd twd xcd", _en("dollar", "dollars")),
    **_each("mxn cop clp ars uyu dop php", _en("peso", "pesos", Unit("centavo", "centavos"))),
    "eur": _en("euro", "euros"),
    "gbp": _en("pound", "pounds", Unit("penny", "pence")),
    "gip": _en("pound", "pounds", Unit("penny", "pence")),
    "egp": _en("pound", "pounds", Unit("piaster", "piasters")),
    "chf": _en("franc", "francs", Unit("centime", "centimes")),
    **_each("xaf xof xpf rwf bif djf gnf kmf", _en("franc", "francs", None)),
    "brl": _en("real", "reais", Unit("centavo", "centavos")),
    "pen": _en("sol", "soles", Unit("céntimo", "céntimos")),
    "gtq": _en("quetzal", "quetzals", Unit("centavo", "centavos")),
    "hnl": _en("lempira", "lempiras", Unit("centavo", "centavos")),
    "crc": _en("colón", "colones", Unit("céntimo", "céntimos")),
    "bob": _en("boliviano", "bolivianos", Unit("centavo", "centavos")),
    "pab": _en("balboa", "balboas", Unit("centésimo", "centésimos")),
    "pyg": _en("guarani", "guaranis", None),
    "jpy": _en("yen", "yen", None),
    "krw": _en("won", "won", None),
    "vnd": _en("dong", "dong", None),
    "cny": _en("yuan", "yuan", Unit("fen", "fen")),
    "thb": _en("baht", "baht", Unit("satang", "satang")),
    "myr": _en("ringgit", "ringgit", Unit("sen", "sen")),
    **_each("inr pkr npr", _en("rupee", "rupees", Unit("paisa", "paise"))),
    **_each("lkr mur", _en("rupee", "rupees")),
    "zar": _en("rand", "rand"),
    **_each("kes tzs", _en("shilling", "shillings")),
    "ugx": _en("shilling", "shillings"),
    "ngn": _en("naira", "naira", Unit("kobo", "kobo")),
    "ils": _en("shekel", "shekels", Unit("agora", "agorot")),
    "try": _en("lira", "lira", Unit("kurus", "kurus")),
    "aed": _en("dirham", "dirhams", Unit("fils", "fils")),
    "mad": _en("dirham", "dirhams", Unit("centime", "centimes")),
    "sar": _en("riyal", "riyals", Unit("halala", "halalas")),
    "qar": _en("riyal", "riyals", Unit("dirham", "dirhams")),
    **_each("bhd jod kwd", _en("dinar", "dinars", Unit("fils", "fils"))),
    "tnd": _en("dinar", "dinars", Unit("millime", "millimes")),
    "omr": _en("rial", "rials", Unit("baisa", "baisa")),
    "sek": _en("krona", "kronor", Unit("öre", "öre")),
    "isk": _en("króna", "krónur", None),
    **_each("nok dkk", _en("krone", "kroner", Unit("øre", "øre"))),
    "czk": _en("koruna", "koruna", Unit("haler", "halers")),
    "pln": _en("zloty", "zlotys", Unit("grosz", "groszy")),
    "huf": _en("forint", "forints", Unit("filler", "fillers")),
    "ron": _en("leu", "lei", Unit("ban", "bani")),
    "bgn": _en("lev", "leva", Unit("stotinka", "stotinki")),
}

_SPANISH: dict[str, Units] = {
    **_each("usd cad aud nzd sgd hkd bbd bsd bzd fjd jmd nad ttd twd xcd", _es("dólar", "dólares")),
    **_each("mxn cop clp ars dop php", _es("peso", "pesos")),
    "uyu": _es("peso", "pesos", Unit("centésimo", "centésimos")),
    "eur": _es("euro", "euros", _CENTIMO),
    **_each("gbp gip", _es("libra", "libras", Unit("penique", "peniques"), feminine=True)),
    "egp": _es("libra", "libras", Unit("piastra", "piastras", feminine=True), feminine=True),
    "chf": _es("franco", "francos", _CENTIMO),
    **_each("xaf xof xpf rwf bif djf gnf kmf", _es("franco", "francos", None)),
    "brl": _es("real", "reales"),
    "pen": _es("sol", "soles", _CENTIMO),
    "gtq": _es("quetzal", "quetzales"),
    "hnl": _es("lempira", "lempiras"),
    "nio": _es("córdoba", "córdobas"),
    "crc": _es("colón", "colones", _CENTIMO),
    "bob": _es("boliviano", "bolivianos"),
    "pab": _es("balboa", "balboas", Unit("centésimo", "centésimos")),
    "pyg": _es("guaraní", "guaraníes", None),
    "jpy": _es("yen", "yenes", None),
    "krw": _es("won", "wones", None),
    "vnd": _es("dong", "dongs", None),
    "cny": _es("yuan", "yuanes", Unit("fen", "fenes")),
    "thb": _es("baht", "bahts", Unit("satang", "satangs")),
    "myr": _es("ringgit", "ringgits", Unit("sen", "senes")),
    **_each("inr pkr npr", _es("rupia", "rupias", Unit("paisa", "paisas", feminine=True), feminine=True)),
    **_each("lkr mur", _es("rupia", "rupias", feminine=True)),
    "zar": _es("rand", "rands"),
    **_each("kes tzs ugx", _es("chelín", "chelines")),
    "ngn": _es("naira", "nairas", Unit("kobo", "kobos")),
    "ils": _es("séquel", "séqueles", Unit("agora", "agorot", feminine=True)),
    "try": _es("lira", "liras", Unit("kurus", "kurus"), feminine=True),
    "aed": _es("dírham", "dírhams", Unit("fils", "fils")),
    "mad": _es("dírham", "dírhams", _CENTIMO),
    "sar": _es("rial", "riales", Unit("halala", "halalas", feminine=True)),
    "qar": _es("rial", "riales", Unit("dírham", "dírhams")),
    **_each("bhd jod kwd", _es("dinar", "dinares", Unit("fils", "fils"))),
    "tnd": _es("dinar", "dinares", Unit("milésimo", "milésimos")),
    "omr": _es("rial", "riales", Unit("baisa", "baisas", feminine=True)),
    "sek": _es("corona", "coronas", Unit("öre", "öre"), feminine=True),
    "isk": _es("corona", "coronas", None, feminine=True),
    **_each("nok dkk", _es("corona", "coronas", Unit("øre", "øre"), feminine=True)),
    "czk": _es("corona", "coronas", Unit("haler", "halers"), feminine=True),
    "pln": _es("esloti", "eslotis", Unit("grosz", "groszy")),
    "huf": _es("forinto", "forintos", Unit("fíler", "fílers")),
    "ron": _es("leu", "leus", Unit("ban", "bani")),
    "bgn": _es("leva", "levas", Unit("estotinca", "estotincas", feminine=True), feminine=True),
}
