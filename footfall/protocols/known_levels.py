"""The level of the events whose names Footfall knows."""

from footfall.events.model import Level

LEVELS: dict[str, Level] = {
    **dict.fromkeys(("pointer", "touch", "scroll", "click", "resource"), "low"),
    **dict.fromkeys(
        ("page_view", "page_leave", "link", "form", "search", "rage_click", "error", "web_vital", "impression"), "mid"
    ),
}


def level_of(name: str) -> Level:
    """The level of an event by its name; a name of the customer's own is `high`."""
    return LEVELS.get(name, "high")
