-- The five segments as somebody who knows DuckDB writes them for it, from the same files.
WITH rows AS (
    SELECT id, ts_us, type, visitor, conversation, answers, value, currency, "order", margin FROM {log}
    WHERE site = 'demo' AND ts_us >= {since} AND ts_us < {until}
),
known AS (SELECT visitor, customer, marked FROM {who} WHERE site = 'demo'),
starts AS (
    SELECT visitor, CASE WHEN ts_us - lag(ts_us) OVER (PARTITION BY visitor ORDER BY ts_us, id) < 1800000000
        THEN 0 ELSE 1 END AS start
    FROM rows WHERE type = 'page_view'
),
talks AS (
    SELECT visitor, conversation, max(CASE WHEN answers = 1 THEN id END) AS last,
        min(CASE WHEN type = 'message' THEN id END) AS first
    FROM rows WHERE conversation IS NOT NULL AND (type = 'message' OR answers = 1) GROUP BY ALL
),
answered AS (
    SELECT rows.visitor, count(*) FILTER (type = 'message' AND id < last) AS answered,
        min(ts_us) FILTER (answers = 1 AND id > first) AS first_answer
    FROM rows JOIN talks USING (visitor, conversation) WHERE type = 'message' OR answers = 1 GROUP BY ALL
),
seen AS (SELECT visitor, count(*) AS views, sum(start) AS visits FROM starts GROUP BY ALL),
given AS (
    SELECT "order", currency, sum(value) AS back FROM rows WHERE type = 'refund' GROUP BY ALL
),
moved AS (
    SELECT visitor, bool_or(type NOT IN ('present', 'exposed', 'consent', 'answer', 'status')) AS acted,
        sum(CASE type WHEN 'purchase' THEN value WHEN 'refund' THEN -value END) AS spent,
        sum(CASE WHEN coalesce(back, 0) <= 0 THEN margin WHEN back < value THEN
            margin - floor(margin * (back / value) + 0.5)::BIGINT ELSE 0 END) FILTER (type = 'purchase') AS margin,
        count(margin) FILTER (type = 'purchase') AS margins, count(*) FILTER (type = 'purchase') AS orders,
        min(ts_us) FILTER (type = 'purchase') AS first_purchase
    FROM rows LEFT JOIN given USING ("order", currency) WHERE type <> 'page_view' GROUP BY ALL
),
browsers AS (
    SELECT coalesce(customer, visitor) AS person, coalesce(marked, 0) AS marked, * EXCLUDE (customer, marked)
    FROM seen FULL JOIN moved USING (visitor) LEFT JOIN answered USING (visitor) LEFT JOIN known USING (visitor)
),
people AS (
    SELECT person, max(marked) OR person IN (SELECT customer FROM known WHERE marked = 1) AS marked,
        coalesce(sum(views), 0) AS views, coalesce(sum(visits), 0) AS visits, coalesce(bool_or(acted), false) AS acted,
        coalesce(sum(answered), 0) AS answered, coalesce(sum(spent), 0) AS spent, coalesce(sum(margin), 0) AS margin,
        coalesce(sum(margins), 0) AS margins, coalesce(sum(orders), 0) AS orders,
        min(first_answer) < min(first_purchase) AS before
    FROM browsers GROUP BY person
)
SELECT CASE WHEN spent > 0 AND answered > 0 THEN 'conversing buyer' WHEN spent > 0 THEN 'silent buyer'
        WHEN marked OR (views <= 1 AND NOT acted AND answered = 0) THEN 'noise'
        WHEN answered > 0 THEN 'conversing visitor' ELSE 'passive visitor' END AS segment,
    count(*) AS people, sum(visits) AS visits, count(*) FILTER (answered >= 2) AS dialogues,
    count(*) FILTER (answered > 0 AND spent > 0 AND before) AS before,
    coalesce(sum(spent) FILTER (answered > 0 AND spent > 0 AND before), 0) AS before_revenue,
    sum(orders) AS orders, sum(spent) AS revenue, sum(margin) AS margin, sum(orders) AS priced, sum(margins) AS margins
FROM people GROUP BY ALL
