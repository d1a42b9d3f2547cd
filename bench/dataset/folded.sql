-- What follows from messages: flags, conversations, counts.
ANALYZE receipts_receipt, receipts_message;

-- "sent" that came after its "delivered" is flagged late, as the drain does.
UPDATE receipts_receipt r SET flags = flags | %(late)s
FROM bench.fold f JOIN bench.arrival a ON a.m = f.m AND a.step = 20 AND NOT a.is_repeat
WHERE f.delivered < f.sent AND r.id = a.id AND r.received_at = f.sent;

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
    template_code, n, is_delta)
SELECT date_trunc('hour', received_at, 'UTC'), channel_id, kind, status, error_code,
    template_code, count(*), false
FROM receipts_receipt GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1;

INSERT INTO receipts_messagecount (hour, channel_id, status, n, is_delta)
SELECT date_trunc('hour', first_at, 'UTC'), channel_id, status, count(*), false
FROM receipts_message GROUP BY 1, 2, 3 ORDER BY 1;
