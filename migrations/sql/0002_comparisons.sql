-- what a new snapshot says otherwise than the marketplace's totals, and than the snapshot before

create table restatement (
    snapshot_id text not null,
    restates_snapshot_id text not null,
    kind text not null,
    posting_number text not null,
    line_no integer not null,
    sku text not null,
    column_name text not null,
    before text,
    after text,
    constraint restatement_pk primary key (snapshot_id, posting_number, line_no, column_name),
    constraint restatement_kind_ck check (kind in ('added', 'vanished', 'changed')),
    constraint restatement_changed_has_column_ck check ((kind = 'changed') = (column_name <> '')),
    constraint restatement_restates_snapshot_id_fk foreign key (restates_snapshot_id) references snapshot (snapshot_id),
    constraint restatement_snapshot_id_fk foreign key (snapshot_id) references snapshot (snapshot_id)
);

create table stock_difference (
    snapshot_id text not null,
    sku text not null,
    report_qty integer,
    totals_qty integer,
    report_reserved_qty integer,
    totals_reserved_qty integer,
    constraint stock_difference_pk primary key (snapshot_id, sku),
    constraint stock_difference_snapshot_id_fk foreign key (snapshot_id) references snapshot (snapshot_id)
);

create trigger restatement_open before insert or update or delete on restatement
for each row execute function manifest_is_open();
create trigger stock_difference_open before insert or update or delete on stock_difference
for each row execute function manifest_is_open();
