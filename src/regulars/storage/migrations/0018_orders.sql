-- Orders of a till: quoted and held, then confirmed, cancelled, timed out, returned.

create sequence order_id_seq increment by 100;

-- (source, external_id): the till's own number. `digest` is of what was asked for in this revision.
-- `cart` and `quote`: JSON text, the goods as they came and the prices as they were told; codes of
-- coupons are masked in it. `money`, in minor units: `total` before and `payable` after all offers,
-- `points_value` what points paid of it. `hold_id`: of the points; `event_id`: the purchase.
create table customer_order (
    id bigint primary key,
    organization_id integer not null references organization,
    member_id bigint not null references member,
    source text not null,
    external_id text not null,
    state text not null check (
        state in ('open', 'confirmed', 'cancelled', 'timed_out', 'returned_in_part', 'returned')
    ),
    revision integer not null check (revision > 0),
    digest uuid not null,
    version integer not null,
    currency text not null,
    total bigint not null check (total >= 0),
    discount bigint not null check (discount >= 0),
    payable bigint not null check (payable >= 0),
    points_currency text not null default '',
    points bigint not null default 0 check (points >= 0),
    points_value bigint not null default 0 check (points_value >= 0),
    hold_id bigint,
    event_id bigint,
    store text,
    channel text,
    cart text not null,
    quote text not null,
    confirmation text not null default '',
    report text not null default '',
    opened_at timestamptz not null,
    expires_at timestamptz not null,
    confirmed_at timestamptz,
    closed_at timestamptz,
    opened_by text not null,
    check (total = discount + payable),
    check ((event_id is not null) = (confirmed_at is not null))
) with (fillfactor = 70);

create unique index order_key on customer_order (organization_id, source, external_id);
create index order_newest on customer_order (organization_id, id desc);
create index order_of_member on customer_order (organization_id, member_id, id desc);
create index order_due on customer_order (organization_id, expires_at) where state = 'open';

-- What came back. `lines`: JSON text, pairs of line and quantity; `answer`: what was told of it.
-- (order_id, external_id) is the till's own number for it, or ours.
create table order_return (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    order_id bigint not null references customer_order,
    external_id text not null,
    digest uuid not null,
    lines text not null,
    money bigint not null check (money >= 0),
    points bigint not null check (points >= 0),
    event_id bigint not null,
    answer text not null,
    returned_at timestamptz not null,
    returned_by text not null
);

create unique index order_return_key on order_return (organization_id, order_id, external_id);

-- What happened to an order, one row for each; `facts`: JSON text.
create table order_step (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    order_id bigint not null references customer_order,
    at timestamptz not null,
    what text not null,
    actor text not null,
    facts text not null default ''
);

create index order_step_of_order on order_step (organization_id, order_id, id);

comment on table customer_order is
    'pseudonymous; what a member ordered, at which price and why; for good';
comment on table order_return is
    'pseudonymous; what came back of an order; for good';
comment on table order_step is
    'pseudonymous; what happened to an order, when, and by whom; for good';

select guard_organization('customer_order');
select guard_organization('order_return');
select guard_organization('order_step');
