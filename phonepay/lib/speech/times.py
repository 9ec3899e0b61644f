"""Moments and spans in words. Moments are aware and already in the time zone in which they are to be said."""

from datetime import datetime

from phonepay.lib.speech.numerals import language, say_number

EN_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
ES_MONTHS = [
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
]  # fmt: skip

MINUTE, HOUR = 60, 3600
NOON, EVENING = 12, 20


def say_when(moment: datetime, now: datetime, locale: str) -> str:
    """The same day "today at 2:32 PM", else "on November 3", with the year if it is another one."""
    if moment.date() == now.date():
        return _today(moment, locale)
    year = moment.year != now.year
    if language(locale) == "es":
        day = "primero" if moment.day == 1 and locale != "es-ES" else str(moment.day)
        return f"el {day} de {ES_MONTHS[moment.month - 1]}" + (f" de {moment.year}" if year else "")
    month = EN_MONTHS[moment.month - 1]
    if locale == "en-US":
        return f"on {month} {moment.day}" + (f", {moment.year}" if year else "")
    return f"on {moment.day} {month}" + (f" {moment.year}" if year else "")


def say_ago(span: int, locale: str) -> str:
    """A span of seconds: "eight minutes", "two hours"; less than a minute is "one minute"."""
    hours, spanish = span // HOUR, language(locale) == "es"
    if hours:
        words = say_number(hours, locale, feminine=True)
        return f"{words} {('hora' if hours == 1 else 'horas') if spanish else ('hour' if hours == 1 else 'hours')}"
    minutes = max(1, span // MINUTE)
    unit = "minuto" if spanish else "minute"
    return f"{say_number(minutes, locale, before_noun=True)} {unit if minutes == 1 else unit + 's'}"


def _today(moment: datetime, locale: str) -> str:
    hour, minute = moment.hour, f"{moment.minute:02}"
    if locale == "es-ES":
        return f"hoy a {'la' if hour == 1 else 'las'} {hour}:{minute}"
    on_the_clock = hour % NOON or NOON
    if language(locale) == "es":
        article = "la" if on_the_clock == 1 else "las"
        part = "mañana" if hour < NOON else "tarde" if hour < EVENING else "noche"
        return f"hoy a {article} {on_the_clock}:{minute} de la {part}"
    return f"today at {on_the_clock}:{minute} {'AM' if hour < NOON else 'PM'}"
