"""Adapters of the Notices port: tell people by mail, by a webhook, or in the log."""
