-- What confirming orders leaves, done by PostgreSQL alone, with nothing decided: the same locks in
-- the same order, the same rows of about the same size.

create function control_orders_open(first integer, size integer) returns void language sql as $$
    insert into member (id, organization_id, enrolled_at, state) overriding system value
    select n, 1, now(), repeat('s', 400) from generate_series(first + 1, first + size) as n;
    insert into account (member_id, currency, organization_id, balance)
    select n, 'points', 1, 1000 from generate_series(first + 1, first + size) as n;
    insert into lot (id, organization_id, member_id, event_id, amount, remaining, earned_at,
                     available_at, currency, is_open)
    select n, 1, n, n, 1000, 950, now(), now(), 'points', true
    from generate_series(first + 1, first + size) as n;
    insert into hold (id, organization_id, member_id, event_id, amount, opened_at, expires_at,
                      currency, state, parts)
    select n, 1, n, n, 50, now(), now() + interval '1 day', 'points', 'open', '[[1,50]]'
    from generate_series(first + 1, first + size) as n;
    insert into customer_order (id, organization_id, member_id, source, external_id, state, revision,
        digest, version, currency, total, discount, payable, points_currency, points, points_value,
        hold_id, cart, quote, opened_at, expires_at, opened_by)
    select n, 1, n, 'control', 'c' || n, 'open', 1, md5(n::text)::uuid, 1, 'USD', 100, 10, 90,
        'points', 50, 50, n, repeat('c', 400), repeat('q', 6000), now(), now() + interval '1 day',
        'bench'
    from generate_series(first + 1, first + size) as n;
    -- Eight limits of an order on the average.
    insert into quota (id, organization_id, kind, subject, member_id, most, reserved)
        overriding system value
    select n * 8 + k, 1, 'coupon', n || '-' || k, 0, 100, 1
    from generate_series(first + 1, first + size) as n, generate_series(0, 7) as k;
    insert into reservation (organization_id, quota_id, member_id, owner_kind, owner_id, amount,
                             state, opened_at, expires_at, opened_by)
    select 1, n * 8 + k, n, 'order', n, 1, 'open', now(), now() + interval '1 day', 'bench'
    from generate_series(first + 1, first + size) as n, generate_series(0, 7) as k;
$$;

create function control_orders_confirm(first integer, size integer) returns void
language plpgsql as $$
declare
    last integer := first + size;
begin
    perform quote, cart from customer_order
    where organization_id = 1 and id > first and id <= last order by id for update;
    perform state from member where id > first and id <= last order by id for no key update;
    insert into event (id, organization_id, member_id, seq, version, occurred_at, received_at,
                       status, digest, source, external_id, type, payload, decision)
    select n * 2 + k, 1, n, 1, 1, now(), now(), 'decided', md5(n::text)::uuid, 'control',
        k || '-' || n, case k when 0 then 'regulars.hold_capture' else 'purchase' end,
        repeat('p', 300), repeat('d', 200)
    from generate_series(first + 1, last) as n, generate_series(0, 1) as k;
    insert into transfer (organization_id, member_id, event_id, amount, effective_at, recorded_at,
                          currency, code, debit, credit)
    select 1, n, n * 2 + k, 12, now(), now(), 'points', 'earn', 'issued', 'available'
    from generate_series(first + 1, last) as n, generate_series(0, 1) as k;
    insert into lot (id, organization_id, member_id, event_id, amount, remaining, earned_at,
                     available_at, currency, is_open)
    select 1000000000 + n, 1, n, n, 12, 12, now(), now(), 'points', true
    from generate_series(first + 1, last) as n;
    update hold set state = 'captured', closed_at = now() where id > first and id <= last;
    update account set balance = balance - 38 where member_id > first and member_id <= last;
    update member set state = repeat('t', 400) where id > first and id <= last;
    perform 1 from quota where organization_id = 1 and id >= (first + 1) * 8 and id < (last + 1) * 8
    order by id for update;
    update reservation set state = 'captured', closed_at = now()
    where organization_id = 1 and owner_kind = 'order' and owner_id > first and owner_id <= last;
    update quota set used = used + 1, reserved = reserved - 1
    where id >= (first + 1) * 8 and id < (last + 1) * 8;
    update customer_order set state = 'confirmed', event_id = id, confirmed_at = now(),
        confirmation = '{}'
    where id > first and id <= last;
    insert into order_step (organization_id, order_id, at, what, actor, facts)
    select 1, n, now(), 'confirmed', 'bench', '{"revision":1,"payable":90}'
    from generate_series(first + 1, last) as n;
end
$$;
