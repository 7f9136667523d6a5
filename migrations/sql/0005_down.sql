-- everything of revision 0005; an effect in a state that 0004 does not know stops the way back

drop index effect_one_in_flight, effect_remote_once, effect_open_ix;
create unique index effect_one_in_flight on effect (conflict_key) where state in ('sending', 'unknown');
create unique index effect_remote_once on effect (exit_id, kind, remote_id) where remote_id is not null;

create or replace function effect_moves_on() returns trigger language plpgsql as $$
begin
    if (new.effect_key, new.exit_id, new.kind, new.plan_id, new.conflict_key, new.request, new.created_at)
        is distinct from
        (old.effect_key, old.exit_id, old.kind, old.plan_id, old.conflict_key, old.request, old.created_at)
    then
        raise exception 'effect % is fixed: only its course may change', old.effect_key
            using errcode = 'restrict_violation';
    end if;
    if (old.state, new.state) not in (
        ('ready', 'sending'), ('ready', 'confirmed'),
        ('sending', 'ready'), ('sending', 'unknown'), ('sending', 'confirmed'), ('sending', 'rejected'),
        ('unknown', 'ready'), ('unknown', 'confirmed')
    ) then
        raise exception 'effect % is % and cannot become %', old.effect_key, old.state, new.state
            using errcode = 'restrict_violation';
    end if;
    if new.fence <> old.fence + (new.state = 'sending')::int then
        raise exception 'effect %: the fence rises by one with each claim and never otherwise', old.effect_key
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

alter table effect
    drop constraint effect_state_ck,
    add constraint effect_state_ck
        check (state in ('ready', 'sending', 'unknown', 'confirmed', 'rejected')),
    drop constraint effect_sends_ck,
    drop constraint effect_absent_reads_ck,
    drop column account,
    drop column send_by,
    drop column sends,
    drop column absent_reads,
    drop column stood_before;
drop table effect_note, ledger_epoch;
drop function ledger_identity, ledger_is_open, epochs_follow_each_other;
