-- Benefits in use: what was granted to single members, what was used, codes, and appointments.

-- `benefit`: as the program names it. `carrier` and `source`: by what it came, such as rule and the
-- rule's id. `uses` empty: as often as the benefit says. `event_id`: by which it was granted.
create table benefit_grant (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    member_id bigint not null references member,
    benefit text not null,
    carrier text not null,
    source text not null default '',
    event_id bigint,
    uses integer check (uses > 0),
    valid_from timestamptz not null,
    valid_until timestamptz check (valid_until > valid_from),
    granted_by text not null,
    granted_at timestamptz not null,
    reason text not null default '',
    request_key text not null default '',
    ended_at timestamptz,
    ended_by text not null default '',
    ended_why text not null default ''
);

create index benefit_grant_of_member on benefit_grant (organization_id, member_id, id);
create index benefit_grant_of_benefit on benefit_grant (organization_id, benefit, id);
create index benefit_grant_of_event on benefit_grant (organization_id, event_id)
    where event_id is not null;
create unique index benefit_grant_asked on benefit_grant (organization_id, granted_by, request_key)
    where request_key <> '';

-- How much of which quota a use took is in `reservation`, where `owner_id` is this row.
create table benefit_use (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    member_id bigint not null references member,
    benefit text not null,
    grant_id bigint references benefit_grant,
    carrier text not null,
    how text not null check (how in ('till', 'code', 'desk', 'partner', 'booking')),
    store text not null default '',
    reference text not null default '',
    used_at timestamptz not null,
    used_by text not null,
    request_key text not null default '',
    restored_at timestamptz,
    restored_by text not null default '',
    restored_why text not null default ''
);

create index benefit_use_of_member on benefit_use (organization_id, member_id, id);
create unique index benefit_use_asked on benefit_use (organization_id, used_by, request_key)
    where request_key <> '';

-- A code that a member shows: kept as a keyed hash, used once.
create table benefit_code (
    organization_id integer not null references organization,
    code_hash text not null,
    member_id bigint not null references member,
    benefit text not null,
    grant_id bigint references benefit_grant,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    use_id bigint references benefit_use,
    primary key (organization_id, code_hash)
);

create index benefit_code_of_member on benefit_code (organization_id, member_id);
create index benefit_code_over on benefit_code (organization_id, expires_at);

-- An appointment that members with the benefit can book. `cancel_minutes`: how long before it
-- begins they may still move or cancel. How many places are taken is in `quota`.
create table slot (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    benefit text not null,
    place text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    capacity integer not null check (capacity > 0),
    cancel_minutes integer not null check (cancel_minutes >= 0),
    made_by text not null,
    made_at timestamptz not null,
    closed_at timestamptz,
    closed_by text not null default '',
    closed_why text not null default ''
);

create unique index slot_key on slot (organization_id, benefit, place, starts_at)
    where closed_at is null;
create index slot_by_time on slot (organization_id, starts_at, id);

create table slot_booking (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    slot_id bigint not null references slot,
    member_id bigint not null references member,
    use_id bigint not null references benefit_use,
    state text not null check (state in ('booked', 'cancelled', 'attended', 'no_show')),
    booked_at timestamptz not null,
    booked_by text not null,
    changed_at timestamptz not null,
    changed_by text not null,
    why text not null default ''
);

create unique index slot_booking_once on slot_booking (organization_id, slot_id, member_id)
    where state <> 'cancelled';
create index slot_booking_of_member on slot_booking (organization_id, member_id, id);

-- A benefit for all members of whom a condition holds, member by member in the order of their
-- numbers, so that it goes on where it stopped.
create table grant_run (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    benefit text not null,
    condition text not null,
    uses integer check (uses > 0),
    valid_from timestamptz not null,
    valid_until timestamptz,
    reason text not null,
    asked_by text not null,
    asked_at timestamptz not null,
    request_key text not null,
    state text not null check (state in ('waiting', 'done', 'stopped', 'failed')),
    last_member bigint not null default 0,
    through_member bigint not null,
    granted bigint not null default 0,
    ended_at timestamptz,
    refusal text not null default ''
);

create unique index grant_run_asked on grant_run (organization_id, asked_by, request_key);
create index grant_run_open on grant_run (organization_id, id) where state = 'waiting';

-- Which partner somebody works for: they may use only the benefits that name that partner.
create table partner_seat (
    organization_id integer not null references organization,
    actor text not null,
    partner text not null,
    given_by text not null,
    given_at timestamptz not null,
    primary key (organization_id, actor)
);

comment on table benefit_grant is
    'pseudonymous; benefits that a member was given, by whom and why; for good';
comment on table benefit_use is 'pseudonymous; who used which benefit, when and where; for good';
comment on table benefit_code is
    'pseudonymous; codes that a member shows, as keyed hashes; see sign_in_codes';
comment on table slot is 'none; appointments that are offered; for good';
comment on table slot_booking is 'pseudonymous; who booked which appointment; for good';
comment on table grant_run is 'none; benefits for many members at once; for good';
comment on table partner_seat is 'none; which partner somebody works for; until it is taken back';

select guard_organization('benefit_grant');
select guard_organization('benefit_use');
select guard_organization('benefit_code');
select guard_organization('slot');
select guard_organization('slot_booking');
select guard_organization('grant_run');
select guard_organization('partner_seat');
