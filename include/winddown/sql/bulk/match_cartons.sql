-- grain: account_id, shipment_no, carton_id of a weighed carton; the weight of what is listed in it, missing where
-- the weight of one article is
with weighed as (
    select account_id, shipment_no, carton_id, max(carton_weight_g) as weighed_g
    from once
    where leg = 'partner' and carton_weight_g is not null and carton_id <> ''
    group by account_id, shipment_no, carton_id
)

select
    tidy.account_id,
    tidy.shipment_no,
    tidy.carton_id,
    min(tidy.request_no) as request_no,
    max(tidy.tracking_no) as tracking_no,
    if(
        count(*) filter (where asked.weight_g is null) > 0,
        null,
        sum(facts.qty * asked.weight_g)
    )::bigint as content_g,
    any_value(weighed.weighed_g)::bigint as weighed_g
from tidy
inner join weighed
    on
        tidy.account_id = weighed.account_id
        and tidy.shipment_no = weighed.shipment_no
        and tidy.carton_id = weighed.carton_id
inner join facts on tidy.row_id = facts.row_id
left join asked on facts.line_id = asked.line_id
where facts.leg = 'partner' and facts.kind = 'shipped'
group by tidy.account_id, tidy.shipment_no, tidy.carton_id
order by tidy.account_id, tidy.shipment_no, tidy.carton_id
