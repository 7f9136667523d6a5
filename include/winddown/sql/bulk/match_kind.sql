-- grain: none; the kinds that a word may mean, as numbers with names: a byte each in the largest table
create type match_kind as enum (select distinct kind from kinds)
