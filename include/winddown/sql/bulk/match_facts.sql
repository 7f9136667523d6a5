-- grain: row_id of an event that counts; in pieces, with the line it belongs to. Where it has none, `reason` says why,
-- and the row keeps its words
create temp table facts as
with read_events as (
    select
        once.*,
        kinds.kind,
        kinds.scope,
        coalesce(aliases.sku, barcodes.sku, nullif(once.sku, '')) as read_sku,
        conditions.condition as read_condition,
        case when pieces.word is null then coalesce(packs.factor, own_packs.factor) else 1 end as pieces_each
    from once
    left join kinds on once.leg = kinds.leg and once.word = kinds.word
    left join conditions on once.condition = conditions.word
    left join pieces on once.unit = pieces.word
    left join barcodes
        on
            once.barcode = barcodes.name
            and once.sku = ''
            and once.happened_at::date between barcodes.from_on and barcodes.until_on
    left join aliases
        on
            once.sku = aliases.name
            and once.happened_at::date between aliases.from_on and aliases.until_on
    left join packs
        on
            coalesce(aliases.sku, barcodes.sku, once.sku) = packs.name
            and once.unit = packs.unit
            and once.happened_at::date between packs.from_on and packs.until_on
    left join packs as own_packs
        on
            once.sku = own_packs.name
            and once.unit = own_packs.unit
            and once.happened_at::date between own_packs.from_on and own_packs.until_on
    anti join void on once.row_id = void.row_id
)

select
    read_events.row_id,
    asked.line_id,
    read_events.leg,
    read_events.kind,
    read_events.measure,
    read_events.qty * read_events.pieces_each as qty,
    read_events.happened_at,
    read_events.version,
    case
        when read_events.kind is null then 'unknown_state'
        when read_events.scope not in ('line', 'news') then read_events.scope
        when read_events.scope = 'news' and read_events.read_sku is null and read_events.barcode = '' then 'none'
        when read_events.read_sku is null and read_events.barcode <> '' then 'unmapped'
        when read_events.read_sku is null then 'unidentified'
        when read_events.condition <> '' and read_events.read_condition is null then 'unknown_condition'
        when read_events.pieces_each is null then 'unknown_unit'
        when asked.line_id is null then 'no_line'
    end as reason,
    coalesce(asked.condition = 'sellable' and read_events.read_condition <> 'sellable', false) as is_other_condition,
    if(reason is not null, read_events.account_id, null) as account_id,
    if(reason is not null, read_events.request_no, null) as request_no,
    if(reason is not null, read_events.shipment_no, null) as shipment_no,
    if(reason is not null, read_events.carton_id, null) as carton_id,
    if(reason is not null, read_events.tracking_no, null) as tracking_no,
    if(reason is not null, read_events.sku, null) as raw_sku,
    if(reason is not null, read_events.barcode, null) as barcode,
    if(reason is not null, read_events.read_sku, null) as sku,
    if(reason is not null, read_events.read_condition, null) as condition,
    if(reason is not null, read_events.word, null) as word,
    if(reason is not null, read_events.qty, null) as written_qty,
    if(reason is not null, read_events.amount_minor, null) as amount_minor,
    if(reason is not null, read_events.currency, null) as currency,
    if(reason is not null, read_events.note, null) as note,
    if(reason is not null, read_events.event_key, null) as event_key
from read_events
left join asked
    on
        md5_number(concat_ws(chr(31), read_events.account_id, read_events.request_no, read_events.read_sku))
        = asked.line_key
        and (asked.is_only or read_events.read_condition = asked.condition)
        and read_events.scope <> 'request'
