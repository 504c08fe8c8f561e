"""The whole of Footfall in one go: simulated traffic through the collector, and all that comes of it."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from footfall.events.tenant_file import TenantFile
from footfall.lake.layout import LocalLake, open_lake
from footfall.local import demo_queries, demo_record, report
from footfall.local.demo_books import check_books, check_sessions, in_one_line
from footfall.local.demo_learning import ENGINE, Learned, learn, what_counts
from footfall.local.demo_record import TENANT, DemoRecord
from footfall.local.demo_result import DemoResult
from footfall.local.demo_screen import DemoScreen
from footfall.local.etl_run import run_etl
from footfall.local.lake_node import lake_node
from footfall.local.profile_loading import load_profiles
from footfall.local.reconcile_run import run_reconcile
from footfall.local.sending import Sent, send
from footfall.local.server import LocalServer
from footfall.local.simulator.simulation import DAYS, MODEL, Simulation
from footfall.local.simulator.truth import Truth
from footfall.ml import workflow
from footfall.profiles.client import cluster
from footfall.profiles.document import Profile
from footfall.profiles.search import ProfileSearch

REPORT = "report.html"


class Demo:
    """A demo in a lake. `run` does all of it; running it again stores nothing new and finds the same."""

    def __init__(
        self, root: Path, seed: int, events: int, screen: DemoScreen, *, port: int = 0, engine: str = "duckdb"
    ) -> None:
        """Name what to do; nothing is done yet.

        Args:
            root: the lake's folder; made where it is new.
            seed: what the traffic follows from.
            events: how many to send.
            screen: is told of each stage.
            port: the collector's; 0 takes a free one.
            engine: the ETL's, duckdb or spark.
        """
        self.root, self.seed, self.events = root, seed, events
        self.screen, self.port, self.engine = screen, port, engine

    def run(self) -> DemoResult:
        """Simulate, send, take in, check, ask, learn, serve, report.

        Raises:
            FootfallError: what a stage says; or the lake holds another demo.
        """
        today = datetime.now(UTC).date()
        lake = open_lake(self.root, create=True)
        record = self._begin(lake, today)
        with self.screen.stage("Simulate") as step:
            simulation = Simulation(self.seed, record.end_day, self.events)
            truth = simulation.truth
            step.said = (
                f"{truth.sent:,} events of {truth.visitors:,} visitors in {len(truth.sessions):,} visits: "
                f"{truth.duplicates:,} copies, {truth.quarantined:,} broken, {truth.late_requests:,} late requests"
            )
        self._send(lake, record, simulation)
        del simulation
        self._take_in(lake)
        with self.screen.stage("Reconcile") as step:
            days = run_reconcile(lake, TENANT, lambda done, total: step.now(f"{done} of {total} raw objects"))
            checked = check_books(truth, record, days, demo_queries.reasons(lake, TENANT))
            found = demo_queries.sessions(lake, TENANT)
            problems = [*checked.problems, *check_sessions(truth, found)]
            step.said = in_one_line(days)
        with self.screen.stage("Query") as step:
            answers = demo_queries.ask(lake, TENANT)
            step.said = ", ".join(demo_queries.QUERIES)
        learned = self._learn(lake, truth)
        profile = self._profile(lake, truth)
        result = DemoResult(
            seed=self.seed,
            first_day=record.end_day - timedelta(days=DAYS),
            end_day=record.end_day,
            engine=self.engine,
            stages=tuple(self.screen.stages),
            totals=checked.totals,
            reasons=checked.reasons,
            visitors=len({visitor for visitor, *_ in found}),
            sessions_found=len(found),
            sessions_simulated=len(truth.sessions),
            days=answers.days,
            funnel=answers.funnel,
            channels=answers.channels,
            pages=answers.pages,
            model=learned.model,
            why_no_model="" if learned.model else learned.said,
            profile=profile,
            problems=problems,
        )
        (lake.root / REPORT).write_text(report.render(result), encoding="utf-8")
        return result

    def _begin(self, lake: LocalLake, today: date) -> DemoRecord:
        tenants = TenantFile(lake.tenants)
        now = time.time_ns() // 1_000_000
        record = demo_record.resume(lake.root, tenants, self.seed, self.events, today)
        if record is None:
            _, key = tenants.add(TENANT, now)
            record = DemoRecord(self.seed, self.events, demo_record.last_monday(today), MODEL, key)
        elif tenants.by_write_key(record.write_key, now) is None:
            record.write_key = tenants.rotate(TENANT, now)
        demo_record.write(lake.root, record)
        return record

    def _send(self, lake: LocalLake, record: DemoRecord, simulation: Simulation) -> None:
        again = record.begun > 0
        record.begun += 1
        demo_record.write(lake.root, record)
        with self.screen.stage("Send") as step, LocalServer(lake, self.port) as server:
            step.total(len(simulation.requests))
            step.now(f"to {server.url}")

            def each(answer: Sent) -> None:
                step.advance()

            began = time.monotonic()
            sent = send(server.url, record.write_key, simulation.requests, each=each)
            rate = sent.events / (time.monotonic() - began)
            step.said = (
                f"{'sent again: ' if again else ''}{sent.requests:,} requests, {sent.accepted:,} events accepted, "
                f"{sent.rejected:,} rejected, {rate:,.0f} events/s"
            )
        record.completed += 1
        record.repeats += sent.repeats
        demo_record.write(lake.root, record)

    def _take_in(self, lake: LocalLake) -> None:
        with self.screen.stage("ETL") as step:
            took = run_etl(lake, self.engine, everything=True, progress=step.now)
            step.said = (
                f"{took.objects:,} raw objects taken in by {self.engine}: {took.new_events:,} new events stored of "
                f"{took.events:,}, {took.rejected:,} rejected"
            )

    def _learn(self, lake: LocalLake, truth: Truth) -> Learned:
        tenant = next(one for one in TenantFile(lake.tenants).all() if one.name == TENANT)
        with self.screen.stage("Train") as step:
            learned = learn(lake, tenant, truth)
            step.said = learned.said
        if learned.model is None:
            return learned
        with self.screen.stage("Predict") as step:
            scored = workflow.predict(lake, tenant, ENGINE)
            step.said = f"{scored.visitors:,} visitors scored as of {scored.as_of:%Y-%m-%d %H:%M} UTC"
            return replace(learned, model=replace(learned.model, weights=what_counts(lake, TENANT)))

    def _profile(self, lake: LocalLake, truth: Truth) -> Profile | None:
        with self.screen.stage("Profiles") as step, lake_node(lake, progress=step.now) as url:
            loaded = load_profiles(lake, TENANT, url, now=datetime.now(UTC))
            with cluster(url) as client:
                profile = ProfileSearch(client, TENANT).get(best_customer(truth))
            step.said = f"{loaded.profiles:,} profiles served by OpenSearch as {loaded.index}"
        return profile


def best_customer(truth: Truth) -> str:
    """The visitor with the most purchases, and of several the one with the most visits."""
    counts: dict[str, tuple[int, int]] = {}
    for session in truth.sessions:
        bought, visits = counts.get(session.visitor, (0, 0))
        counts[session.visitor] = (bought + session.converted, visits + (not session.is_bot))
    return max(counts, key=lambda visitor: (*counts[visitor], visitor))
