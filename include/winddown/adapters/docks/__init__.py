"""Adapters of the ReceivingDock port: what the own warehouse counted."""
