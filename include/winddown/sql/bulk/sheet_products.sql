-- grain: sku; barcode and sizes of the products named in $skus
select
    sku,
    barcode,
    length_mm,
    width_mm,
    height_mm
from catalogue
where list_contains($skus, sku)
