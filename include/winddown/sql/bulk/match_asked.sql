-- grain: account_id, request_no, sku, condition, in this order; what was asked back in pieces. SKUs that mean the
-- same are one line
create temp table asked_lines as
with doubled as (
    select hash(account_id, request_no, sku, condition) as key_hash
    from read_requests
    where reason is null
    group by key_hash
    having count(*) > 1
)

select
    account_id,
    request_no,
    sku,
    condition,
    requested_qty,
    requested_qty - least(coalesce(accepted_qty, requested_qty), requested_qty) as not_accepted_qty,
    cancelled_qty,
    disposed_qty,
    requested_at,
    order_type in (select disposal_words.word from disposal_words) as is_disposal,
    status in (select final_words.word from final_words) as is_final,
    warehouse_id,
    unit_cost_minor,
    price_minor,
    resale_minor,
    currency,
    weight_g
from read_requests
where reason is null and hash(account_id, request_no, sku, condition) not in (select doubled.key_hash from doubled)
union all by name
select
    account_id,
    request_no,
    sku,
    condition,
    sum(requested_qty)::bigint as requested_qty,
    sum(requested_qty - least(coalesce(accepted_qty, requested_qty), requested_qty))::bigint as not_accepted_qty,
    sum(cancelled_qty)::bigint as cancelled_qty,
    sum(disposed_qty)::bigint as disposed_qty,
    min(requested_at) as requested_at,
    bool_or(order_type in (select disposal_words.word from disposal_words)) as is_disposal,
    bool_and(status in (select final_words.word from final_words)) as is_final,
    max(warehouse_id) as warehouse_id,
    max(unit_cost_minor) as unit_cost_minor,
    max(price_minor) as price_minor,
    max(resale_minor) as resale_minor,
    max(currency) as currency,
    max(weight_g) as weight_g
from read_requests
where reason is null and hash(account_id, request_no, sku, condition) in (select doubled.key_hash from doubled)
group by account_id, request_no, sku, condition
order by account_id, request_no, sku, condition
