-- grain: shipment_no, what the whole shipment weighs and fills, and how many kinds of goods it mixes
select
    shipment_no,
    sum(planned_qty::hugeint * weight_g) as weight_total_g,
    sum(planned_qty::hugeint * volume_ml) as volume_total_ml,
    count(distinct (warehouse_id, destination, handling_class)) as kinds_qty
from shipment_lines
group by shipment_no
