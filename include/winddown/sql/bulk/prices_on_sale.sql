-- grain: sku; what can still be sold
select sku
from stock
where condition = 'sellable'
group by sku
having sum(on_hand_qty) > 0
order by sku
