-- Organizations, programs, members, events with their decisions, and the ledger.
-- Every table carries its organization. Rows of event, transfer and lot_use are never deleted.

create table organization (
    id integer primary key generated always as identity,
    code text not null unique,
    created_at timestamptz not null default now()
);

insert into organization (code) values ('default');

create table program_version (
    organization_id integer not null references organization,
    version integer not null check (version > 0),
    document text not null,
    in_force_from timestamptz not null,
    published_at timestamptz not null default now(),
    note text not null default '',
    primary key (organization_id, version),
    unique (organization_id, in_force_from)
);

-- `state` is what one decision leaves for the next (JSON text, read and written whole);
-- `tier` and `review_at` repeat two of its facts for statements over all members.
create table member (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    enrolled_at timestamptz not null,
    attributes text not null default '{}',
    tier text not null default '',
    review_at timestamptz,
    state text not null default '{}'
) with (fillfactor = 80);

create index member_due on member (organization_id, review_at) where review_at is not null;

create table identity (
    organization_id integer not null references organization,
    system text not null,
    external_id text not null,
    member_id bigint not null references member,
    primary key (organization_id, system, external_id)
);

create index identity_of_member on identity (member_id);

-- No foreign keys from here on where rows come by the thousand: the engine writes both ends in one
-- transaction, and `regulars verify` looks for rows without their counterpart.
create sequence event_id_seq increment by 100;
create sequence lot_id_seq increment by 100;
create sequence hold_id_seq increment by 100;

-- `seq` counts a member's decisions. `digest` tells a repeat from a conflict.
create table event (
    id bigint primary key,
    organization_id integer not null,
    member_id bigint not null,
    seq integer not null,
    version integer not null,
    occurred_at timestamptz not null,
    received_at timestamptz not null,
    status text not null check (status in ('decided', 'waiting', 'refused')),
    digest uuid not null,
    source text not null,
    external_id text not null,
    type text not null,
    payload text not null,
    decision text not null
);

create unique index event_key on event (organization_id, source, external_id);
create index event_timeline on event (member_id, occurred_at desc, id desc);

-- Returns that arrived before their purchase.
create table waiting_return (
    event_id bigint primary key references event,
    organization_id integer not null,
    purchase_source text not null,
    purchase_id text not null
);

create index waiting_for on waiting_return (organization_id, purchase_source, purchase_id);

-- How much of each line of a purchase came back: JSON text, line to quantity.
create table returned (
    event_id bigint primary key references event,
    organization_id integer not null,
    lines text not null
);

create table transfer (
    id bigint primary key generated always as identity,
    organization_id integer not null,
    member_id bigint not null,
    event_id bigint,
    amount bigint not null check (amount > 0),
    effective_at timestamptz not null,
    recorded_at timestamptz not null,
    currency text not null,
    code text not null,
    debit text not null,
    credit text not null,
    check (debit <> credit)
);

create index transfer_of_member on transfer (member_id, event_id);

-- One row for each member and currency: pending + available + held, and what is owed against it.
create table account (
    member_id bigint not null,
    currency text not null,
    organization_id integer not null,
    balance bigint not null,
    owed bigint not null default 0,
    primary key (member_id, currency),
    constraint account_not_overdrawn check (balance >= 0),
    constraint account_owes_nothing_negative check (owed >= 0)
) with (fillfactor = 80);

create table lot (
    id bigint primary key,
    organization_id integer not null,
    member_id bigint not null,
    event_id bigint not null,
    amount bigint not null check (amount > 0),
    remaining bigint not null check (remaining >= 0),
    expired bigint not null default 0 check (expired >= 0),
    earned_at timestamptz not null,
    available_at timestamptz not null,
    expires_at timestamptz,
    currency text not null,
    is_open boolean not null,
    after_seq integer,
    check (remaining + expired <= amount),
    check (is_open = (remaining > 0))
) with (fillfactor = 90);

create index lot_of_member on lot (member_id, event_id);
create index lot_due on lot (organization_id, expires_at) where is_open and expires_at is not null;

-- What was taken out of a lot (negative: put back), and when: lots as of any instant.
create table lot_use (
    id bigint primary key generated always as identity,
    organization_id integer not null,
    lot_id bigint not null references lot,
    member_id bigint not null,
    event_id bigint,
    amount bigint not null,
    expired bigint not null default 0,
    effective_at timestamptz not null
);

create index lot_use_of_member on lot_use (member_id, lot_id);

-- `parts`: JSON text, pairs of lot and amount.
create table hold (
    id bigint primary key,
    organization_id integer not null,
    member_id bigint not null,
    event_id bigint not null,
    amount bigint not null check (amount > 0),
    opened_at timestamptz not null,
    expires_at timestamptz not null,
    closed_at timestamptz,
    currency text not null,
    state text not null check (state in ('open', 'captured', 'released', 'timed_out')),
    parts text not null,
    check ((state = 'open') = (closed_at is null))
);

create index hold_of_member on hold (member_id);
create index hold_due on hold (organization_id, expires_at) where state = 'open';

create table rule_budget (
    organization_id integer not null,
    rule text not null,
    used bigint not null check (used >= 0),
    primary key (organization_id, rule)
) with (fillfactor = 50);

create table tier_change (
    id bigint primary key generated always as identity,
    organization_id integer not null,
    member_id bigint not null,
    event_id bigint,
    effective_at timestamptz not null,
    valid_until timestamptz,
    old_tier text not null,
    new_tier text not null,
    why text not null
);

create index tier_change_of_member on tier_change (member_id, id);

create table api_key (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    name text not null,
    secret_hash bytea not null unique,
    scopes text[] not null,
    created_at timestamptz not null,
    revoked_at timestamptz
);

create table import_progress (
    organization_id integer not null references organization,
    fingerprint text not null,
    file text not null,
    rows_done bigint not null,
    rows_refused bigint not null,
    rejects_bytes bigint not null,
    updated_at timestamptz not null,
    primary key (organization_id, fingerprint)
);
