"""Every table of the lake, declared once: Iceberg, Arrow, Spark, Athena and the docs all read it from here."""

from dataclasses import dataclass

DATABASE = "footfall"
TENANT_BUCKETS = 16
# Clients name the types of their entities: buckets bound the number of partitions.
TYPE_BUCKETS = 8
# Each snapshot makes every commit slower: once there are more than the first number, the second number is left.
MOST_SNAPSHOTS = 40
KEPT_SNAPSHOTS = 10
_BY_TENANT = f"bucket[{TENANT_BUCKETS}]"


@dataclass(frozen=True)
class Column:
    """A column, of a type that `column_types` reads. Columns are only ever added at the end.

    `formerly` are the names that it had: a table that knows it by one of them renames it, and its rows stay.
    """

    name: str
    type: str
    doc: str
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table: what a row is, its columns, its partition (column, Iceberg transform), its sort order and row key.

    Timestamps have no zone and are UTC. `key` names the columns that are unique in the table. `spread` names those (a
    place in a list of structs as `path.x`) of which nearly every row has a value of its own: no dictionary is made of
    them, and numbers and times are written as differences. `repeated` names texts that many rows have in common, by
    none of which rows are sorted or parted: an engine may keep numbers for them meanwhile. `zstd_level` is how hard
    files are compressed: rows that are worked out, and are replaced again and again, are no smaller at a higher one.
    `rows_a_file` is for many small rows, of which a change touches few that lie together: only the file of these is
    written again.
    """

    name: str
    row: str
    columns: tuple[Column, ...]
    partition: tuple[tuple[str, str], ...]
    sort: tuple[str, ...]
    key: tuple[str, ...]
    spread: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    zstd_level: int = 1
    rows_a_file: int | None = None

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


_TENANT = Column("tenant", "string", "The customer whose data this is.")
_VISITOR = Column("visitor", "string", "The browser, as its client names it.")
_CHANNEL = Column(
    "channel", "string", "Where the visit came from: paid, email, social, search, ai, referral, direct or internal."
)
_BOT = Column("is_bot", "boolean", "A crawler or a script: its visitor's day was judged so (`bot_reason`).")
_BOT_REASON = Column(
    "bot_reason",
    "string",
    "Why it is taken for a bot: user_agent, webdriver, robots_txt, rate, regularity, breadth or idle; NULL: it is not.",
)
_ORIGIN = (
    Column("raw_object", "string", "The raw object that holds it."),
    Column("raw_line", "int", "The line in the raw object, from 0."),
    Column("raw_index", "int", "The place in the line's request, from 0; -1: the whole line."),
)
_COUNTRY = Column("country", "string", "ISO 3166 code of two letters, as the CDN's header told it; imported: NULL.")
_DEVICE = (
    Column("device", "string", "desktop, mobile, tablet, bot or other."),
    Column("browser", "string", "The browser's family."),
    Column("os", "string", "The operating system's family."),
)
_CAMPAIGN = (
    Column("utm_source", "string", "The campaign's source parameter."),
    Column("utm_medium", "string", "The campaign's medium parameter."),
    Column("utm_campaign", "string", "The campaign's name parameter."),
)
_SNAPSHOTS = tuple(
    Column(f"{table}_snapshot", "long", f"The snapshot of {table} after the run that took it in.")
    for table in (
        *("events", "page_views", "sessions", "visitor_days", "quarantine", "heatmap", "data_quality"),
        *("entities", "identities", "aliases"),
    )
)

EVENTS = Table(
    "events",
    "an event, readable and typed",
    (
        _TENANT,
        _VISITOR,
        Column("user_id", "string", "The customer's own id of the user."),
        Column("event_id", "string", "Made by the client; copies share it."),
        Column("name", "string", "What happened."),
        Column("level", "string", "low, mid or high."),
        Column("event_time", "timestamp", "When it happened, the client's clock corrected."),
        Column("client_time", "timestamp", "When it happened, as the client wrote it."),
        Column("received_at", "timestamp", "When the collector had it."),
        Column("protocol", "string", "How it came: native, import/access-log, ..."),
        Column("page_url", "string", "The page's address."),
        Column("page_host", "string", "The page's host."),
        Column("page_path", "string", "The page's path."),
        Column("page_title", "string", "The page's title."),
        Column("referrer", "string", "The page before."),
        Column("referrer_host", "string", "The host of the page before."),
        *_CAMPAIGN,
        _CHANNEL,
        Column("user_agent", "string", "The user agent as sent."),
        *_DEVICE,
        Column(
            "is_bot", "boolean", "A crawler or a script, by its user agent alone; `sessions` know of behaviour too."
        ),
        Column("ip", "string", "The address, truncated (/24, /48)."),
        Column("consent", "string", "granted, denied or unknown."),
        Column("screen_width", "int", "The screen's width in CSS pixels."),
        Column("screen_height", "int", "The screen's height in CSS pixels."),
        Column("value", "decimal(18,4)", "The property `value`, where it is a number."),
        Column("currency", "string", "The property `currency`."),
        Column("engaged_ms", "long", "The property `engaged_ms`: milliseconds of engagement that the event reports."),
        Column("scroll_depth", "int", "The property `scroll_depth`: the deepest scroll so far, in percent."),
        Column(
            "properties",
            "string",
            "All properties, those with a column too: JSON text. Of the low events pointer, touch, scroll and click "
            "what x, y, document_width, document_height, scroll_depth, target, item and path hold exactly stands there "
            "alone.",
        ),
        *_ORIGIN,
        _COUNTRY,
        Column("item", "string", "The item that it is about: the property `item` (or `product_id`, `item_id`)."),
        Column(
            "items",
            "array<struct<item:string,quantity:decimal(18,4),value:decimal(18,4)>>",
            "The items of a purchase, a basket, a list: the property `items` (or `products`); `value` as the client "
            "tells it, or else its `price`.",
        ),
        Column("item_list", "string", "The list in which the item was shown: the property `list`."),
        Column("item_position", "int", "The item's place in its list: the property `position`."),
        Column("search_query", "string", "What was searched for: the property `query`."),
        Column("target", "string", "What was clicked or copied: a selector that outlives a redesign, where it can."),
        Column("href", "string", "Where a link leads: the property `href`."),
        Column("metric", "string", "The web vital that `value` is of, in capitals: LCP, INP, CLS, FCP, TTFB."),
        Column("x", "int", "The place in the document, in CSS pixels from the left."),
        Column("y", "int", "The place in the document, in CSS pixels from the top."),
        Column("document_width", "int", "The document's width in CSS pixels: the property `width`."),
        Column("document_height", "int", "The document's height in CSS pixels: the property `height`."),
        Column("webdriver", "boolean", "Whether the browser says that a program drives it."),
        Column(
            "path",
            "array<struct<t:int,x:int,y:int,stroke:int>>",
            "The way of the pointer, a finger or the scroll bar: milliseconds since event_time, the place in the "
            "document (a scroll has no x), and the number of the stroke, within which the way from place to place is "
            "straight and even. NULL where there is none, or one that cannot be read: then `properties` hold it.",
        ),
        Column(
            "shape",
            "string",
            "The names and JSON types of the properties, a JSON object in the order of names; NULL where there are "
            "more than 100.",
        ),
    ),
    (("tenant", _BY_TENANT), ("event_time", "day")),
    # A visitor's rows beside each other are fewer bytes, and few row groups to read again.
    ("tenant", "visitor", "event_time", "event_id"),
    ("raw_object", "raw_line", "raw_index"),
    ("event_id", "event_time", "client_time", "path.x"),
    (
        *("name", "level", "protocol", "page_url", "page_host", "page_path", "page_title", "referrer", "referrer_host"),
        *("user_agent", "device", "browser", "os", "consent", "raw_object", "country", "shape"),
    ),
    # A fortieth less than the default level, for one to two microseconds an event.
    zstd_level=9,
)

PAGE_VIEWS = Table(
    "page_views",
    "a page seen",
    (
        _TENANT,
        Column("page_view_id", "string", "Names the page view."),
        Column("session_id", "string", "The visit it belongs to."),
        _VISITOR,
        Column("started_at", "timestamp", "When the page was opened."),
        Column("ended_at", "timestamp", "The last event on the page."),
        Column("page_url", "string", "The page's address."),
        Column("page_host", "string", "The page's host."),
        Column("page_path", "string", "The page's path."),
        Column("page_title", "string", "The page's title."),
        Column("referrer", "string", "The page before."),
        Column("position", "int", "Its place in the visit, from 1."),
        Column("events", "long", "The events on the page, the page view among them."),
        Column("engaged_ms", "long", "Milliseconds of engagement: the sum of what heartbeats and page_leave report."),
        Column("scroll_depth", "int", "The deepest scroll, in percent."),
        _BOT,
        Column("clicks", "long", "The clicks on the page."),
        Column("lcp_ms", "decimal(18,4)", "Largest contentful paint, in milliseconds."),
        Column("inp_ms", "decimal(18,4)", "Interaction to next paint, in milliseconds."),
        Column("fcp_ms", "decimal(18,4)", "First contentful paint, in milliseconds."),
        Column("ttfb_ms", "decimal(18,4)", "Time to first byte, in milliseconds."),
        Column("cls", "decimal(18,4)", "Cumulative layout shift, a score."),
        _BOT_REASON,
    ),
    (("tenant", _BY_TENANT), ("started_at", "day")),
    ("tenant", "started_at", "page_view_id"),
    ("page_view_id",),
    ("page_view_id", "started_at", "ended_at"),
)

SESSIONS = Table(
    "sessions",
    "a visit: no gap above the tenant's session gap, across midnight",
    (
        _TENANT,
        Column("session_id", "string", "Names the visit."),
        _VISITOR,
        Column("user_id", "string", "The last user id seen in the visit."),
        Column("started_at", "timestamp", "Its first event."),
        Column("ended_at", "timestamp", "Its last event."),
        Column("duration_ms", "long", "From the first event to the last."),
        Column("events", "long", "All its events."),
        Column("low_events", "long", "Its low-level events."),
        Column("mid_events", "long", "Its mid-level events."),
        Column("high_events", "long", "Its high-level events."),
        Column("page_views", "long", "Its page views."),
        Column("landing_path", "string", "The path of its first page."),
        Column("exit_path", "string", "The path of its last page."),
        Column("referrer_host", "string", "The host the visit came from."),
        *_CAMPAIGN,
        _CHANNEL,
        *_DEVICE,
        _BOT,
        Column("engaged_ms", "long", "Milliseconds of engagement."),
        Column("conversions", "long", "Events that are one of the tenant's goals."),
        Column("converted", "boolean", "Whether there was a conversion."),
        Column("value", "decimal(18,4)", "The sum of the conversions' values."),
        Column(
            "bounced",
            "boolean",
            "At most one page view, under 10 seconds of engagement, no high-level event and no conversion.",
        ),
        _COUNTRY,
        _BOT_REASON,
    ),
    (("tenant", _BY_TENANT), ("started_at", "day")),
    ("tenant", "started_at", "session_id"),
    ("session_id",),
    ("session_id", "started_at", "ended_at"),
)

VISITOR_DAYS = Table(
    "visitor_days",
    "a visitor's day, in totals that can be added up",
    (
        _TENANT,
        _VISITOR,
        Column("day", "date", "The UTC day."),
        Column("user_id", "string", "The last user id seen on the day."),
        Column("first_seen", "timestamp", "The day's first event."),
        Column("last_seen", "timestamp", "The day's last event."),
        Column("first_channel", "string", "The channel of the day's first event."),
        Column("events", "long", "All events."),
        Column("page_views", "long", "Page views."),
        Column("sessions", "long", "Visits begun on the day."),
        Column("engaged_ms", "long", "Milliseconds of engagement."),
        Column("conversions", "long", "Events that are one of the tenant's goals."),
        Column("value", "decimal(18,4)", "The sum of the conversions' values."),
        Column("device", "string", "The device of the day's first event."),
        _BOT,
        _COUNTRY,
        _BOT_REASON,
    ),
    (("tenant", _BY_TENANT), ("day", "day")),
    ("tenant", "day", "visitor"),
    ("tenant", "visitor", "day"),
)

HEATMAP = Table(
    "heatmap",
    "a cell of a page on a day: a hundredth of the document's width, 20 pixels high; bots are left out",
    (
        _TENANT,
        Column("day", "date", "The UTC day."),
        Column("page_host", "string", "The page's host; empty where it is not known."),
        Column("page_path", "string", "The page's path; empty where it is not known."),
        Column("width_class", "string", "The document's width: narrow (under 768 pixels), medium, wide (from 1280)."),
        Column("kind", "string", "click, move (of a pointer) or touch."),
        Column("cell_x", "int", "The column, 0 to 99 from the left."),
        Column("cell_y", "int", "The row of 20 pixels, from the top."),
        Column("samples", "long", "Clicks; of moves and touches, one for each 50 ms on the way."),
        Column("visitors", "long", "The visitors they are of."),
    ),
    (("tenant", _BY_TENANT), ("day", "day")),
    ("tenant", "day", "page_host", "page_path", "width_class", "kind", "cell_y", "cell_x"),
    ("tenant", "day", "page_host", "page_path", "width_class", "kind", "cell_x", "cell_y"),
    rows_a_file=32_768,
)

DATA_QUALITY = Table(
    "data_quality",
    "a figure of a day's events that tells how sound they are",
    (
        _TENANT,
        Column("day", "date", "The UTC day of event_time."),
        Column(
            "figure",
            "string",
            "name: events of a name; property: those that have a property of a JSON type; null: those whose column is "
            "NULL; late: those that came more than a day after they happened.",
        ),
        Column("event_name", "string", "The events' name; empty: of all names."),
        Column("subject", "string", "The property or the column; empty: none."),
        Column("detail", "string", "The JSON type: text, number, boolean, object, array or null; empty: none."),
        Column("events", "long", "How many events it is true of."),
        Column("of_events", "long", "How many there are: of the day, of a property those of its event's name."),
        Column("latest", "timestamp", "When the collector had the last of them."),
    ),
    (("tenant", _BY_TENANT), ("day", "day")),
    ("tenant", "day", "figure", "event_name", "subject", "detail"),
    ("tenant", "day", "figure", "event_name", "subject", "detail"),
)

LATE_EVENTS = Table(
    "late_events",
    "an event that came late, and waits until its day is worked out again",
    EVENTS.columns,
    (),
    ("event_time", "tenant"),
    EVENTS.key,
    spread=EVENTS.spread,
    repeated=EVENTS.repeated,
)

QUARANTINE = Table(
    "quarantine",
    "a rejected event or line",
    (
        Column("tenant", "string", "The tenant; empty where the line cannot tell it."),
        Column("received_at", "timestamp", "When the collector had it; a damaged line: the time in its object's name."),
        Column("reason", "string", "The reason code."),
        Column("detail", "string", "What is wrong, and where."),
        Column("position", "string", "The line of the imported file."),
        Column("protocol", "string", "How it came."),
        Column("text", "string", "What was rejected, cut to 8 KiB."),
        *_ORIGIN,
    ),
    (("received_at", "day"),),
    ("tenant", "received_at", "raw_object", "raw_line", "raw_index"),
    ("raw_object", "raw_line", "raw_index"),
    zstd_level=9,
)

LEDGER = Table(
    "ledger",
    "a raw object taken in: what is in it for a tenant and day",
    (
        Column("raw_object", "string", "The raw object."),
        Column("tenant", "string", "The tenant; empty for lines that cannot tell it."),
        Column("day", "date", "The UTC day of received_at."),
        Column("lines", "long", "Its lines."),
        Column("events", "long", "The accepted events in them."),
        Column("rejected", "long", "The rejected events, and the lines that cannot be read."),
        *_SNAPSHOTS,
        Column("erased", "long", "The events that were erased from it."),
        Column("is_due_again", "boolean", "A replay or an erasure asks the next run to take it in again."),
        Column("late_events_snapshot", "long", "The snapshot of late_events after the run that took it in."),
    ),
    (("day", "day"),),
    ("day", "raw_object", "tenant"),
    ("raw_object", "tenant", "day"),
)

RULES = Table(
    "rules",
    "a tenant, and the rules by which its derived tables were worked out",
    (
        _TENANT,
        Column("models", "int", "The version of the models."),
        Column("bot_rules", "int", "The version of the rules for bots."),
        Column("session_gap_ms", "long", "The pause that ends a visit."),
        Column("goals", "string", "The events that convert, a JSON list."),
        Column("reworked_to", "date", "The last UTC day that these rules have worked out so far; NULL: all of them."),
    ),
    (("tenant", _BY_TENANT),),
    ("tenant",),
    ("tenant",),
)

ENTITIES = Table(
    "entities",
    "what one statement says of one property of a user, item or account, as of a time",
    (
        _TENANT,
        Column("type", "string", "user, item, account, or what the client calls it."),
        Column("entity", "string", "The customer's own id of it."),
        Column("as_of", "timestamp", "From when on the statement holds."),
        Column("operation", "string", "set, unset or delete (forget all that was said before)."),
        Column("property", "string", "The property's name; NULL where the statement names none."),
        Column("value", "string", "The property's value as JSON; NULL unless it is set."),
        Column("source", "string", "The protocol that said it: native, segment, predictionio, import/entities, ..."),
        Column("event_id", "string", "The event that said it."),
        *_ORIGIN,
    ),
    (("tenant", _BY_TENANT), ("type", f"bucket[{TYPE_BUCKETS}]")),
    ("tenant", "type", "entity", "as_of", "event_id", "property"),
    ("raw_object", "raw_line", "raw_index", "property"),
)

IDENTITIES = Table(
    "identities",
    "a stretch of a visitor's day in which its events name one user",
    (
        _TENANT,
        _VISITOR,
        Column("day", "date", "The UTC day."),
        Column("user_id", "string", "The customer's own id of the user."),
        Column("person", "string", "The person that this user is, aliases aside: a hash of tenant and user."),
        Column("from_time", "timestamp", "The stretch's first event that names the user."),
        Column("to_time", "timestamp", "The stretch's last event that names the user."),
        Column("events", "long", "Its events that name the user."),
        Column("cause", "string", "What the first event is: identify, alias, or event (any other with a user id)."),
        Column("undone_at", "timestamp", "When an operator unlinked the two; NULL where the stretch holds."),
        Column("event_id", "string", "The stretch's first event."),
        *_ORIGIN,
    ),
    (("tenant", _BY_TENANT), ("day", "day")),
    ("tenant", "day", "visitor", "from_time"),
    ("tenant", "visitor", "raw_object", "raw_line", "raw_index"),
)

ALIASES = Table(
    "aliases",
    "a user id that was given up for another",
    (
        _TENANT,
        Column("previous", "string", "The id that was given up."),
        Column("user_id", "string", "The user that it was given up for."),
        Column("aliased_at", "timestamp", "When."),
        Column("person", "string", "Who `previous` is, chains of aliases followed; NULL where a later alias counts."),
        Column("undone_at", "timestamp", "When an operator unlinked the two; NULL where the alias holds."),
        Column("event_id", "string", "The alias event."),
        *_ORIGIN,
    ),
    (("tenant", _BY_TENANT),),
    ("tenant", "previous", "aliased_at", "event_id"),
    ("raw_object", "raw_line", "raw_index"),
)

PREDICTIONS = Table(
    "predictions",
    "a score",
    (
        _TENANT,
        Column("engine", "string", "The ML capability, such as conversion."),
        _VISITOR,
        Column("day", "date", "The UTC day of as_of."),
        Column("as_of", "timestamp", "Features were taken up to this time."),
        Column("score", "double", "The probability (or the engine's own scale)."),
        Column("percentile", "double", "The share of visitors with a lower score, 0 to 100."),
        Column("model_version", "string", "The model that scored."),
        Column("reasons", "string", "JSON: the features that moved the score most, {feature, value, contribution}."),
    ),
    (("tenant", _BY_TENANT), ("engine", "identity"), ("day", "day")),
    ("tenant", "engine", "as_of", "visitor"),
    ("tenant", "engine", "visitor", "as_of"),
)

TABLES: tuple[Table, ...] = (
    EVENTS,
    PAGE_VIEWS,
    SESSIONS,
    VISITOR_DAYS,
    HEATMAP,
    DATA_QUALITY,
    ENTITIES,
    IDENTITIES,
    ALIASES,
    LATE_EVENTS,
    QUARANTINE,
    LEDGER,
    PREDICTIONS,
    RULES,
)


def table(name: str) -> Table:
    """The declared table of that name."""
    return next(declared for declared in TABLES if declared.name == name)
