-- The mall: rewards and their variants, pictures, stock, redemptions, who waits for stock, and sales.

-- `terms`: JSON text, what the operator wrote. `rank`: what is shown first; smaller is earlier.
-- `least_points`: of the cheapest variant. `words`: what a search looks at.
create table reward (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    kind text not null check (kind in ('goods', 'coupon', 'service', 'donation', 'partner_points')),
    state text not null check (state in ('draft', 'active', 'paused', 'ended')),
    revision integer not null default 1,
    terms text not null,
    category text not null,
    words text not null,
    rank integer not null default 100,
    least_points bigint not null,
    starts_at timestamptz,
    ends_at timestamptz,
    created_at timestamptz not null,
    created_by text not null,
    changed_at timestamptz not null,
    changed_by text not null
);

create index reward_listed on reward (organization_id, state, id);

-- `stock`: pieces that ever came, the limit STOCK of the variant; empty: as many as one likes.
create table reward_variant (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    reward_id bigint not null references reward,
    place integer not null,
    terms text not null,
    points bigint not null check (points >= 0),
    cash_minor bigint not null check (cash_minor >= 0),
    stock bigint check (stock >= 0),
    is_retired boolean not null default false
);

create index reward_variant_of on reward_variant (organization_id, reward_id, place);

-- Small, of a known type; `digest` stands in its address, so that it may be kept for ever.
create table reward_picture (
    organization_id integer not null references organization,
    reward_id bigint not null references reward,
    place integer not null,
    media_type text not null check (media_type in ('image/png', 'image/jpeg', 'image/webp')),
    width integer not null,
    height integer not null,
    digest text not null,
    picture bytea not null,
    added_at timestamptz not null,
    primary key (organization_id, reward_id, place)
);

alter table reward_picture alter column picture set storage external;

-- Every change of stock by hand. Never changed, never deleted.
create table stock_change (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    variant_id bigint not null references reward_variant,
    at timestamptz not null,
    by text not null,
    change text not null check (change in ('set', 'add', 'unlimited')),
    amount bigint not null,
    left_before bigint,
    left_after bigint,
    reason text not null,
    request_key text not null,
    unique (organization_id, request_key)
);

create index stock_change_of on stock_change (organization_id, variant_id, id);

-- A limited quantity at a price of its own, for a while.
create table sale (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    reward_id bigint not null references reward,
    variant_id bigint not null references reward_variant,
    state text not null check (state in ('draft', 'active', 'paused', 'ended')),
    revision integer not null default 1,
    terms text not null,
    points bigint not null check (points >= 0),
    cash_minor bigint not null check (cash_minor >= 0),
    pieces bigint not null check (pieces > 0),
    per_member integer not null check (per_member > 0),
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    created_at timestamptz not null,
    created_by text not null,
    changed_at timestamptz not null,
    changed_by text not null
);

create index sale_at on sale (organization_id, ends_at, id);

-- What a member took out of the mall. `request_key` and `digest` tell a repeat. `sealed`: where it
-- goes and to whom, under the member's key. `code`: shown at the counter when it is picked up.
-- `hold_id`: the points. `given`: what was handed out at once, such as a coupon's number.
create table redemption (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    member_id bigint not null references member,
    reward_id bigint not null references reward,
    variant_id bigint not null references reward_variant,
    sale_id bigint references sale,
    quantity integer not null check (quantity > 0),
    currency text not null,
    points bigint not null check (points >= 0),
    cash_minor bigint not null check (cash_minor >= 0),
    cash_currency text not null,
    state text not null check (state in (
        'awaiting_payment', 'placed', 'accepted', 'packed', 'shipped', 'ready', 'delivered',
        'picked_up', 'fulfilled', 'cancelled', 'timed_out'
    )),
    way text not null check (way in ('address', 'pick_up', 'none')),
    place text not null default '',
    sealed bytea,
    code text not null default '',
    hold_id bigint,
    given text not null default '',
    carrier text not null default '',
    tracking text not null default '',
    payment_reference text not null default '',
    pay_by timestamptz,
    placed_at timestamptz not null,
    changed_at timestamptz not null,
    request_key text not null,
    digest text not null,
    check ((state = 'awaiting_payment') <= (pay_by is not null))
) with (fillfactor = 80);

create unique index redemption_request on redemption (organization_id, member_id, request_key);
create unique index redemption_code on redemption (organization_id, code) where code <> '';
create index redemption_of_member on redemption (organization_id, member_id, id);
create index redemption_newest on redemption (organization_id, id);
create index redemption_to_do on redemption (organization_id, id)
    where state in ('awaiting_payment', 'placed', 'accepted', 'packed', 'shipped', 'ready');
create index redemption_of_sale on redemption (organization_id, sale_id, id)
    where sale_id is not null;
create index redemption_of_variant on redemption (organization_id, variant_id, id);

-- What became of each, and who did it. Never changed, never deleted.
create table redemption_step (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    redemption_id bigint not null references redemption,
    at timestamptz not null,
    by text not null,
    state text not null,
    reason text not null default ''
);

create index redemption_step_of on redemption_step (organization_id, redemption_id, id);

-- Who waits until a variant is there again; told in the order in which they came.
create table stock_wait (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    variant_id bigint not null references reward_variant,
    member_id bigint not null references member,
    joined_at timestamptz not null,
    told_at timestamptz
);

create unique index stock_wait_once on stock_wait (organization_id, variant_id, member_id)
    where told_at is null;
create index stock_wait_of_member on stock_wait (organization_id, member_id, id);

comment on table reward is
    'none; what can be had for points; for good';
comment on table reward_variant is
    'none; sizes and colours of a reward, and their price; for good';
comment on table reward_picture is
    'none; how a reward looks; until replaced';
comment on table stock_change is
    'none; who changed stock by hand, and why; for good';
comment on table sale is
    'none; flash sales; for good';
comment on table redemption is
    'pseudonymous; what a member took out of the mall; for good';
comment on column redemption.sealed is
    'personal; where it is sent to, sealed under the member''s key; until it has arrived';
comment on table redemption_step is
    'none; what became of a redemption; for good';
comment on table stock_wait is
    'pseudonymous; who waits for stock; until told';

select guard_organization('reward');
select guard_organization('reward_variant');
select guard_organization('reward_picture');
select guard_organization('stock_change');
select guard_organization('sale');
select guard_organization('redemption');
select guard_organization('redemption_step');
select guard_organization('stock_wait');
