"""The table that a demo ends with. Two demos of one lake print the same."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from footfall.local.demo_result import DemoResult
from footfall.local.profile_view import profile_view


def demo_table(result: DemoResult) -> RenderableType:
    """The books, the sessions, conversion by channel, the model, and one profile."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(justify="right")
    table.add_column()
    totals = result.totals
    table.add_row("events sent", f"{totals.sent:,}", "")
    table.add_row("= stored", f"{totals.stored:,}", "")
    table.add_row("+ duplicate", f"{totals.duplicates:,}", "")
    table.add_row("+ quarantined", f"{totals.quarantined:,}", "")
    table.add_row("sessions", f"{result.sessions_found:,}", f"of {result.sessions_simulated:,} simulated")
    for place, row in enumerate(result.channels):
        name = "conversion by channel" if place == 0 else ""
        interval = f"{row.channel} ({row.low:.1%} to {row.high:.1%}, {row.converted:,} of {row.sessions:,})"
        table.add_row(name, f"{row.rate:.1%}", interval)
    if result.model is None:
        table.add_row("model", "none", Text(result.why_no_model))
    else:
        best = (
            "best possible unknown" if result.model.best_auc is None else f"best possible {result.model.best_auc:.3f}"
        )
        tested = f"{best}, on {result.model.tested_on:,} visits that it had not seen"
        table.add_row("model AUC", f"{result.model.auc:.3f}", tested)
    if result.profile is None:
        return table
    return Group(table, Text(), profile_view(result.profile))
