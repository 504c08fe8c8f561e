"""The demo's report: one page of HTML with its charts inside, that needs no network."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from html import escape
from importlib import resources
from string import Template

from footfall.local import charts
from footfall.local.demo_result import DemoResult, ModelResult
from footfall.profiles.document import Profile, Score

_CALIBRATION_GROUPS = 8


def render(result: DemoResult) -> str:
    """The whole page. Every value is escaped, whatever visitors have sent."""
    template = Template(resources.files("footfall.local").joinpath("report.html").read_text(encoding="utf-8"))
    last = result.end_day - timedelta(days=1)
    return template.substitute(
        period=escape(f"{_day(result.first_day)} to {_day(last)}"),
        seed=result.seed,
        engine=escape(result.engine),
        figures=_figures(result),
        traffic=_traffic(result),
        funnel=charts.funnel("Sessions that reach each step", result.funnel),
        channels=charts.intervals(
            "Conversion by channel",
            [
                charts.Interval(row.channel, row.rate, row.low, row.high, f"of {row.sessions:,}")
                for row in sorted(result.channels, key=lambda row: -row.rate)
            ],
        ),
        books=_books(result),
        model=_model(result),
        pages=_table(
            ("page", "views", "visitors", "engaged"),
            ((row.path, f"{row.views:,}", f"{row.visitors:,}", f"{row.engaged_seconds:.0f} s") for row in result.pages),
        ),
        profile=_profile(result.profile),
        stages=_stages(result),
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _figures(result: DemoResult) -> str:
    converted = sum(row.converted for row in result.channels)
    sessions = sum(row.sessions for row in result.channels)
    tiles = [
        ("events stored", f"{result.totals.stored:,}", f"of {result.totals.sent:,} sent"),
        ("visitors", f"{result.visitors:,}", "crawlers among them"),
        ("sessions", f"{result.sessions_found:,}", f"{result.sessions_simulated:,} were simulated"),
        ("conversion", f"{converted / (sessions or 1):.1%}", f"{converted:,} of {sessions:,} people's visits"),
    ]
    if result.model is not None:
        best = "" if result.model.best_auc is None else f"best possible {result.model.best_auc:.3f}"
        tiles.append(("model AUC", f"{result.model.auc:.3f}", best))
    return "".join(
        f'<div class="tile"><span>{escape(name)}</span><b>{escape(value)}</b><small>{escape(note)}</small></div>'
        for name, value, note in tiles
    )


def _traffic(result: DemoResult) -> str:
    days = result.days
    series = [
        charts.Series("page views", [(place, row.page_views) for place, row in enumerate(days)], 1, filled=True),
        charts.Series("sessions", [(place, row.sessions) for place, row in enumerate(days)], 2),
        charts.Series("visitors", [(place, row.visitors) for place, row in enumerate(days)], 3, dashed=True),
    ]
    top = max((row.page_views for row in days), default=1)
    every = max(1, len(days) // 6)
    ticks = [(place, f"{row.day.day} {row.day:%b}") for place, row in enumerate(days) if place % every == 0]
    return charts.lines("Traffic a day", series, x_ticks=ticks, y_top=charts.round_up(top), height=260, width=1100)


def _books(result: DemoResult) -> str:
    totals = result.totals
    sign = "=" if totals.balanced else "&ne;"
    terms = [("stored", totals.stored), ("duplicate", totals.duplicates), ("quarantined", totals.quarantined)]
    parts = '<i class="sign">+</i>'.join(f"<span><b>{count:,}</b>{name}</span>" for name, count in terms)
    equation = f'<div class="books"><span><b>{totals.sent:,}</b>sent</span><i class="sign">{sign}</i>{parts}</div>'
    reasons = sorted(result.reasons.items(), key=lambda item: (-item[1], item[0]))
    return equation + _table(("reason for quarantine", "events"), ((reason, f"{count:,}") for reason, count in reasons))


def _model(result: DemoResult) -> str:
    model = result.model
    if model is None:
        return f"<p>{escape(result.why_no_model)}</p>"
    best = "unknown" if model.best_auc is None else f"{model.best_auc:.3f}"
    said = (
        f"Trained on {model.trained_on:,} sessions, tested on the {model.tested_on:,} later ones, of which "
        f"{sum(model.labels):,} converted. AUC <b>{model.auc:.3f}</b>, where the simulation's own probabilities reach "
        f"<b>{best}</b>: no model can do better but by luck. PR-AUC {model.pr_auc:.3f}, log loss {model.log_loss:.4f}. "
        f"Version {escape(model.version)}."
    )
    weights = model.weights[:8]
    most = max((weight for _, weight in weights), default=1.0) or 1.0
    rows = "".join(
        f'<tr><td>{escape(name)}</td><td class="meter"><i style="width:{100 * weight / most:.1f}%"></i></td>'
        f"<td>{weight:.1%}</td></tr>"
        for name, weight in weights
    )
    return (
        f'<p>{said}</p><div class="three"><div><h3>ROC</h3>{_roc(model)}</div>'
        f"<div><h3>Calibration</h3>{_calibration(model)}</div>"
        f"<div><h3>What moves the scores</h3><table>{rows}</table></div></div>"
    )


def roc_points(scores: Sequence[float], labels: Sequence[bool]) -> list[tuple[float, float]]:
    """(false positive rate, true positive rate) as the threshold falls; equal scores move together."""
    positives = sum(labels)
    negatives = len(labels) - positives
    points = [(0.0, 0.0)]
    if not positives or not negatives:
        return [*points, (1.0, 1.0)]
    ordered = sorted(zip(scores, labels, strict=True), reverse=True)
    hits = misses = 0
    for place, (score, label) in enumerate(ordered):
        hits, misses = hits + label, misses + (not label)
        if place + 1 == len(ordered) or ordered[place + 1][0] != score:
            points.append((misses / negatives, hits / positives))
    return points


def calibration_points(scores: Sequence[float], labels: Sequence[bool], groups: int) -> list[tuple[float, float]]:
    """(mean score, share of positives) of groups of about the same size, by rising score."""
    ordered = sorted(zip(scores, labels, strict=True))
    points = []
    for group in range(groups):
        part = ordered[group * len(ordered) // groups : (group + 1) * len(ordered) // groups]
        if part:
            points.append((sum(score for score, _ in part) / len(part), sum(label for _, label in part) / len(part)))
    return points


_SHARES = ((0.0, "0%"), (0.5, "50%"), (1.0, "100%"))


def _roc(model: ModelResult) -> str:
    series = [charts.Series("chance", [(0, 0), (1, 1)], 4, dashed=True)]
    if model.best_scores:
        series.append(charts.Series("best possible", roc_points(model.best_scores, model.labels), 2, dashed=True))
    series.append(charts.Series("model", roc_points(model.scores, model.labels), 1))
    return charts.lines(
        "ROC curve", series, x_ticks=_SHARES, y_top=1, height=300, width=380, percent=True,
        x_name="of those who do not buy, picked", y_name="of buyers, found",
    )  # fmt: skip


def _calibration(model: ModelResult) -> str:
    points = calibration_points(model.scores, model.labels, _CALIBRATION_GROUPS)
    top = charts.round_up(max((value for point in points for value in point), default=1.0))
    series = [
        charts.Series("as promised", [(0, 0), (top, top)], 4, dashed=True),
        charts.Series("model", points, 1, dots=True),
    ]
    ticks = [(top * share, f"{top * share:.0%}") for share in (0.0, 0.5, 1.0)]
    return charts.lines(
        "Calibration", series, x_ticks=ticks, y_top=top, height=300, width=380, percent=True,
        x_name="probability given", y_name="share that bought",
    )  # fmt: skip


def _stages(result: DemoResult) -> str:
    longest = max((stage.seconds for stage in result.stages), default=1.0) or 1.0
    rows = "".join(
        f'<tr><td class="name">{escape(stage.name)}</td><td class="said">{escape(stage.said)}</td>'
        f'<td class="meter"><i style="width:{100 * stage.seconds / longest:.1f}%"></i></td>'
        f"<td>{stage.seconds:.1f} s</td></tr>"
        for stage in result.stages
    )
    return f"<table>{rows}</table>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    titles = "".join(f"<th>{escape(title)}</th>" for title in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"


def _profile(profile: Profile | None) -> str:
    if profile is None:
        return "<p>None was found.</p>"
    totals, rfm = profile.totals, profile.rfm
    facts = [
        ("visitor", profile.visitor),
        ("user ids", ", ".join(profile.user_ids) or "none"),
        ("lifecycle", f"{profile.lifecycle}, as of {profile.as_of}"),
        ("first seen", f"{_minute(profile.first_seen)}, by {profile.first_channel or 'an unknown channel'}"),
        ("last seen", f"{_minute(profile.last_seen)}, on {profile.device or 'an unknown device'}"),
        ("visits", f"{totals.sessions:,} on {totals.active_days:,} days, {totals.page_views:,} page views"),
        ("events", f"{totals.events:,}, {totals.engaged_ms / 60_000:,.0f} min engaged"),
        ("conversions", f"{totals.conversions:,}, worth {totals.value:,.2f}"),
    ]
    if rfm is not None:
        facts.append(("recency", f"{rfm.recency_days:,} days, {rfm.recency_score} of 5"))
        facts.append(("frequency", f"{rfm.frequency:,}, {rfm.frequency_score} of 5"))
        facts.append(("monetary", f"{rfm.monetary:,.2f}, {rfm.monetary_score} of 5"))
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    return f"<dl>{rows}{''.join(_score(score) for score in profile.scores)}</dl>"


def _score(score: Score) -> str:
    said = f"{score.score:.3f}, above {score.percentile:.0f}% of visitors"
    reasons = "".join(
        f"<br><small>{escape(f'{reason.feature} = {_value(reason.value)} ({reason.contribution:+.2f})')}</small>"
        for reason in score.reasons
    )
    return f"<dt>{escape(score.engine)}</dt><dd>{escape(said)}{reasons}</dd>"


def _value(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _minute(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"
