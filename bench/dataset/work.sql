-- What the data set is made of: people, messages, and what became of each.
-- Random, but the same in every run.
SELECT setseed(0.5);

CREATE UNLOGGED TABLE bench.person AS
SELECT p AS id, s.channel_id, s.provider, s.channel_type, s.address,
    CASE s.channel_type WHEN 'messenger' THEN '7' || lpad(p::text, 15, '0')
        ELSE '65' || lpad((80000000 + p)::text, 8, '0') END AS number,
    CASE WHEN s.provider = '8x8' THEN 'SG.' || (10000000000 + p) END AS user_id,
    CASE WHEN s.provider = 'cams' AND p %% 3 = 0 THEN 'Guest ' || p END AS name
FROM generate_series(1, %(people)s) AS p
JOIN bench.sender s ON (p * 37) %% 100 >= s.share_from AND (p * 37) %% 100 < s.share_to;
ALTER TABLE bench.person ADD PRIMARY KEY (id);

-- Number 1 is the busiest, ten more are busy; of the others a few write most.
-- path: 1 from the person; 2 sent, 3 delivered, 4 read, 5 sent and failed, 6 failed.
CREATE UNLOGGED TABLE bench.message AS
SELECT m,
    CASE WHEN a < %(busiest)s::float / %(messages)s THEN 1
        WHEN a < %(busiest)s::float / %(messages)s + 0.05 THEN 2 + floor(b * 10)
        ELSE least(%(people)s, 12 + floor((%(people)s - 11) * b * b)) END::int AS person,
    date_trunc('milliseconds', %(start)s::timestamptz
        + (m - 1 + c) / %(messages)s * (%(finish)s::timestamptz - %(start)s::timestamptz)
    ) AS created_at,
    width_bucket(d, ARRAY[0, 0.12, 0.20, 0.52, 0.90, 0.97])::smallint AS path,
    CASE WHEN e < 0.6 THEN 1 + floor(40 * f * f) END::smallint AS template,
    width_bucket(f, ARRAY[0, 0.6, 0.8, 0.9, 0.96])::smallint AS failure
FROM (
    SELECT m, random() a, random() b, random() c, random() d, random() e, random() f
    FROM generate_series(1::bigint, %(messages)s) AS m
) AS dice;
ALTER TABLE bench.message ADD PRIMARY KEY (m);

-- step is the rank of the status; 0 what a person wrote, 1 a failure. Of some messages
-- "sent" comes late; some receipts come twice. What lies ahead has not come yet.
CREATE UNLOGGED TABLE bench.event AS
SELECT m, person, path, step, claimed_at, is_repeat,
    told_at + CASE WHEN is_repeat THEN interval '20 s' ELSE interval '0' END AS told_at
FROM (
    SELECT m, person, path, step, told_at, is_repeat,
        CASE provider WHEN 'cams' THEN created_at
            ELSE date_trunc('milliseconds', told_at - interval '300 ms') END AS claimed_at
    FROM (
        SELECT m, person, path, provider, created_at, s.step, (m + s.step) %% 101 = 0 AS again,
            created_at + s.delay_s * interval '1 s' AS told_at
        FROM bench.message JOIN bench.person p ON p.id = person, LATERAL (VALUES
            (0::smallint, 0.7, path = 1),
            (20, CASE WHEN m %% 97 = 0 AND path IN (3, 4) THEN 660 ELSE 0.9 + m %% 7 * 0.3 END,
                path BETWEEN 2 AND 5),
            (40, 4 + m %% 53, path IN (3, 4)),
            (50, 60 + m * 7919 %% 20011, path = 4),
            (1, 5 + m %% 11, path IN (5, 6))
        ) AS s (step, delay_s, is_told) WHERE s.is_told
    ) AS told, LATERAL (VALUES (false, true), (true, again)) AS r (is_repeat, is_told)
    WHERE r.is_told
) AS twice
WHERE told_at < %(finish)s::timestamptz - interval '30 s';

-- Twenty items make a callback; ids follow the time.
CREATE UNLOGGED TABLE bench.arrival AS
SELECT nextval('receipts_receipt_id_seq') AS id, queued.* FROM (
    SELECT e.m, e.person, e.step, e.is_repeat, e.told_at, e.claimed_at, p.channel_id,
        t.receipt_type, row_number() OVER waiting - 1 AS place
    FROM bench.event e JOIN bench.person p ON p.id = e.person, LATERAL (SELECT
        CASE WHEN p.provider = '8x8' THEN 'any' WHEN e.step = 0 THEN 'mo_message'
            ELSE 'mt_status' END AS receipt_type) AS t
    WINDOW waiting AS (PARTITION BY p.channel_id, t.receipt_type
        ORDER BY e.told_at, e.m, e.step, e.is_repeat)
    ORDER BY e.told_at, e.m, e.step, e.is_repeat
) AS queued;
DROP TABLE bench.event;

CREATE UNLOGGED TABLE bench.callback AS
SELECT channel_id, receipt_type, place / 20 AS batch, max(told_at) AS received_at,
    count(*) AS items, count(*) FILTER (WHERE is_repeat) AS repeats,
    (lpad(to_hex((extract(epoch FROM max(told_at)) * 1000)::bigint), 12, '0') || '7'
        || substr(md5(channel_id || receipt_type || place / 20), 1, 3) || '8'
        || substr(md5(channel_id || receipt_type || place / 20), 4, 15))::uuid AS id,
    CASE WHEN receipt_type <> 'any' AND place / 20 %% 8 = 0 THEN 'queue' ELSE 'push' END AS mode
FROM bench.arrival GROUP BY 1, 2, 3;
ALTER TABLE bench.callback ADD PRIMARY KEY (channel_id, receipt_type, batch);
ANALYZE bench.person, bench.message, bench.arrival, bench.callback;
