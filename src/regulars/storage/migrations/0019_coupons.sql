-- Coupons: templates that say what a coupon does, codes, gifts among members, and what was redeemed.

-- `code`: what rules of the program call it by. `name`: JSON, by language. `terms`: JSON text.
-- `public_code`: one word for all. `is_claimable`: it stands in the claim centre.
create table coupon_template (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    code text not null,
    name text not null,
    state text not null check (state in ('draft', 'active', 'paused', 'ended')),
    terms text not null,
    prefix text not null default '',
    public_code text,
    is_claimable boolean not null default false,
    revision integer not null,
    made_by text not null,
    made_at timestamptz not null,
    changed_by text not null,
    changed_at timestamptz not null,
    why text not null default ''
);

create unique index coupon_template_code on coupon_template (organization_id, code);
create unique index coupon_template_word on coupon_template (organization_id, public_code)
    where public_code is not null;
create index coupon_template_claimable on coupon_template (organization_id, id)
    where is_claimable and state = 'active';

-- Codes that were made together. `state` frozen or revoked holds for all of them.
create table coupon_batch (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    template_id bigint not null references coupon_template,
    size integer not null check (size > 0),
    made integer not null default 0,
    job_id bigint references job,
    note text not null default '',
    state text not null check (state in ('active', 'frozen', 'revoked')),
    why text not null default '',
    made_by text not null,
    made_at timestamptz not null,
    request_key text not null
);

create index coupon_batch_of_template on coupon_batch (organization_id, template_id, id);
create unique index coupon_batch_asked on coupon_batch (organization_id, made_by, request_key);

-- `member_id` empty: whoever shows the code may use it. `offered_until`: somebody may accept it as
-- a gift until then, and nobody use it. How often it was used is in `quota`.
create table coupon (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    template_id bigint not null references coupon_template,
    batch_id bigint references coupon_batch,
    code text not null,
    member_id bigint references member,
    state text not null default 'active' check (state in ('active', 'frozen', 'revoked')),
    source text not null check (
        source in ('batch', 'claim', 'code', 'staff', 'rule', 'gift', 'reward', 'prize')
    ),
    event_id bigint,
    valid_from timestamptz,
    valid_until timestamptz,
    issued_at timestamptz not null,
    issued_by text not null,
    claimed_at timestamptz,
    offered_until timestamptz,
    request_key text not null default ''
) with (fillfactor = 90);

create unique index coupon_code on coupon (organization_id, code);
create index coupon_of_member on coupon (organization_id, member_id, id)
    where member_id is not null;
create index coupon_of_template on coupon (organization_id, template_id, id);
create index coupon_of_batch on coupon (organization_id, batch_id, id) where batch_id is not null;
create index coupon_of_event on coupon (organization_id, event_id) where event_id is not null;
create unique index coupon_asked on coupon (organization_id, issued_by, request_key)
    where request_key <> '';

-- What happened to a coupon beside its being used.
create table coupon_change (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    coupon_id bigint not null references coupon,
    at timestamptz not null,
    what text not null,
    done_by text not null,
    why text not null default ''
);

create index coupon_change_of on coupon_change (organization_id, coupon_id, id);

create table coupon_gift (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    coupon_id bigint not null references coupon,
    giver_id bigint not null references member,
    taker_id bigint references member,
    code text not null,
    state text not null check (state in ('open', 'accepted', 'taken_back', 'lapsed')),
    offered_at timestamptz not null,
    expires_at timestamptz not null,
    closed_at timestamptz
);

create unique index coupon_gift_code on coupon_gift (organization_id, code);
create unique index coupon_gift_open on coupon_gift (organization_id, coupon_id)
    where state = 'open';
create index coupon_gift_of on coupon_gift (organization_id, coupon_id, id);
create index coupon_gift_of_giver on coupon_gift (organization_id, giver_id, id);
create index coupon_gift_of_taker on coupon_gift (organization_id, taker_id, id)
    where taker_id is not null;

-- A use by a shop that keeps its own orders: reserved, redeemed, rolled back. `owner_id` of its
-- reservations is this row. `cart` and `answer`: JSON text.
create table coupon_use (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    member_id bigint not null references member,
    reference text not null default '',
    cart text not null,
    answer text not null,
    discount bigint not null check (discount >= 0),
    sales bigint not null check (sales >= 0),
    reserved_at timestamptz not null,
    expires_at timestamptz,
    redeemed_at timestamptz,
    rolled_back_at timestamptz,
    why text not null default '',
    asked_by text not null,
    request_key text not null,
    digest text not null
);

create unique index coupon_use_asked on coupon_use (organization_id, asked_by, request_key);
create index coupon_use_of_member on coupon_use (organization_id, member_id, id);

-- What each coupon gave that was redeemed, by a shop's use or by an order, for the statistics.
-- `coupon_id` empty: by the word for all. `taken_back_at`: rolled back, cancelled or returned.
create table coupon_redeemed (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    owner_kind text not null,
    owner_id bigint not null,
    template_id bigint not null references coupon_template,
    coupon_id bigint references coupon,
    member_id bigint not null references member,
    discount bigint not null check (discount >= 0),
    sales bigint not null check (sales >= 0),
    redeemed_at timestamptz not null,
    taken_back_at timestamptz
);

create index coupon_redeemed_of_owner on coupon_redeemed (organization_id, owner_kind, owner_id);
create index coupon_redeemed_of_coupon on coupon_redeemed (organization_id, coupon_id)
    where coupon_id is not null;
create index coupon_redeemed_of_template
    on coupon_redeemed (organization_id, template_id, redeemed_at);
create index coupon_redeemed_of_member on coupon_redeemed (organization_id, member_id, id);

alter table job drop constraint job_kind_check;
alter table job add constraint job_kind_check
    check (kind in ('verification', 'export', 'breakage', 'codes', 'coupons'));

comment on table coupon_template is 'none; what coupons do, and on which terms; for good';
comment on table coupon_batch is 'none; codes that were made together; for good';
comment on table coupon is 'pseudonymous; who has which coupon, and how it came; for good';
comment on table coupon_change is 'pseudonymous; what was done with a coupon, and why; for good';
comment on table coupon_gift is 'pseudonymous; who gave a coupon to whom; for good';
comment on table coupon_use is 'pseudonymous; what a shop used coupons for; for good';
comment on table coupon_redeemed is 'pseudonymous; what each coupon gave; for good';

select guard_organization('coupon_template');
select guard_organization('coupon_batch');
select guard_organization('coupon');
select guard_organization('coupon_change');
select guard_organization('coupon_gift');
select guard_organization('coupon_use');
select guard_organization('coupon_redeemed');
