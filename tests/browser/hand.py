"""A hand on a mouse, and what it truly did: to compare with what the tracker tells."""

from dataclasses import dataclass, field
from typing import Any, Protocol

Place = tuple[int, int]
"""CSS pixels of the document."""


class Page(Protocol):
    """What a hand is laid on: a page of Chromium's or of WebKit's."""

    def evaluate(self, expression: str, *arguments: Any) -> Any:
        """What an expression of JavaScript gives in the page."""

    def call(self, method: str, *arguments: Any) -> Any:
        """`mouse.move`, `mouse.down`, `mouse.up`."""


@dataclass
class Hand:
    """Moves and clicks in a page, and notes where."""

    page: Page
    corners: list[Place] = field(default_factory=list)
    clicks: list[Place] = field(default_factory=list)

    def move(self, x: int, y: int, *, milliseconds: int = 400) -> None:
        """Go straight to a place of the window, evenly and in so much time, as the page's own clock has it."""
        left = int(self.page.evaluate("scrollX"))
        top = int(self.page.evaluate("scrollY"))
        begin_x, begin_y = (self.corners[-1][0] - left, self.corners[-1][1] - top) if self.corners else (0, 0)
        steps = max(1, milliseconds // 16)
        for step in range(1, steps + 1):
            self.page.call("mouse.move", begin_x + (x - begin_x) * step / steps, begin_y + (y - begin_y) * step / steps)
        self.corners.append((x + left, y + top))

    def click(self, selector: str) -> None:
        """Go to the middle of an element, by way of scrolling where it is out of view, and press."""
        x, y = self.page.evaluate(
            """(selector) => {
                const reach = (root, [first, ...rest]) =>
                  rest.length ? reach(root.querySelector(first).shadowRoot, rest) : root.querySelector(first);
                const element = reach(document, selector.split(" >>> "));
                element.scrollIntoView({ block: "nearest", behavior: "instant" });
                const box = element.getBoundingClientRect();
                return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
            }""",
            selector,
        )
        self.move(x, y, milliseconds=100)
        self.clicks.append(self.corners[-1])
        self.page.call("mouse.down")
        self.page.call("mouse.up")
