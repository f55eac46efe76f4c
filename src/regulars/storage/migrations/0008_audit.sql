-- What is on record stays as it was written, also for the role that owns the tables; and it is
-- found by who, what, about whom and in which request.

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are only ever added', tg_table_name using errcode = '42501';
end $$;

create trigger audit_stays before update or delete or truncate on audit
    for each statement execute function refuse_change();
create trigger audit_seal_stays before update or delete or truncate on audit_seal
    for each statement execute function refuse_change();

create trigger consent_stays before update or delete or truncate on consent
    for each statement execute function refuse_change();

create index audit_by_actor on audit (organization_id, actor, id);
create index audit_by_action on audit (organization_id, action collate "C", id);
create index audit_by_target on audit (organization_id, target, id);
create index audit_by_trace on audit (organization_id, trace_id) where trace_id <> '';
