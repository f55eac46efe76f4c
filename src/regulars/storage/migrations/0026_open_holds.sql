-- What a member holds open is asked with every order, and what was held long ago never. What is due
-- is looked for by its time alone: an index that began with the organization would be taken for
-- looking up a member as well, and read all that anybody holds.
create index hold_open on hold (organization_id, member_id) where state = 'open';
drop index hold_due;
create index hold_due on hold (expires_at) where state = 'open';
drop index reservation_due;
create index reservation_due on reservation (expires_at) where state = 'open';

-- Orders are written much more often than read again: what packs them quickly is worth more than
-- what packs them tightest. A server that was built without it goes on as before.
do $$
begin
    alter table customer_order alter column quote set compression lz4;
    alter table customer_order alter column cart set compression lz4;
exception when feature_not_supported then
    null;
end
$$;
