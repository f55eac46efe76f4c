-- Paid memberships: who holds which card until when, what was paid for each term, who shares it.

create sequence membership_id_seq increment by 1;

-- `until`: paid for, or tried, until then; `ends_at`: with the grace. It ends by the clock; `ended_at`
-- is when it was closed, by a refund or by the worker after its end. `reminded_until`: the end of which
-- the holder was reminded. `renews`: the holder wants it renewed without being asked.
create table membership (
    id bigint primary key,
    organization_id integer not null references organization,
    member_id bigint not null references member,
    card text not null,
    kind text not null check (kind in ('trial', 'paid')),
    begun_at timestamptz not null,
    until timestamptz not null,
    ends_at timestamptz not null,
    renews boolean not null default false,
    reminded_until timestamptz,
    ended_at timestamptz,
    ended_how text not null default '' check (ended_how in ('', 'expired', 'refunded', 'ended')),
    ended_by text not null default '',
    ended_why text not null default '',
    ended_key text not null default '',
    check (begun_at < until and until <= ends_at),
    check ((ended_at is null) = (ended_how = ''))
);

-- The engine lets nobody hold a card twice; this is the last wall.
create unique index membership_held on membership (organization_id, member_id, card)
    where ended_at is null;
create index membership_newest on membership (organization_id, id desc);
create index membership_of_member on membership (organization_id, member_id, id);
create index membership_due on membership (organization_id, ends_at) where ended_at is null;
create index membership_until on membership (organization_id, until) where ended_at is null;

-- `price`: what was paid, in minor units of `money`; or `points` of `points_currency`, which `hold_id`
-- had taken. `payment`: the shop's own number of the payment. `refunded`: of either, by `refunded_at`.
create table membership_term (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    membership_id bigint not null references membership,
    kind text not null check (kind in ('trial', 'purchase', 'renewal')),
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    version integer not null,
    money text not null,
    price bigint not null check (price >= 0),
    points_currency text not null default '',
    points bigint not null default 0 check (points >= 0),
    hold_id bigint,
    payment text not null default '',
    event_id bigint not null,
    sold_at timestamptz not null,
    sold_by text not null,
    request_key text not null,
    digest uuid not null,
    refunded_at timestamptz,
    refunded bigint not null default 0 check (refunded >= 0),
    refunded_points bigint not null default 0 check (refunded_points >= 0),
    refunded_by text not null default '',
    check (refunded <= price and refunded_points <= points)
);

create index membership_term_of on membership_term (organization_id, membership_id, id);
create unique index membership_term_asked on membership_term (organization_id, sold_by, request_key);
create unique index membership_term_payment on membership_term (organization_id, payment)
    where payment <> '';
create index membership_term_sold on membership_term (organization_id, sold_at);

-- Somebody who shares a card, or was asked to: the code is kept as a keyed hash. How many places are
-- taken is in `quota`.
create table family_person (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    membership_id bigint not null references membership,
    member_id bigint references member,
    state text not null check (state in ('invited', 'joined', 'left', 'removed', 'withdrawn', 'over')),
    code_hash text not null,
    invited_at timestamptz not null,
    expires_at timestamptz not null,
    joined_at timestamptz,
    closed_at timestamptz,
    closed_by text not null default '',
    check (state in ('invited', 'withdrawn', 'over') or member_id is not null)
);

create index family_person_of on family_person (organization_id, membership_id, id);
create unique index family_person_code on family_person (organization_id, code_hash);
create index family_person_of_member on family_person (organization_id, member_id)
    where member_id is not null;
create unique index family_person_joined on family_person (organization_id, membership_id, member_id)
    where state = 'joined';

comment on table membership is
    'pseudonymous; who holds which paid card until when; for good';
comment on table membership_term is
    'pseudonymous; what was paid for each term of a paid card, and paid back; for good';
comment on table family_person is
    'pseudonymous; who shares whose paid card, invitations as keyed hashes; for good';

select guard_organization('membership');
select guard_organization('membership_term');
select guard_organization('family_person');
