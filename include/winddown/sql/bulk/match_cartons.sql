-- grain: account_id, shipment_no, carton_id of a weighed carton; the weight of what is listed in it, missing where
-- the weight of one article is. Of a counter its newest total lies in the carton, and a correction changes the list
with weighed as (
    select account_id, shipment_no, carton_id, max(carton_weight_g) as weighed_g
    from once
    where leg = 'partner' and carton_weight_g is not null and carton_id <> ''
    group by account_id, shipment_no, carton_id
),

listed as materialized (
    select tidy.row_id, tidy.account_id, tidy.shipment_no, tidy.carton_id, tidy.request_no, tidy.tracking_no
    from tidy
    semi join weighed
        on
            tidy.account_id = weighed.account_id
            and tidy.shipment_no = weighed.shipment_no
            and tidy.carton_id = weighed.carton_id
    where tidy.leg = 'partner'
),

contents as (
    select
        listed.account_id,
        listed.shipment_no,
        listed.carton_id,
        listed.request_no,
        bare(listed.tracking_no) as tracking_no,
        facts.line_id,
        facts.qty
    from facts
    inner join listed on facts.row_id = listed.row_id
    where facts.kind in ('shipped', 'correction') and (facts.reason is not null or not facts.is_total)
    union all by name
    select account_id, shipment_no, carton_id, request_no, tracking_no, line_id, qty
    from counters
    where leg = 'partner' and kind in ('shipped', 'correction')
)

select
    contents.account_id,
    contents.shipment_no,
    contents.carton_id,
    min(contents.request_no) as request_no,
    max(contents.tracking_no) as tracking_no,
    if(
        count(*) filter (where asked.weight_g is null) > 0,
        null,
        sum(contents.qty * asked.weight_g)
    )::bigint as content_g,
    any_value(weighed.weighed_g)::bigint as weighed_g
from contents
inner join weighed
    on
        contents.account_id = weighed.account_id
        and contents.shipment_no = weighed.shipment_no
        and contents.carton_id = weighed.carton_id
left join asked on contents.line_id = asked.line_id
group by contents.account_id, contents.shipment_no, contents.carton_id
order by contents.account_id, contents.shipment_no, contents.carton_id
