"""A stand-in world over HTTP: marketplace, partner warehouses, buyers, carriers and the own dock."""
