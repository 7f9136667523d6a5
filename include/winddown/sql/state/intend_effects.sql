-- grain: no rows. Writes the intents that are not there yet, in one round trip however many they are
insert into effect (effect_key, exit_id, kind, plan_id, account, conflict_key, request)
select
    effect_key,
    exit_id,
    kind,
    plan_id,
    account,
    conflict_key,
    request
from jsonb_to_recordset(cast(:intents as jsonb))
    as intent (
        effect_key text,
        exit_id text,
        kind text,
        plan_id text,
        account text,
        conflict_key text,
        request jsonb
    )
on conflict (effect_key) do nothing
