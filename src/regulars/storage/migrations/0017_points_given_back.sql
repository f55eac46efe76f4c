-- Points that were spent out of a hold can be given back, as often as it takes, until none are left.

alter table hold add column captured bigint not null default 0;
alter table hold add column restored bigint not null default 0;

update hold
set captured = coalesce((event.payload::json ->> 'amount')::bigint, hold.amount)
from event
where hold.state = 'captured' and event.organization_id = hold.organization_id
    and event.member_id = hold.member_id and event.type = 'regulars.hold_capture'
    and event.status = 'decided' and (event.payload::json ->> 'hold')::bigint = hold.id;

alter table hold add constraint hold_captured check (captured between 0 and amount);
alter table hold add constraint hold_restored check (restored between 0 and captured);
