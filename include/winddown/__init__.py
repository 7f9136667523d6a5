"""Take a merchant's stock out of a marketplace's fulfilment service, unit by unit."""
