-- grain: a row of `editions` in pieces: which SKU it means on its day, in which condition; `reason` says why it
-- cannot be read
create temp view read_requests as
select
    editions.* exclude (requested_qty, accepted_qty, cancelled_qty, disposed_qty, barcode, word, unit),
    coalesce(aliases.sku, barcodes.sku, nullif(editions.raw_sku, '')) as sku,
    editions.barcode,
    conditions.condition,
    case
        when coalesce(aliases.sku, barcodes.sku, nullif(editions.raw_sku, '')) is null then 'unmapped'
        when conditions.condition is null then 'unknown_condition'
        when pieces.word is null and packs.factor is null and own_packs.factor is null then 'unknown_unit'
    end as reason,
    editions.requested_qty as written_qty,
    case when pieces.word is null then coalesce(packs.factor, own_packs.factor) else 1 end as pieces_each,
    editions.requested_qty * pieces_each as requested_qty,
    editions.accepted_qty * pieces_each as accepted_qty,
    editions.cancelled_qty * pieces_each as cancelled_qty,
    editions.disposed_qty * pieces_each as disposed_qty
from editions
left join barcodes
    on
        editions.barcode = barcodes.name
        and editions.raw_sku = ''
        and editions.requested_at::date between barcodes.from_on and barcodes.until_on
left join aliases
    on
        editions.raw_sku = aliases.name
        and editions.requested_at::date between aliases.from_on and aliases.until_on
left join conditions on editions.word = conditions.word
left join pieces on editions.unit = pieces.word
left join packs
    on
        coalesce(aliases.sku, barcodes.sku, editions.raw_sku) = packs.name
        and editions.unit = packs.unit
        and editions.requested_at::date between packs.from_on and packs.until_on
left join packs as own_packs
    on
        editions.raw_sku = own_packs.name
        and editions.unit = own_packs.unit
        and editions.requested_at::date between own_packs.from_on and own_packs.until_on
