-- Messages, folded from the arrivals.
CREATE UNLOGGED TABLE bench.fold AS
SELECT a.m, min(c.received_at) FILTER (WHERE step = 20) AS sent,
    min(c.received_at) FILTER (WHERE step = 40) AS delivered,
    min(c.received_at) FILTER (WHERE step = 50) AS read,
    min(c.received_at) FILTER (WHERE step = 1) AS failed,
    min(a.claimed_at) FILTER (WHERE step = 20) AS sent_at,
    min(a.claimed_at) FILTER (WHERE step = 40) AS delivered_at,
    min(a.claimed_at) FILTER (WHERE step = 50) AS read_at,
    min(a.claimed_at) FILTER (WHERE step = 1) AS failed_at,
    min(a.claimed_at) AS first_at, max(c.received_at) AS last_at,
    max(step) FILTER (WHERE step > 1) AS progress,
    count(*) FILTER (WHERE NOT is_repeat) AS receipts
FROM bench.arrival a
JOIN bench.callback c ON c.channel_id = a.channel_id
    AND c.receipt_type = a.receipt_type AND c.batch = a.place / 20
GROUP BY a.m;
ALTER TABLE bench.fold ADD PRIMARY KEY (m);
ANALYZE bench.fold;

INSERT INTO receipts_message (channel_id, message_id, slot, number, numberless, recipients,
    direction, channel_type, business_address, conversation_id, task_id, template_code,
    template_name, template_language, content, text, status, progress, sent_at,
    sent_received_at, delivered_at, delivered_received_at, read_at, read_received_at,
    failed_at, failed_received_at, failure_key, failure_status, error_code, upstream_code,
    error_description, first_at, last_at, receipts)
SELECT t.channel_id, t.message_id, '',
    CASE WHEN t.provider = 'cams' AND t.path > 1 THEN t.number END,
    CASE WHEN t.provider = 'cams' AND t.path > 1 THEN 0 ELSE 2 END, 1,
    CASE t.path WHEN 1 THEN 'mo' ELSE 'mt' END, t.channel_type, t.address,
    t.conversation_id, t.task_id, t.template_code, t.template_name, t.template_language,
    '{"type":"text","text":"' || t.words || '"}', t.words,
    CASE WHEN t.path = 1 THEN 'received' WHEN f.failed IS NOT NULL THEN 'failed'
        WHEN f.progress = 50 THEN 'read' WHEN f.progress = 40 THEN 'delivered'
        ELSE 'sent' END,
    coalesce(f.progress, 0), f.sent_at, f.sent, f.delivered_at, f.delivered, f.read_at,
    f.read, f.failed_at, f.failed,
    CASE WHEN f.failed IS NOT NULL THEN format('1|%%s|failed|%%s|%%s|%%s',
        lpad((extract(epoch FROM f.failed_at) * 1000000)::bigint::text, 20, '0'),
        t.failed_code, t.failed_upstream, t.failed_description) END,
    CASE WHEN f.failed IS NOT NULL THEN 'failed' END,
    CASE WHEN f.failed IS NOT NULL THEN t.failed_code END,
    CASE WHEN f.failed IS NOT NULL THEN t.failed_upstream END,
    CASE WHEN f.failed IS NOT NULL THEN t.failed_description END,
    f.first_at, f.last_at, f.receipts
FROM bench.fold f JOIN bench.told t ON t.m = f.m ORDER BY f.m;
