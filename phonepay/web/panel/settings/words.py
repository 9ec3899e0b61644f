"""Settings, What callers hear, Words: every prompt of the call, and one of them with the shop's own words."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from phonepay.merchant.lines import set_line
from phonepay.merchant.models import Line
from phonepay.merchant.refusals import LineRefused
from phonepay.people.permissions import acting, may
from phonepay.setup.fact_words import sentences
from phonepay.web.panel.settings.chosen import line_or_404
from phonepay.web.panel.settings.languages import language_name
from phonepay.web.panel.settings.prompts import Prompt, moments, problem_sentences, prompt_of, seconds_of

MOST_SEARCHED = 100


@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """All prompts in one language, by the moment of the call."""
    line, chosen = line_or_404(request)
    locale = request.GET.get("language") or line.locales[0]
    if locale not in line.locales:
        raise Http404
    search, own = request.GET.get("find", "")[:MOST_SEARCHED], request.GET.get("own") == "yes"
    context = {
        "line": line,
        "chosen": chosen,
        "locale": locale,
        "languages": [(each, language_name(each)) for each in line.locales],
        "moments": list(moments(line, locale, search=search, own=own)),
        "find": search,
        "own": own,
        "own_count": len(line.words.get(locale, {})),
    }
    name = "panel/settings/words_found.html" if request.htmx else "panel/settings/words.html"  # type: ignore[attr-defined]  # by its middleware
    return render(request, name, context)


@require_http_methods(["GET", "HEAD", "POST"])
def word(request: HttpRequest, locale: str, key: str) -> HttpResponse:
    """One prompt. A POST looks at words (`look`), saves them, or goes back to the standard ones (`restore`)."""
    line, chosen = line_or_404(request)
    prompt = prompt_of(line, locale, key)
    if prompt is None:
        raise Http404
    typed = request.POST.get("words", "") if request.method == "POST" else prompt.own or prompt.standard
    problems: list[str] = []
    if request.method == "POST":
        acting(request.user, "change_settings")
        problems = [] if "restore" in request.POST else problem_sentences(typed, prompt)
        if "look" not in request.POST and not problems:
            problems = _save(request, line, prompt, "" if "restore" in request.POST else typed)
            if not problems:
                return redirect(chosen.url("settings-word", locale, key))
    context = {
        "chosen": chosen,
        "prompt": prompt,
        "language": language_name(locale),
        "may_change": may(request.user, "change_settings"),
        "typed": typed,
        "problems": problems,
        **_preview(typed, prompt),
    }
    part = request.htmx and "look" in request.POST  # type: ignore[attr-defined]  # by its middleware
    return render(request, "panel/settings/word_preview.html" if part else "panel/settings/word.html", context)


def _preview(typed: str, prompt: Prompt) -> dict[str, object]:
    """How the typed words sound."""
    as_typed = Prompt(prompt.key, prompt.locale, prompt.when, prompt.standard, typed)
    return {"preview": as_typed, "seconds": seconds_of(typed, prompt.locale)}


def _save(request: HttpRequest, line: Line, prompt: Prompt, words: str) -> list[str]:
    """Keep these words, or "" for the standard ones; what was refused."""
    by = acting(request.user, "change_settings")
    kept = "" if " ".join(words.split()) == prompt.standard else words
    try:
        set_line(
            merchant=line.merchant,
            phone_number=line.phone_number,
            changes={"words": {prompt.locale: {prompt.key: kept}}},
            by=by,
            now=timezone.now(),
        )
    except LineRefused as refused:
        return list(sentences(refused).values())
    messages.success(
        request,
        _("Saved. Callers hear these words from the next call on.")
        if kept
        else _("Callers hear the standard words, from the next call on."),
    )
    return []
