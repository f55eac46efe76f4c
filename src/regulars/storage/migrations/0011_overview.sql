-- Sums for each business day, so that figures about months and years need no look at every event.
-- They are worked out from the events and the books, and may be thrown away at any time.

-- `figure`: what is summed. `name`: of what, such as a rule or a currency. `tier`: held at the
-- event; `is_new`: whether it was within a member's first days. `amount`: money or points;
-- `change`: what it does to the points outstanding, to the members there are, or to the sales.
create table day_sum (
    organization_id integer not null references organization,
    day date not null,
    figure text not null,
    name text not null,
    tier text not null,
    is_new boolean not null,
    count bigint not null,
    amount bigint not null,
    change bigint not null,
    primary key (organization_id, day, figure, name, tier, is_new)
);

-- Who did something on a day, and the tier held then.
create table active_day (
    organization_id integer not null references organization,
    day date not null,
    member_id bigint not null,
    tier text not null,
    primary key (organization_id, day, member_id)
);

create index active_day_of_member on active_day (member_id);

-- How far the sums are. `built_from`: the first day that is summed; `first_day`: the first on which
-- anything happened. `looked_at`: the last look; what `snapshot` sees is in the sums. Numbers of rows
-- up to `last_…` need no look any more; those up to `next_…` were there at `marked_at`.
-- `counted_at`: when it was counted who is active; `stale_from`: the first day of which that has to
-- be done again. `swept_on`: when all figures of members were summed anew.
create table day_sum_progress (
    organization_id integer primary key references organization,
    zone text not null,
    first_day date not null,
    built_from date not null,
    looked_at timestamptz not null,
    snapshot text,
    counted_at timestamptz,
    stale_from date,
    swept_on date,
    marked_at timestamptz not null,
    last_member bigint not null,
    next_member bigint not null,
    last_tier_change bigint not null,
    next_tier_change bigint not null
) with (fillfactor = 50);

-- What shops took in all on a business day, members or not, as they report it.
create table takings (
    organization_id integer not null references organization,
    day date not null,
    amount bigint not null check (amount >= 0),
    purchases bigint not null check (purchases >= 0),
    reported_at timestamptz not null,
    primary key (organization_id, day)
);

-- Rows come in the order of time but for the late ones, so that a few numbers for each stretch of
-- the table find a day's, and writing costs nothing to speak of.
create index event_by_day on event using brin (occurred_at timestamptz_minmax_multi_ops)
    with (pages_per_range = 32, autosummarize = on);

create index transfer_by_day on transfer using brin (
    recorded_at, effective_at timestamptz_minmax_multi_ops
) with (pages_per_range = 32, autosummarize = on);

create index tier_change_by_day on tier_change using brin (
    effective_at timestamptz_minmax_multi_ops
) with (pages_per_range = 32, autosummarize = on);

create index event_refused on event (organization_id, received_at) where status = 'refused';

comment on table day_sum is 'none; sums for each day; for good';
comment on table active_day is
    'pseudonymous; on which days a member did something; until erasure';
comment on table day_sum_progress is 'none; how far the sums are; for good';
comment on table takings is 'none; what shops took in all; for good';

select guard_organization('day_sum');
select guard_organization('active_day');
select guard_organization('day_sum_progress');
select guard_organization('takings');
