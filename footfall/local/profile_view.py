"""A profile as a person reads it in a terminal."""

from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from footfall.profiles.document import Profile, Score


def profile_view(profile: Profile) -> RenderableType:
    """The profile as rich prints it: who, what they did, where they stand, and the scores with their reasons."""
    facts = Table.grid(padding=(0, 2))
    for name, value in _facts(profile):
        facts.add_row(Text(name, style="dim"), Text(value))
    title = Text.assemble(("Visitor ", "bold"), (profile.visitor, "bold cyan"), f" of {profile.tenant}")
    if not profile.scores:
        return Group(title, facts, Text("No engine has scored this visitor.", style="dim"))
    scores = Table("engine", "score", "above", "as of", "model", "reasons")
    for score in profile.scores:
        scores.add_row(*(Text(cell) for cell in _cells(score)))
    return Group(title, facts, scores)


def duration(milliseconds: int) -> str:
    """A span of time in its two largest units: `2 h 5 min`, `5 min 3 s`, `3 s`."""
    seconds = milliseconds // 1000
    hours, minutes = seconds // 3600, seconds // 60 % 60
    if hours:
        return f"{hours:,} h {minutes} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"


def _facts(profile: Profile) -> list[tuple[str, str]]:
    totals, rfm = profile.totals, profile.rfm
    facts = [
        ("user ids", ", ".join(profile.user_ids) or "none"),
        ("person", profile.person or "nobody known"),
        ("lifecycle", f"{profile.lifecycle}, as of {profile.as_of}"),
        ("first seen", f"{_minute(profile.first_seen)}, by {profile.first_channel or 'an unknown channel'}"),
        ("last seen", f"{_minute(profile.last_seen)}, on {profile.device or 'an unknown device'}"),
        ("visits", f"{totals.sessions:,} on {totals.active_days:,} days, {totals.page_views:,} page views"),
        ("events", f"{totals.events:,}, {duration(totals.engaged_ms)} engaged"),
        ("conversions", f"{totals.conversions:,}, worth {totals.value:,.2f}"),
    ]
    if rfm is not None:
        fifths = f"{rfm.recency_score} {rfm.frequency_score} {rfm.monetary_score} of 5"
        figures = f"{rfm.recency_days:,} days ago, {rfm.frequency:,} times, {rfm.monetary:,.2f}"
        facts.append(("R F M", f"{fifths}: {figures}"))
    if profile.is_bot:
        facts.append(("bot", "yes, by its user agent"))
    return facts


def _cells(score: Score) -> tuple[str, ...]:
    reasons = "\n".join(f"{reason.feature} = {reason.value} ({reason.contribution:+.3g})" for reason in score.reasons)
    return (
        score.engine,
        f"{score.score:.4g}",
        f"{score.percentile:.0f} %",
        _minute(score.as_of),
        score.model_version,
        reasons,
    )


def _minute(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"
