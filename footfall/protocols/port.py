"""The port to the protocols that clients speak: how each reads a request, and what its clients expect as an answer."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct

from footfall.events.model import Consent, Library, Page, Screen
from footfall.events.raw_line import RawEvent, RawRejected
from footfall.events.reasons import Reason
from footfall.protocols.messages import Request, Response

Checked = tuple[list[RawEvent], list[RawRejected]]
"""The events of a request: those accepted, and those rejected, each with its place in the request."""


class Submission(Struct, frozen=True):
    """What a request brings: who sends, what holds for all of its events, and its messages, each still to be read.

    `sent_at` is the client's clock as it sent, in epoch milliseconds; 0 where it told none. `messages` has one item an
    event, of whatever type its protocol reads it from. `unescaped` is a text in which every string of the submission
    stands as it is, but for quotation marks, backslashes, slashes and control characters: any other character that is
    not in it is in none of them. Empty where there is none.

    `consents` is what each message says of consent, where they differ; `consent` is then the strictest of these. Empty
    where `consent` holds for all.
    """

    write_key: str
    sent_at: int
    messages: Sequence[Any]
    visitor: str = ""
    user: str = ""
    consent: Consent = "unknown"
    library: Library = Library()
    page: Page = Page()
    screen: Screen = Screen()
    unescaped: bytes = b""
    consents: Sequence[Consent] = ()


class ClientProtocol(Protocol):
    """A protocol. It knows nothing of tenants and keeps nothing."""

    @property
    def name(self) -> str:
        """Its name, as raw lines have it."""

    @property
    def key_place(self) -> str:
        """Where its clients write the write key, for the answer to one that is unknown."""

    @property
    def routes(self) -> Mapping[str, tuple[str, ...]]:
        """Each path, and the methods it takes. A part of a path such as `{id}` stands for any text without a slash."""

    def read(self, request: Request, body: bytes) -> Submission:
        """What a request brings. `body` is the request's, inflated.

        Nobody knows yet whether the write key is good: the time that this takes is linear in the body, whatever it is.

        Raises:
            Refusal: the request is none of this protocol.
        """

    def accept(self, submission: Submission, received_at: int) -> Checked:
        """The events of a submission, each judged alone. Never raises, whatever they are.

        Args:
            submission: of `read`, its write key known to be good.
            received_at: the collector's clock, in epoch milliseconds.
        """

    def answer(self, request: Request, events: Sequence[RawEvent], rejected: Sequence[RawRejected]) -> Response:
        """The answer once all of it is durable, accepted and rejected."""

    def refuse(
        self, request: Request, status: int, reason: Reason, detail: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        """The answer to a request that is not taken.

        `status` is the one that native clients are told. A protocol whose clients would take it for another order (send
        again, say) answers with another.
        """

    def preflight(self, request: Request) -> Mapping[str, str]:
        """The headers of the answer to a browser that asks whether a page may send (OPTIONS)."""
