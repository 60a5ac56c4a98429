"""A row of the log as the files have it: what the store has, and what reports ask of its `data`, taken out once.

`ts_us` stands beside `at`, since engines disagree about the seconds of a timestamp but not about whole numbers; what is
yes or no is 1 or 0, since they disagree about that too.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from bot.store.log_changes import RAW

TEXT = ("site", "visitor", "customer", "type", "conversation", "turn", "url", "arm", "currency", "source", "data")
RAW_TYPES = pa.schema([(name, pa.string() if name in TEXT else pa.int64()) for name in RAW])
HOST = r"^[a-zA-Z]+://([^/?#@]*@)?(www\.)?([^/:?#]+)"
SEARCH = r"(^|\.)(google|bing|duckduckgo|yahoo|ecosia|qwant|startpage|baidu|yandex|brave|kagi|seznam)\."
SOCIAL = (
    r"(^|\.)(facebook|instagram|linkedin|pinterest|reddit|tiktok|twitter|x|youtube|threads|whatsapp|snapchat|xing|t)"
    r"\.(com|co|net)$|(^|\.)(lnkd\.in|youtu\.be|bsky\.app|mastodon\.social)$"
)


def _of(name: str) -> str:
    # Half a character in a JSON text is no reason to do without the row.
    return f"TRY(json_extract_string(data, '$.{name}'))"


def _number(name: str) -> str:
    return f"TRY_CAST({_of(name)} AS BIGINT)"


def _parameter(name: str) -> str:
    value = f"regexp_extract(url, '[?&]{name}=([^&#]+)', 1)"
    return f"nullif(CASE WHEN url LIKE '%{name}=%' THEN TRY(url_decode(replace({value}, '+', ' '))) END, '')"


def _yes(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END::BIGINT"


# The words are constants of this module.
PICKED = f"""
    SELECT id, "at" AS ts_us, make_timestamp("at") AS "at", site, visitor, customer, type, conversation, seq, turn, url,
        arm, value, currency, source, data,
        {
    _yes(
        f"type = 'answer' AND NOT coalesce({_of('failed')} = 'true', false)"
        f" AND coalesce({_of('welcome')} IN ('false', 'null'), true)"
    )
} AS answers,
        CASE WHEN type = 'consent' AND {_number("said")} > 0
            THEN greatest(0, least({_number("said")}, {_number("answered")})) END AS answered_before,
        {_yes(f"type = 'consent' AND {_number('said')} > 0 AND {_number('answered')} IS NOT NULL")} AS said_before,
        CASE WHEN type = 'purchase' THEN {_number("margin")} END AS margin,
        coalesce({_of("order")}, CASE WHEN type = 'purchase' THEN id::VARCHAR END) AS "order",
        regexp_replace(regexp_extract(url, '^[^?#]*'), '/$', '') AS page,
        CASE WHEN type = 'page_view' THEN {_of("referrer")} END AS referrer,
        {_parameter("utm_campaign")} AS campaign, lower({_parameter("utm_medium")}) AS medium,
        lower({_parameter("utm_source")}) AS origin,
        {_of("country")} AS country, {_of("language")} AS language, {_of("device")} AS device,
        {_of("intent")} AS intent, TRY_CAST({_of("sentiment")} AS DOUBLE) AS sentiment,
        TRY_CAST({_of("confidence")} AS DOUBLE) AS confidence
    FROM raw
"""  # noqa: S608
LOGGED = f"""
    WITH picked AS ({PICKED}),
    seen AS (SELECT *, lower(regexp_extract(url, '{HOST}', 3)) AS here,
        lower(regexp_extract(referrer, '{HOST}', 3)) AS there FROM picked)
    SELECT * EXCLUDE (here, there, medium, origin), CASE
        WHEN type <> 'page_view' THEN NULL
        WHEN regexp_matches(medium, '^(cpc|ppc|paid|display|banner|cpm|ads?)') THEN 'paid'
        WHEN medium IN ('email', 'e-mail', 'mail', 'newsletter') OR origin = 'newsletter' THEN 'mail'
        WHEN medium LIKE '%social%' THEN 'social'
        WHEN medium = 'affiliate' THEN 'affiliate'
        WHEN coalesce(medium, origin, campaign) IS NOT NULL THEN 'campaign'
        WHEN coalesce(there, '') = '' THEN 'direct'
        WHEN there = here THEN NULL
        WHEN regexp_matches(there, '{SEARCH}') THEN 'search'
        WHEN regexp_matches(there, '{SOCIAL}') THEN 'social'
        ELSE 'referral' END AS channel
    FROM seen ORDER BY ts_us, id
"""  # noqa: S608


def logged(connection: duckdb.DuckDBPyConnection, raw: pa.Table) -> pa.Table:
    """The rows as the files have them, in the order of time."""
    connection.register("raw", raw.select(RAW_TYPES.names).cast(RAW_TYPES))
    try:
        return connection.sql(LOGGED).to_arrow_table()
    finally:
        connection.unregister("raw")


def as_raw(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist([dict(row) for row in rows], schema=RAW_TYPES)
