"""The words, per locale: catalogues in TOML beside this file, read once.

render("welcome", "en-US", {}, shop="Harbor Garage")   "Hello, this is Harbor Garage. You can pay …"
check("Hello!", "outcome.paid", "en-US")                what is wrong with an owner's own words
"""

from phonepay.ivr.prompts.catalogue import LOCALES, Catalogue, catalogue, fill, placeholders, render
from phonepay.ivr.prompts.checking import LONGEST, Problem, allowed, check, problems, sample_length, with_samples

__all__ = [
    "LOCALES",
    "LONGEST",
    "Catalogue",
    "Problem",
    "allowed",
    "catalogue",
    "check",
    "fill",
    "placeholders",
    "problems",
    "render",
    "sample_length",
    "with_samples",
]
