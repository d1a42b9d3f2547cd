-- Messages, conversations and counts, folded from the arrivals.
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
ANALYZE bench.fold, receipts_receipt;

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

-- "sent" that came after its "delivered" is flagged late, as the drain does.
UPDATE receipts_receipt r SET flags = flags | %(late)s
FROM bench.fold f JOIN bench.arrival a ON a.m = f.m AND a.step = 20 AND NOT a.is_repeat
WHERE f.delivered < f.sent AND r.id = a.id AND r.received_at = f.sent;

ANALYZE receipts_message;

INSERT INTO receipts_conversation (id, channel_id, channel_type, business_address,
    is_settled, first_at, last_at, last_inbound_at, messages)
SELECT p.id, p.channel_id, p.channel_type, p.address, true, min(f.first_at),
    max(f.last_at), max(f.last_at) FILTER (WHERE m.path = 1), count(*)
FROM bench.fold f JOIN bench.message m ON m.m = f.m JOIN bench.person p ON p.id = m.person
GROUP BY p.id ORDER BY p.id;
ANALYZE receipts_conversation;
SELECT setval('receipts_conversation_id_seq', %(people)s);

INSERT INTO receipts_conversationidentity (channel_id, channel_type, business_address,
    kind, value, conversation_id)
SELECT p.channel_id, p.channel_type, p.address, v.kind, v.value, p.id
FROM bench.person p JOIN receipts_conversation c ON c.id = p.id, LATERAL (VALUES
    (bench.kind_of(p.channel_type), p.number),
    ('user_id', p.user_id),
    ('username', CASE WHEN c.last_inbound_at IS NOT NULL THEN p.name END)
) AS v (kind, value) WHERE v.value IS NOT NULL ORDER BY p.id;

INSERT INTO receipts_template (channel_id, code, language, name, updated_at)
SELECT channel_id, template_code, template_language, max(template_name), max(received_at)
FROM receipts_receipt WHERE template_code IS NOT NULL GROUP BY 1, 2, 3;

INSERT INTO receipts_receiptcount (hour, channel_id, kind, status, error_code,
    template_code, n)
SELECT date_trunc('hour', received_at, 'UTC'), channel_id, kind, status, error_code,
    template_code, count(*)
FROM receipts_receipt GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1;

INSERT INTO receipts_messagecount (hour, channel_id, status, n)
SELECT date_trunc('hour', first_at, 'UTC'), channel_id, status, count(*)
FROM receipts_message GROUP BY 1, 2, 3 ORDER BY 1;
