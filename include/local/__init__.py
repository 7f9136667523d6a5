"""The whole system on one machine: `make run`; nothing here is needed in production."""
