"""A page of sections, each a form of its own: shown, read back, saved by the one verb on a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from phonepay.events.actors import Actor
from phonepay.merchant.lines import set_line
from phonepay.merchant.models import Line
from phonepay.merchant.refusals import FactRefused, LineRefused
from phonepay.people.permissions import acting, may
from phonepay.setup.fact_words import sentence, sentences
from phonepay.web.panel.settings.chosen import Chosen
from phonepay.web.panel.settings.fields import Field, Words

# Makes the changes by their verb; returns a sentence for each fact that was refused, by its name.
Saver = Callable[[Line, dict[str, Any], Actor], dict[str, str]]


def change_line(line: Line, changes: dict[str, Any], by: Actor) -> dict[str, str]:
    """The verb of most facts."""
    try:
        set_line(merchant=line.merchant, phone_number=line.phone_number, changes=changes, by=by, now=timezone.now())
    except LineRefused as refused:
        return sentences(refused)
    return {}


@dataclass(frozen=True, slots=True)
class Section:
    """`together`: the fact with whose change all of the section is read anew (amounts, in another currency)."""

    name: str
    title: Words
    about: Words
    fields: tuple[Field, ...]
    together: str = ""
    save: Saver = change_line


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as it stands on the page. `was` is what it held when the page was made, to tell what was changed."""

    field: Field
    value: Any
    was: str
    told: str
    unit: Words
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A section with its fields; `wrong` is what cannot be said beside one of them."""

    section: Section
    fields: tuple[Shown, ...]
    wrong: str = ""

    @property
    def refused(self) -> bool:
        return bool(self.wrong) or any(each.wrong for each in self.fields)


def filled(section: Section, line: Line) -> Filled:
    """The section as it is kept."""
    return Filled(section, tuple(_shown(field, line, field.written(line)) for field in section.fields))


def sections_page(
    request: HttpRequest,
    template: str,
    *,
    route: str,
    sections: Sequence[Section],
    line: Line,
    chosen: Chosen,
    **more: Any,
) -> HttpResponse:
    """The page, or after a POST the page again: with what was refused beside its field, or saved and at its section."""
    refused: Filled | None = None
    if request.method == "POST":
        acting(request.user, "change_settings")
        section = next((each for each in sections if each.name == request.POST.get("section")), sections[0])
        refused = _save(request, section, line)
        if refused is None:
            return redirect(f"{chosen.url(route)}#{section.name}")
    forms = [refused if refused and refused.section is each else filled(each, line) for each in sections]
    may_change = may(request.user, "change_settings")
    return render(request, template, {"chosen": chosen, "line": line, "forms": forms, "may_change": may_change, **more})


def _save(request: HttpRequest, section: Section, line: Line) -> Filled | None:
    """Save what was changed since the page was made; where it is refused, the section with all that was typed."""
    data = request.POST
    posted = {field.name: field.posted(data) for field in section.fields}
    changed = {name for name, value in posted.items() if value != _was(data, name)}
    if section.together in changed:
        changed = set(posted)
    wrong: dict[str, str] = {}
    changes: dict[str, Any] = {}
    for field in section.fields:
        if field.name not in changed:
            continue
        try:
            changes[field.name] = field.change(posted[field.name], line)
        except FactRefused as refused:
            wrong[field.name] = sentence(refused)
    if not wrong and changes:
        wrong = section.save(line, changes, acting(request.user, "change_settings"))
    if wrong:
        return _as_typed(section, line, data, posted, wrong)
    messages.success(
        request,
        _("Saved. It holds from the next call on.") if changes else _("Nothing was changed, nothing was saved."),
    )
    return None


def _as_typed(section: Section, line: Line, data: QueryDict, posted: dict[str, Any], wrong: dict[str, str]) -> Filled:
    fields = [
        _shown(field, line, posted[field.name], was=data.get(f"was_{field.name}"), wrong=wrong.get(field.name, ""))
        for field in section.fields
    ]
    elsewhere = [text for name, text in wrong.items() if name not in posted]
    return Filled(section, tuple(fields), " ".join(elsewhere))


def _shown(field: Field, line: Line, value: Any, *, was: str | None = None, wrong: str = "") -> Shown:
    was = was or json.dumps(field.written(line), ensure_ascii=False)
    return Shown(field, value, was, field.told(line), field.unit_of(line), wrong)


def _was(data: QueryDict, name: str) -> Any:
    try:
        return json.loads(data.get(f"was_{name}", ""))
    except ValueError:
        return None
