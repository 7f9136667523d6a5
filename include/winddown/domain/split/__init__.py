"""Give every unit of stock exactly one disposition: return, markdown, dispose or hold; see engine.split_stock."""
