-- The limits: the rows that one decided purchase leaves, written by PostgreSQL alone, with nothing
-- decided. Sizes of payload, decision and state are those that a product run left (see control.py).

create table control_shape (
    payload text not null,
    decision text not null,
    state text not null,
    members integer not null
);

create sequence control_number;

-- L1: one event, to be called in a transaction of its own.
create function control_one(who bigint, number bigint) returns void language plpgsql as $$
declare
    shape control_shape;
    at timestamptz := timestamptz '2017-01-01' + number * interval '1 second';
begin
    select * into shape from control_shape;
    perform 1 from member where id = who for no key update;
    perform 1 from event where organization_id = 1 and source = 'till' and external_id = 'c' || number;
    insert into event (id, organization_id, member_id, seq, version, occurred_at, received_at, status,
                       digest, source, external_id, type, payload, decision)
    values (number, 1, who, number, 1, at, now(), 'decided', md5(number::text)::uuid, 'till',
            'c' || number, 'purchase', shape.payload, shape.decision);
    insert into transfer (organization_id, member_id, event_id, amount, effective_at, recorded_at,
                          currency, code, debit, credit)
    values (1, who, number, 12, at, now(), 'points', 'earn', 'issued', 'available');
    insert into lot (id, organization_id, member_id, event_id, amount, remaining, earned_at,
                     available_at, expires_at, currency, is_open)
    values (number, 1, who, number, 12, 12, at, at, at + interval '12 months', 'points', true);
    insert into account (member_id, currency, organization_id, balance)
    values (who, 'points', 1, 12)
    on conflict (member_id, currency) do update set balance = account.balance + 12;
    update member set state = shape.state, tier = 'member' where id = who;
end
$$;

-- L2: `size` events in one transaction, each statement over all of them. Members differ within one
-- call, as the set-wise update of a row needs.
create function control_many(first bigint, size integer) returns void language plpgsql as $$
declare
    shape control_shape;
begin
    select * into shape from control_shape;
    create temporary table if not exists fresh (
        number bigint, who bigint, at timestamptz) on commit delete rows;
    insert into fresh
    select number, 1 + (number * 7919) % shape.members,
           timestamptz '2017-01-01' + number * interval '1 second'
    from generate_series(first, first + size - 1) as number;
    perform 1 from member where id in (select who from fresh) order by id for no key update;
    perform 1 from fresh join event on organization_id = 1 and source = 'till'
        and external_id = 'c' || number;
    insert into event (id, organization_id, member_id, seq, version, occurred_at, received_at, status,
                       digest, source, external_id, type, payload, decision)
    select number, 1, who, number, 1, at, now(), 'decided', md5(number::text)::uuid, 'till',
           'c' || number, 'purchase', shape.payload, shape.decision
    from fresh;
    insert into transfer (organization_id, member_id, event_id, amount, effective_at, recorded_at,
                          currency, code, debit, credit)
    select 1, who, number, 12, at, now(), 'points', 'earn', 'issued', 'available' from fresh;
    insert into lot (id, organization_id, member_id, event_id, amount, remaining, earned_at,
                     available_at, expires_at, currency, is_open)
    select number, 1, who, number, 12, 12, at, at, at + interval '12 months', 'points', true
    from fresh;
    insert into account (member_id, currency, organization_id, balance)
    select who, 'points', 1, 12 * count(*) from fresh group by who
    on conflict (member_id, currency) do update set balance = account.balance + excluded.balance;
    update member set state = shape.state, tier = 'member'
    from (select distinct who from fresh) as touched
    where member.id = touched.who;
end
$$;
