"""Adapters of the ReturnDesk port: create a return request, find it again, follow it."""
