-- grain: row_id of an event that counts; what its words mean on its day, and how many pieces its unit has
create temp view read_events as
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
