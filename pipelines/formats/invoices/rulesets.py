"""Which rule set an e-invoice says that it follows (BT-24), and how serious it makes a broken rule.

Senders write BT-24 in many ways and new versions come every year, so nothing here compares whole identifiers: only the
names of the families in them are looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Severity = Literal["critical", "warning", "notice"]

CORE = "en16931"
PEPPOL = "peppol"
XRECHNUNG = "xrechnung"
XRECHNUNG_EXTENSION = "xrechnung-extension"
FACTUR_X_MINIMUM = "factur-x-minimum"
FACTUR_X_BASIC_WL = "factur-x-basic-wl"
FACTUR_X_BASIC = "factur-x-basic"
FACTUR_X_EXTENDED = "factur-x-extended"
EXTENSION = "en16931-extension"

# The last part of a Factur-X or ZUGFeRD 2 identifier. EN16931 (once COMFORT) is the core itself.
_FACTUR_X: Mapping[str, str] = {
    "minimum": FACTUR_X_MINIMUM,
    "basicwl": FACTUR_X_BASIC_WL,
    "basic": FACTUR_X_BASIC,
    "en16931": CORE,
    "comfort": CORE,
    "extended": FACTUR_X_EXTENDED,
}

# EN 16931 calls all of its rules fatal. Here those are critical that make a document's amounts contradict each other;
# of the tolerant ones, and of those that no amount of the document hangs on, a warning is enough.
_RULES: Mapping[str, Severity] = {"BR-CO": "critical", "BR-DEC": "warning", "PEPPOL": "warning"}

# An extension of the standard may break a rule on purpose: payments for third parties (XRechnung, BG-DEX-09) are
# payable and not in the gross amount; Factur-X EXTENDED allows a cent a line in sums.
_MILDER: Mapping[tuple[str, str], Severity] = {
    (XRECHNUNG_EXTENSION, "BR-CO-16"): "notice",
    (EXTENSION, "BR-CO-16"): "notice",
    **{(FACTUR_X_EXTENDED, f"BR-CO-{number}"): "warning" for number in (10, 11, 12, 13, 15, 16)},
}


def ruleset(profile_id: str | None) -> str:
    """The rule set that BT-24 names; the core of EN 16931 where it names none that is known.

    >>> ruleset("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0")
    'peppol'
    """
    text = (profile_id or "").lower().replace(" ", "")
    if "xrechnung" in text:
        return XRECHNUNG_EXTENSION if "#conformant#" in text or ":extension:" in text else XRECHNUNG
    if "peppol" in text:
        return PEPPOL
    if "factur-x" in text or "zugferd" in text:
        return _FACTUR_X.get(text.rpartition(":")[2].replace("-", "").replace("_", ""), CORE)
    return EXTENSION if "#conformant#" in text else CORE


def severity(rule: str, profile: str) -> Severity:
    """How serious it is that a document of this rule set breaks the rule."""
    family = next((_RULES[start] for start in _RULES if rule.startswith(start)), "warning")
    return _MILDER.get((profile, rule), family)
