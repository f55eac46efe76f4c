-- Play: lucky draws and their turns, names to play under, leaderboards.

-- `terms`: JSON text. `nonce`: what the seed is made of, together with a key that is no part of the
-- database. `commitment`: the SHA-256 of the seed, told from the beginning.
create table draw (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    title text not null,
    state text not null check (state in ('draft', 'active', 'paused', 'ended')),
    terms text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    nonce text not null,
    commitment text not null,
    revision integer not null default 1,
    made_by text not null,
    made_at timestamptz not null,
    request_key text not null default '',
    changed_at timestamptz not null,
    check (starts_at < ends_at)
);

create index draw_newest on draw (organization_id, id desc);
create unique index draw_asked on draw (organization_id, made_by, request_key)
    where request_key <> '';

-- Turns that a member was given. How many are used is in `quota`.
create table draw_chance (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    draw_id bigint not null references draw,
    member_id bigint not null references member,
    amount integer not null check (amount > 0),
    given_by text not null,
    given_at timestamptz not null,
    reason text not null default '',
    request_key text not null
);

create index draw_chance_of on draw_chance (organization_id, draw_id, member_id);
create unique index draw_chance_asked on draw_chance (organization_id, given_by, request_key);

-- `number`: the member's how-manieth turn. `player`: what they are called in the audit. `luck`: what
-- their own device threw in. `rolled`: the prize that the roll is; `prize`: the one that was given,
-- another where it had run out. `serial`: the how-manieth of its prize. `ref`: what the prize is,
-- such as cpn_…. `event_id`: by which points moved.
create table draw_turn (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    draw_id bigint not null references draw,
    member_id bigint not null references member,
    number integer not null check (number > 0),
    player text not null,
    luck text not null,
    roll bigint not null check (roll >= 0),
    rolled text not null,
    prize text not null,
    serial bigint not null default 0,
    paid text not null check (paid in ('nothing', 'chance', 'points')),
    taken_at timestamptz not null,
    request_key text not null,
    event_id bigint,
    state text not null check (state in ('given', 'to_hand_out', 'handed_out')),
    ref text not null default '',
    handed_at timestamptz,
    handed_by text not null default ''
);

create unique index draw_turn_number on draw_turn (organization_id, draw_id, member_id, number);
create unique index draw_turn_asked on draw_turn (organization_id, draw_id, member_id, request_key);
create index draw_turn_newest on draw_turn (organization_id, draw_id, id);
create index draw_turn_of_member on draw_turn (organization_id, member_id, id);
create index draw_turn_waiting on draw_turn (organization_id, draw_id, id)
    where state = 'to_hand_out';
create unique index draw_turn_serial on draw_turn (organization_id, draw_id, prize, serial)
    where serial > 0;

-- Under which name a member plays; whoever has none stands on no leaderboard. `name_key`: the name
-- without case, so that nobody passes for another.
create table play_name (
    organization_id integer not null references organization,
    member_id bigint not null references member,
    name text not null,
    name_key text not null,
    joined_at timestamptz not null,
    primary key (organization_id, member_id)
);

create unique index play_name_key on play_name (organization_id, name_key);

-- `metric`: what counts; `subject`: which currency or rule. `per` empty: ever.
create table leaderboard (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    title text not null,
    name text not null,
    metric text not null check (metric in ('points', 'check_ins', 'challenges')),
    subject text not null default '',
    per text not null default '' check (per in ('', 'week', 'month', 'quarter', 'year')),
    state text not null check (state in ('active', 'ended')),
    made_by text not null,
    made_at timestamptz not null,
    request_key text not null default '',
    computed_at timestamptz
);

create index leaderboard_newest on leaderboard (organization_id, id desc);
create unique index leaderboard_asked on leaderboard (organization_id, made_by, request_key)
    where request_key <> '';

-- Written by the worker for those who play. `period`: its first day.
create table leaderboard_score (
    leaderboard_id bigint not null references leaderboard on delete cascade,
    organization_id integer not null references organization,
    period date not null,
    member_id bigint not null references member,
    score bigint not null,
    place integer not null,
    primary key (leaderboard_id, period, member_id)
) with (fillfactor = 80);

create index leaderboard_score_places
    on leaderboard_score (organization_id, leaderboard_id, period, place, member_id);
create index leaderboard_score_of_member on leaderboard_score (organization_id, member_id);

comment on table draw is 'none; lucky draws and what they promise; for good';
comment on table draw_chance is 'pseudonymous; which turns members were given; for good';
comment on table draw_turn is 'pseudonymous; what members won, and that it was fair; for good';
comment on table play_name is
    'personal; to show those who want it under a name of their choice; until they stop, or erasure';
comment on column play_name.name is
    'personal; a name that the member chose; until they stop, or erasure';
comment on column play_name.name_key is
    'personal; a name that the member chose; until they stop, or erasure';
comment on table leaderboard is 'none; which leaderboards there are; for good';
comment on table leaderboard_score is
    'pseudonymous; where those stand who play; until they stop, or erasure';

select guard_organization('draw');
select guard_organization('draw_chance');
select guard_organization('draw_turn');
select guard_organization('play_name');
select guard_organization('leaderboard');
select guard_organization('leaderboard_score');
