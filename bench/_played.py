"""Movements and clicks played to a page in a real Chromium, in the browser's virtual time: minutes take seconds.

The page sees pointer and mouse events at their times, `Date`, timers and the events' own clock all in step; what its
main thread has to do for them is the same as in real time, and nothing waits.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bench._pointer import HEIGHT, WIDTH, Sample
from tests.browser.chromium import Chromium, Remote

_ROWS = 120
_PREPARE = """(moves, clickEach) => {
  const targets = moves.map(([, x, y]) => document.elementFromPoint(x, y) ?? document.body);
  const buttons = [...document.querySelectorAll("button")];
  const press = [[PointerEvent, "pointerdown"], [MouseEvent, "mousedown"], [PointerEvent, "pointerup"],
    [MouseEvent, "mouseup"], [PointerEvent, "click"]];
  const fire = (target, kind, name, x, y) =>
    target.dispatchEvent(new kind(name, { bubbles: true, composed: true, cancelable: true, view: window,
      clientX: x, clientY: y, pointerType: "mouse", isPrimary: true, detail: 1 }));
  let clicked = 0;
  const next = (place) => {
    const [time, x, y] = moves[place];
    if (!place) window.began = Date.now();
    fire(targets[place], PointerEvent, "pointermove", x, y);
    fire(targets[place], MouseEvent, "mousemove", x, y);
    if (clickEach && place % clickEach === clickEach - 1) {
      const button = buttons[clicked++ % buttons.length];
      for (const [kind, name] of press) fire(button, kind, name, x, y);
    }
    void document.body.offsetHeight; // what changed is laid out, as each frame does: virtual time draws hardly any
    if (place + 1 < moves.length) setTimeout(next, moves[place + 1][0] - time, place + 1);
  };
  window.play = () => void setTimeout(next, 1_000, 0);
  window.clicks = () => clicked;
}"""
_LEAD_MS = 61_000
"""Before the counting: each side has sent what it has to say of the page itself, a path of its opening too."""
_TAIL_MS = 61_000
"""After the last move: each side has sent what it recorded, by its own timers."""


@dataclass(frozen=True)
class Played:
    """What a page's main thread spent, in CPU milliseconds, how many clicks there were, and when the first move was."""

    cpu_ms: float
    clicks: int
    began: int


def html(head: str) -> bytes:
    """A page with a list to move over and click in. What a button does is to change a text."""
    rows = "".join(
        f'<li data-id="{row}"><a href="#item-{row}">Item {row}</a> <span>€ {row}.50</span> <button>Add</button></li>'
        for row in range(_ROWS)
    )
    script = (
        "<script>document.addEventListener('click', ({target}) => {"
        " if (target.localName === 'button') target.textContent = target.textContent === 'Add' ? 'Added' : 'Add' })"
        "</script>"
    )
    text = f"<!doctype html><title>List</title>{head}<body><h1>List</h1><ul>{rows}</ul>{script}</body>"
    return text.encode()


def play(browser: Chromium, url: str, moves: Sequence[Sample], click_each: int) -> tuple[Remote, Played]:
    """Open a page in a profile of its own and play to it. Returns the page, still open, and what it cost.

    Args:
        browser: where.
        url: the page's address; it is loaded before the counting begins.
        moves: the places of the pointer.
        click_each: how many moves there are to a click; 0: no clicks.
    """
    page = _page_without_frames(browser)
    page.call("goto", url, {"waitUntil": "load"})
    session = page.remote("context").remote("newCDPSession", page)
    session.call("send", "Performance.enable", {"timeDomain": "threadTicks"})
    _advance(session, _LEAD_MS)
    page.evaluate(f"({_PREPARE})({json.dumps(moves)}, {click_each})")
    page.evaluate("play()")
    before = _metrics(session)
    _advance(session, 1_000 + moves[-1][0] + _TAIL_MS)
    after = _metrics(session)
    spent = {name: (after[name] - before[name]) * 1_000 for name in ("TaskDuration", "DevToolsCommandDuration")}
    clicks, began = page.evaluate("[clicks(), began]")
    return page, Played(spent["TaskDuration"] - spent["DevToolsCommandDuration"], clicks, began)


def _page_without_frames(browser: Chromium) -> Remote:
    """A page that draws nothing of itself.

    Frames come by the clock on the wall, so many more on a busy machine, and wherever the page's clock waits for a
    request: they cost more than what is to be measured.
    """
    context = browser.context(viewport={"width": WIDTH, "height": HEIGHT})
    session = context.remote("newCDPSession", context.remote("newPage"))
    within = session.call("send", "Target.getTargetInfo")["targetInfo"]["browserContextId"]
    wanted = {"url": "about:blank", "browserContextId": within, "enableBeginFrameControl": True}
    whole = Remote(browser, 0).remote("newBrowserCDPSession")
    return whole.remote("sendUntil", "Target.createTarget", wanted, context, "page")


def _advance(session: Remote, milliseconds: int) -> None:
    """Let so much of the page's time pass, and then no more: a side with an interval would be charged for all it idles.

    Its clock stands still while a request is on its way. Else minutes would pass meanwhile, and each would be given up
    and sent again.
    """
    policy = {"policy": "pauseIfNetworkFetchesPending", "budget": milliseconds}
    session.call("sendUntil", "Emulation.setVirtualTimePolicy", policy, session, "Emulation.virtualTimeBudgetExpired")


def _metrics(session: Remote) -> dict[str, float]:
    found = session.call("send", "Performance.getMetrics")["metrics"]
    return {metric["name"]: metric["value"] for metric in found}
