"""What a tenant's policy keeps of a visitor's events, by the signals that came with them."""

from footfall.collector.messages import Request
from footfall.events.model import Consent
from footfall.events.tenants import ConsentAction, Tenant

STRICTNESS: dict[ConsentAction, int] = {"store": 0, "anonymous": 1, "drop": 2}
"""The actions in order."""


def decide(tenant: Tenant, consent: Consent, request: Request) -> tuple[ConsentAction, str]:
    """The strictest of the actions for the signals that were sent, and the name of the signal that it is for.

    Consent that was granted asks for nothing, and takes back none of the browser's own signals.
    """
    headers = request.headers
    asked: list[tuple[ConsentAction, str]] = [("store", "")]
    if consent == "denied":
        asked.append((tenant.on_consent_denied, "consent denied"))
    elif consent == "unknown":
        asked.append((tenant.on_consent_unknown, "consent unknown"))
    if headers.get("sec-gpc", "").strip() == "1":
        asked.append((tenant.on_global_privacy_control, "Global Privacy Control"))
    if headers.get("dnt", "").strip() == "1":
        asked.append((tenant.on_do_not_track, "Do Not Track"))
    return max(asked, key=lambda action: STRICTNESS[action[0]])
