"""What nobody outside Twilio knows, as switches: the product has to be right on every setting."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Literal, get_args, get_type_hints

AfterLastAttempt = Literal["action", "next-verb"]
HangupWhileProcessing = Literal["caller-hung-up", "success"]
StatusCallbacks = Literal["in-order", "after-action", "reversed", "none"]
MaskedFormat = Literal["x", "dashed", "stars", "last4"]
KeysDuringSay = Literal["buffered", "dropped"]
FieldEnds = Literal["at-length", "after-timeout"]
PoundInPay = Literal["ignored", "ends-field"]
Counted = Literal["tries", "retries"]


@dataclass(frozen=True)
class Switches:
    """One setting for each thing that Twilio's documentation leaves open, or says twice.

    ======================== =============================================================================
    switch                   what it decides
    ======================== =============================================================================
    action_on_hangup         whether ``<Pay>`` requests its action with Result=caller-hung-up on a hang-up
    hangup_while_processing  a hang-up while the connector works: the action says "caller-hung-up", or "success"
    action_after_status      whether the action after a hang-up comes after the status callback of the call's end
    after_last_attempt       "action": Result=too-many-failed-attempts; "next-verb": the verb after <Pay>
    max_attempts_counts      maxAttempts="2" is 2 "tries" at a field in all, or 2 "retries" after the first
    status_callbacks         of <Pay>: "in-order", all "after-action", "reversed" before the action, "none"
    masked_format            "x" xxxxxxxxxxxx4242, "dashed" xxxx-xxxxxx-x4242, "stars" ****…4242, "last4" 4242
    payment_error_encoded    whether PaymentError arrives percent-encoded
    profile_id               ProfileId in payment-method mode (empty, or what a cus_… would look like)
    field_ends               a field of <Pay> ends "at-length", or only "after-timeout" of silence
    pound_in_pay             "#" in <Pay> is "ignored", or "ends-field" where keys were pressed
    keys_during_say          keys pressed while words are said outside a <Gather>: "buffered" for the next
                             one, or "dropped"
    dial_action_on_hangup    whether <Dial> requests its action when the caller hangs up while it rings
    pci_mode                 whether the account is in PCI mode: <Gather> must then post to https (13337)
    hidden_from              what stands in From and Caller when the number is withheld
    network_seconds          seconds of the telephone's clock that one request takes
    processing_seconds       seconds of the telephone's clock that the connector takes
    audio_seconds            seconds that a <Play>ed recording is taken to last
    ======================== =============================================================================
    """

    action_on_hangup: bool = True
    hangup_while_processing: HangupWhileProcessing = "caller-hung-up"
    action_after_status: bool = False
    after_last_attempt: AfterLastAttempt = "action"
    max_attempts_counts: Counted = "tries"
    status_callbacks: StatusCallbacks = "in-order"
    masked_format: MaskedFormat = "x"
    payment_error_encoded: bool = False
    profile_id: str = ""
    field_ends: FieldEnds = "at-length"
    pound_in_pay: PoundInPay = "ignored"
    keys_during_say: KeysDuringSay = "buffered"
    dial_action_on_hangup: bool = False
    pci_mode: bool = True
    hidden_from: str = "+266696687"
    network_seconds: float = 0.2
    processing_seconds: float = 1.0
    audio_seconds: float = 5.0

    @classmethod
    def variants(cls) -> list[Switches]:
        """Everything at its default, and then each other setting of each choice, one at a time."""
        hints = get_type_hints(cls)
        made = [cls()]
        for field in fields(cls):
            settings = (False, True) if hints[field.name] is bool else get_args(hints[field.name])
            made += [replace(cls(), **{field.name: setting}) for setting in settings if setting != field.default]
        return made

    def __post_init__(self) -> None:
        """Refuse a setting that is none, with the settings there are: ValueError."""
        hints = get_type_hints(type(self))
        for field in fields(self):
            settings = get_args(hints[field.name])
            value = getattr(self, field.name)
            if settings and value not in settings:
                raise ValueError(f"The switch {field.name} is one of {', '.join(settings)}, not {value!r}.")
