-- grain: one row; how many effects were confirmed (0 or 1). In one statement, so in one commit and one round trip:
-- the effect, the end of its attempt, the request with its lines, and the movement of the accepted pieces. An
-- attempt is ended also when the effect is no longer in one of the states: its reply is evidence
with moved as (
    update effect
    set
        state = 'confirmed',
        remote_id = :request_no,
        reply = cast(:reply as jsonb),
        lease_until = null,
        changed_at = clock_timestamp()
    where
        effect_key = :effect_key
        and state = any(cast(:states as text []))
        and (cast(:fence as bigint) is null or fence = :fence)
    returning effect_key, exit_id, plan_id
),

ended as (
    update effect_attempt
    set
        ended_at = clock_timestamp(),
        outcome = 'ok',
        detail = :detail
    where effect_key = :effect_key and fence = cast(:fence as bigint) and ended_at is null
),

asked as (
    select *
    from jsonb_to_recordset(cast(:lines as jsonb))
        as line (sku text, condition text, requested_qty integer, accepted_qty integer)
),

request as (
    insert into return_request (
        request_id, exit_id, plan_id, shipment_no, effect_key, request_no, warehouse_id
    )
    select
        :request_id,
        exit_id,
        plan_id,
        :shipment_no,
        effect_key,
        :request_no,
        :warehouse_id
    from moved
    returning request_id, exit_id, request_no
),

lines as (
    insert into return_line (request_id, sku, condition, requested_qty, accepted_qty)
    select
        request.request_id,
        asked.sku,
        asked.condition,
        asked.requested_qty,
        asked.accepted_qty
    from request
    cross join asked
),

units as (
    insert into movement (
        exit_id, sku, from_node, to_node, qty, request_id, condition, source_system, source_doc, source_line, reason
    )
    select
        request.exit_id,
        asked.sku,
        'STOCK',
        'IN_REMOVAL',
        asked.accepted_qty,
        request.request_id,
        asked.condition,
        'desk',
        request.request_id,
        concat('STOCK>IN_REMOVAL|', asked.condition, '|', asked.sku),
        concat('return request ', request.request_no)
    from request
    cross join asked
    where asked.accepted_qty > 0
    on conflict (exit_id, source_system, source_doc, source_line) do nothing
)

select count(*)
from moved
