"""What small lakes are told by hand: a tenant a story, so that one run of an engine takes in all of them."""

import msgspec

from footfall.etl.unlinks import Unlink
from footfall.events.raw_line import RawLine
from footfall.events.tenants import Tenant
from footfall.lake.retention import Cutoffs
from footfall.lake.suppression import Erasure, keyed_hash
from tests.lakes import DAY, HOUR, MINUTE, NOON, event, line, rejected
from tests.unit.etl import test_bots, test_heatmap, test_page_views

VISITS = Tenant("visits", salt="s", session_gap_seconds=600)
NEW_RULES = Tenant("visits", salt="s", goals=("signup",))
PEOPLE = Tenant("people", salt="p")
PAST = Tenant("past", salt="g")
UNLINKS = (Unlink("phone", "ann"), Unlink("ben", "ann"))
ERASURE_OF_PAST = Erasure((keyed_hash(PAST.salt, "visitor", "gone"),), ())
CUTOFFS_OF_PAST = Cutoffs({"": NOON - DAY, "click": NOON})


def visits() -> list[RawLine]:
    """Tabs, vitals, bots of each kind, cells, and what is a goal by the new rules only."""
    bots = [test_bots.told(name, events, fields) for name, (events, fields, _) in test_bots.STORIES.items()]
    pages = [line(*events, visitor=f"tabs {name}", received=NOON + 2 * MINUTE, country="CH")
             for name, (events, _) in test_page_views.STORIES.items()]  # fmt: skip
    vitals = line(*test_page_views.VITALS, visitor="vitals", received=NOON + 2 * MINUTE)
    goods = event(NOON, "purchase", id="goods", properties={"items": ["a", {"item": "b", "quantity": 2, "value": 1.5}]})
    signs = [event(NOON, "signup", id="one"), event(NOON + 20 * MINUTE, "signup", id="two")]
    ways = [test_heatmap.moved(1, [(0, 0, 100), (200, 400, 100), (230, 400, 333)]), test_heatmap.click(2, 7, 70)]
    told = [*bots, *pages, vitals, line(goods, *signs, visitor="buyer"), line(*ways, visitor="pointing")]
    return _of(VISITS, told)


def people() -> list[RawLine]:
    """A shared tablet, two devices of one user, a circle of aliases, and what is said of users and items."""
    told = [
        line(
            event(NOON, "page_view"),
            event(NOON + MINUTE, "identify", user="ann", properties={"plan": "pro", "n": 1.50}),
        ),
        line(event(NOON + HOUR, "identify", user="ben", properties={}), event(NOON + DAY, user="ann")),
        line(event(NOON, user="ann"), visitor="phone"),
        line(event(NOON + HOUR, "alias", user="ann", properties={"previous": "anne"}), visitor="phone"),
        line(event(NOON + 2 * HOUR, "alias", user="ben", properties={"previous": "ann"})),
        line(event(NOON + 3 * HOUR, "alias", user="ann", properties={"previous": "ben"})),
        line(
            event(NOON, "$set", properties={"entityType": "item", "entityId": "i", "price": 3, 'ö"\\': [None, "x"]}),
            event(NOON + 1, "$unset", properties={"entityType": "item", "entityId": "i", "price": None}),
            event(NOON + 2, "$delete", properties={"entityType": "user", "entityId": "u"}),
            protocol="predictionio",
            visitor="",
        ),
        line(event(NOON, "group", user="cy", properties={"groupId": "acme", "seats": 5}), protocol="segment"),
    ]
    return _of(PEOPLE, told)


def late_people() -> list[RawLine]:
    """What comes late and parts a stretch, moves an alias, and replaces a copy that was stored."""
    told = [
        line(event(NOON + 30 * MINUTE, user="cy"), received=NOON + 2 * DAY),
        line(event(NOON + 30 * MINUTE, "alias", user="cyrus", properties={"previous": "cy"}), received=NOON + 2 * DAY),
        line(event(NOON, user="ann"), visitor="tv", received=NOON),
    ]
    return _of(PEOPLE, told)


def busy_people() -> list[RawLine]:
    """An hour of traffic, and with it a few events of days ago: these wait for a run that has nothing else to do."""
    now = NOON + 6 * DAY
    told = [line(*(event(now + step * MINUTE, user="dee") for step in range(50)), visitor="laptop")]
    told += [line(event(now - days * DAY, user="ann"), received=now + HOUR, visitor="phone") for days in (2, 3, 4)]
    return _of(PEOPLE, told)


def past() -> list[RawLine]:
    """Two events that stay; two of a visitor that was erased; three that are older than they are kept."""
    told = [
        line(event(NOON, "page_view"), event(NOON - MINUTE, "click"), event(NOON - MINUTE, "view")),
        line(event(NOON + 1), visitor="gone", rejected=[rejected(1)]),
        line(event(NOON - 2 * DAY, "view"), visitor="w", received=NOON - 2 * DAY, rejected=[rejected(1)]),
    ]
    return _of(PAST, told)


def _of(tenant: Tenant, told: list[RawLine]) -> list[RawLine]:
    return [msgspec.structs.replace(item, tenant=tenant.name) for item in told]
