-- What every receipt of a message says alike.
CREATE VIEW bench.told AS
SELECT m.m, m.path, m.created_at, p.id AS conversation_id, p.channel_id, p.provider,
    p.channel_type, p.address, p.number, p.user_id, p.name,
    CASE p.provider WHEN 'cams' THEN (2026000000000000000 + m.m)::text
        ELSE md5(m.m::text)::uuid::text END AS message_id,
    CASE WHEN m.path = 1 THEN NULL WHEN p.provider = '8x8' THEN 'order-' || m.m
        WHEN m.m % 10 < 3 THEN 'task-' || m.m / 50
        ELSE (2026000000000000000 + m.m)::text END AS task_id,
    CASE WHEN m.path > 1 AND p.provider = '8x8'
        THEN md5('b' || m.m / 500)::uuid::text END AS batch_id,
    CASE WHEN m.path > 1 AND p.provider = '8x8' THEN 'campaign-' || m.m / 5000
        END AS client_batch_id,
    CASE WHEN m.path > 1 AND p.provider = 'cams'
        THEN md5(p.id || '/' || (extract(epoch FROM m.created_at) / 86400)::int)
        END AS provider_conversation_id,
    CASE WHEN m.path > 1 THEN CASE WHEN m.template IS NULL THEN 'service'
        ELSE 'marketing' END END AS conversation_type,
    CASE WHEN m.path > 1 AND p.provider = 'cams'
        THEN (820561547132813000 + m.template)::text END AS template_code,
    CASE WHEN m.path > 1 AND p.provider = 'cams' THEN 'campaign_' || m.template
        END AS template_name,
    CASE WHEN m.path > 1 AND p.provider = 'cams' AND m.template IS NOT NULL THEN 'en'
        END AS template_language,
    CASE WHEN m.path = 1 THEN 'text' WHEN p.provider = '8x8' THEN NULL
        WHEN m.template IS NULL THEN 'text' ELSE 'template' END AS message_type,
    CASE WHEN m.path = 1 THEN
        (ARRAY['Where is my order', 'Thanks a lot', 'Please call me', 'Is it still free',
            'STOP', 'I would like to return', 'ok', 'When do you open'])[1 + m.m % 8]
        || ' ' || substr(md5(m.m::text), 1, 5) END AS words,
    -- Why it failed, if it did: a few codes make most of it, some forty the rest.
    CASE WHEN m.path > 4 THEN CASE p.provider
        WHEN 'cams' THEN (ARRAY[131026, 131049, 130472, 131047, 131050 + m.m % 40])[m.failure]
        ELSE (ARRAY[15, 17, 20, 31, 100 + m.m % 20])[m.failure] END::text END AS failed_code,
    CASE WHEN m.path > 4 AND p.provider = '8x8'
        THEN (ARRAY[131026, 131049, 130472, 131047, 131050])[m.failure]::text
        END AS failed_upstream,
    CASE WHEN m.path > 4 THEN
        (ARRAY['Message undeliverable', 'Not delivered to keep a healthy ecosystem',
            'Part of an experiment', 'Re-engagement message', 'Another reason'])[m.failure]
        END AS failed_description
FROM bench.message m JOIN bench.person p ON p.id = m.person;
