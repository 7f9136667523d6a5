-- grain: account_id, request_no; whether its count is over: closed as a whole, or every shipment sent was closed
create temp table closed as
with ended as (
    select account_id, request_no, shipment_no, max(happened_at) as closed_at
    from aside
    where kind = 'count_closed' and request_no <> ''
    group by account_id, request_no, shipment_no
),

whole as (
    select account_id, request_no, bool_or(shipment_no = '') as is_whole, max(closed_at) as closed_at
    from ended
    group by account_id, request_no
),

sent as (
    select once.account_id, once.request_no, once.shipment_no
    from once
    inner join kinds on once.leg = kinds.leg and once.word = kinds.word
    semi join (select * from whole where not is_whole) as parts
        on once.account_id = parts.account_id and once.request_no = parts.request_no
    where once.leg = 'partner' and kinds.kind = 'shipped' and once.shipment_no <> ''
    group by once.account_id, once.request_no, once.shipment_no
),

awaited as (
    select sent.account_id, sent.request_no
    from sent
    left join ended using (account_id, request_no, shipment_no)
    where ended.closed_at is null
)

select whole.account_id, whole.request_no, whole.closed_at
from whole
anti join (select awaited.account_id, awaited.request_no from awaited) as still_open
    on not whole.is_whole and whole.account_id = still_open.account_id and whole.request_no = still_open.request_no
