-- What many compete for: how much of each limit is used, how much is reserved, and for whom.

-- `member_id` 0: all members together. `period`: such as 'month:2026-11-01'; '' for ever. `most`
-- empty: counted without end. The last check is the wall that nothing passes.
create table quota (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    kind text not null,
    subject text not null,
    member_id bigint not null default 0,
    period text not null default '',
    most bigint check (most >= 0),
    used bigint not null default 0 check (used >= 0),
    reserved bigint not null default 0 check (reserved >= 0),
    check (most is null or used + reserved <= most)
) with (fillfactor = 80);

create unique index quota_key on quota (organization_id, kind, subject, member_id, period);
create index quota_of_member on quota (organization_id, member_id) where member_id <> 0;

-- `owner_kind` and `owner_id`: the order, the redemption and so on that it is for. `closed_at`: when
-- it was used, given back or timed out. This is also the record of who used what.
create table reservation (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    quota_id bigint not null references quota,
    member_id bigint not null references member,
    owner_kind text not null,
    owner_id bigint not null,
    amount bigint not null check (amount > 0),
    state text not null check (state in ('open', 'captured', 'released', 'timed_out', 'restored')),
    opened_at timestamptz not null,
    expires_at timestamptz,
    closed_at timestamptz,
    restored_at timestamptz,
    opened_by text not null,
    check (state <> 'open' or expires_at is not null)
) with (fillfactor = 80);

create index reservation_of_owner on reservation (organization_id, owner_kind, owner_id);
create index reservation_open on reservation (quota_id, expires_at) where state = 'open';
create index reservation_due on reservation (organization_id, expires_at) where state = 'open';
create index reservation_of_member on reservation (organization_id, member_id, id);
create index reservation_used on reservation (organization_id, quota_id, id);

comment on table quota is
    'pseudonymous; how much of each limit is used and reserved; for good';
comment on table reservation is
    'pseudonymous; who reserved and used what; for good';

select guard_organization('quota');
select guard_organization('reservation');
