-- The rows that the drain would have written.
INSERT INTO receipts_receipt (id, received_at, stored_at, xid, channel_id, callback_id,
    position, digest, receipt_type, mode, kind, message_id, recipient_number, task_id,
    batch_id, client_batch_id, conversation_id, provider_conversation_id,
    conversation_type, status, raw_status, raw_detail, error_code, upstream_code,
    error_description, channel_type, business_address, identities, template_code,
    template_name, template_language, message_type, frame_type, content, claimed_at,
    claimed_meaning, flags, payload)
SELECT id, received_at, received_at + interval '400 ms',
    pg_current_xact_id()::text::bigint, channel_id, callback_id, position,
    decode(digest, 'hex'), receipt_type, mode, kind, message_id,
    CASE WHEN provider = 'cams' AND step > 0 THEN number END, task_id, batch_id,
    client_batch_id, conversation_id, provider_conversation_id, conversation_type, status,
    raw_status, raw_detail, error_code, upstream_code, error_description, channel_type,
    address, CASE
        WHEN user_id IS NOT NULL THEN jsonb_build_array(
            jsonb_build_object('kind', 'phone', 'value', number),
            jsonb_build_object('kind', 'user_id', 'value', user_id))
        WHEN step = 0 AND name IS NOT NULL THEN jsonb_build_array(
            jsonb_build_object('kind', bench.kind_of(channel_type), 'value', number),
            jsonb_build_object('kind', 'username', 'value', name))
        ELSE jsonb_build_array(
            jsonb_build_object('kind', bench.kind_of(channel_type), 'value', number)) END,
    template_code, template_name, template_language, message_type,
    CASE WHEN step > 0 AND provider = 'cams' THEN message_type END,
    '{"type":"text","text":"' || words || '"}', claimed_at,
    CASE provider WHEN 'cams' THEN 'sent' ELSE 'event' END, 0, payload
FROM bench.detail WHERE NOT is_repeat ORDER BY id;

INSERT INTO receipts_sighting (id, received_at, receipt_id, channel_id, callback_id,
    position, mode, conversation_id)
SELECT nextval('receipts_sighting_id_seq'), c.received_at, first.id, a.channel_id, c.id,
    a.place %% 20, c.mode, a.person
FROM bench.arrival a
JOIN bench.callback c ON c.channel_id = a.channel_id
    AND c.receipt_type = a.receipt_type AND c.batch = a.place / 20
JOIN bench.arrival first ON first.m = a.m AND first.step = a.step AND NOT first.is_repeat
WHERE a.is_repeat;

INSERT INTO receipts_receiptkey (channel_id, digest, receipt_id, received_at, reading)
SELECT channel_id, digest, id, received_at, hashtextextended(payload, 0)
FROM receipts_receipt;

-- Callbacks older than their retention are gone.
INSERT INTO receipts_callback (id, received_at, channel_id, receipt_type, mode, body,
    headers, address, queue, ack_ms, state, attempts, processed_at, items, new,
    duplicates, quarantined)
SELECT c.id, c.received_at, c.channel_id, c.receipt_type, c.mode, b.body,
    '{"Content-Type": "application/json"}',
    CASE c.mode WHEN 'push' THEN inet '203.0.113.7' END,
    CASE c.mode WHEN 'queue' THEN 'https://queue.example Alicom-Queue-1' END,
    2 + c.batch %% 9, 'done', 1, c.received_at + interval '500 ms', c.items,
    c.items - c.repeats, c.repeats, 0
FROM bench.callback c JOIN (
    SELECT callback_id, convert_to('[' || string_agg(payload, ',' ORDER BY position) || ']',
        'UTF8') AS body
    FROM bench.detail WHERE received_at >= %(callbacks_from)s GROUP BY callback_id
) AS b ON b.callback_id = c.id
ORDER BY c.received_at;
