-- Each arrival with all that its item says, and the item itself.
CREATE VIEW bench.detail AS
SELECT d.*, md5(d.channel_id || '/' || d.message_id || '/' || d.step) AS digest,
    CASE
    WHEN d.provider = 'cams' AND d.step = 0 THEN
        format('{"MessageId":"%s","From":"%s","To":"%s","Type":"TEXT","Message":"%s","Timestamp":%s%s}',
            d.message_id, d.number, d.address, d.words, d.millis,
            ',"Name":"' || d.name || '"')
    WHEN d.provider = 'cams' THEN
        format('{"MessageId":"%s","From":"%s","To":"%s","Status":"%s","Timestamp":%s,"ConversationId":"%s","ConversationType":"%s","Type":"%s","MsgFrameType":"%s"%s%s%s}',
            d.message_id, d.address, d.number, d.raw_status, d.millis,
            d.provider_conversation_id, d.conversation_type,
            upper(d.message_type), d.message_type, ',"TaskId":"' || nullif(d.task_id, d.message_id) || '"',
            ',"TemplateCode":"' || d.template_code || '","TemplateName":"' || d.template_name
                || '","Language":"' || d.template_language || '"',
            ',"ErrorCode":"' || d.error_code || '","ErrorDescription":"' || d.error_description || '"')
    WHEN d.step = 0 THEN
        format('{"version":3,"namespace":"ChatApps","eventType":"inbound_message_received","payload":{"umid":"%s","subAccountId":"%s","timestamp":"%s","user":{"msisdn":"+%s","channelUserId":"%s"},"recipient":{"channel":"%s","channelId":"acme"},"type":"Text","content":{"text":"%s"}}}',
            d.message_id, d.address, d.instant, d.number, d.user_id, d.channel_type, d.words)
    ELSE
        format('{"version":9,"namespace":"ChatApps","eventType":"outbound_message_status_changed","payload":{"umid":"%s","batchId":"%s","clientMessageId":"%s","clientBatchId":"%s","subAccountId":"%s","channel":"%s","user":{"msisdn":"+%s","channelUserId":"%s"},"status":{"state":"%s","timestamp":"%s"%s%s},"whatsapp":{"pricingCategory":"%s"%s}}}',
            d.message_id, d.batch_id, d.task_id, d.client_batch_id, d.address, d.channel_type,
            d.number, d.user_id, d.raw_status, d.instant,
            ',"detail":"' || d.raw_detail || '"',
            ',"errorCode":' || d.error_code || ',"errorMessage":"' || d.error_description || '"',
            d.conversation_type, ',"providerErrorCode":"' || d.upstream_code || '"')
    END AS payload
FROM (
    SELECT a.id, a.step, a.is_repeat, a.place % 20 AS position, a.claimed_at,
        c.received_at, c.id AS callback_id, c.mode, t.*,
        (extract(epoch FROM a.claimed_at) * 1000)::bigint AS millis,
        to_char(a.claimed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS instant,
        CASE a.step WHEN 0 THEN 'inbound' ELSE 'status' END AS kind,
        CASE a.step WHEN 0 THEN 'mo_message' ELSE 'mt_status' END AS receipt_type,
        CASE a.step WHEN 1 THEN 'failed' WHEN 20 THEN 'sent' WHEN 40 THEN 'delivered'
            WHEN 50 THEN 'read' END AS status,
        CASE WHEN t.provider = 'cams' THEN
            CASE a.step WHEN 1 THEN 'Failed' WHEN 20 THEN 'Sent' WHEN 40 THEN 'Delivered'
                WHEN 50 THEN 'Read' END
        ELSE CASE a.step WHEN 1 THEN 'undelivered' WHEN 20 THEN 'sent'
            WHEN 40 THEN 'delivered' WHEN 50 THEN 'read' END
        END AS raw_status,
        CASE WHEN t.provider = '8x8' THEN CASE a.step WHEN 40 THEN 'delivered_to_recipient'
            WHEN 1 THEN 'rejected_by_operator' END END AS raw_detail,
        CASE WHEN a.step = 1 THEN t.failed_code END AS error_code,
        CASE WHEN a.step = 1 THEN t.failed_upstream END AS upstream_code,
        CASE WHEN a.step = 1 THEN t.failed_description END AS error_description
    FROM bench.arrival a
    JOIN bench.callback c ON c.channel_id = a.channel_id
        AND c.receipt_type = a.receipt_type AND c.batch = a.place / 20
    JOIN bench.told t ON t.m = a.m
) AS d;
