"""A row in every table of organization 1, so that there is something which others must not see."""

from regulars.storage.database import Database

# In the order in which rows lean on each other.
FILL = """
insert into program_version values (1, 1, '{}', now());
insert into member (organization_id, enrolled_at, attributes)
    values (1, now(), '{"city": "canary-city"}');
insert into identity values (1, 'card', 'canary-card', 1);
insert into event values (1, 1, 1, 1, 1, now(), now(), 'decided', gen_random_uuid(), 'canary-till',
    'canary-receipt', 'purchase', '{}', '{}');
insert into waiting_return values (1, 1, 'canary-till', 'canary-purchase');
insert into returned values (1, 1, '{}');
insert into transfer (organization_id, member_id, event_id, amount, effective_at, recorded_at,
    currency, code, debit, credit)
    values (1, 1, 1, 5, now(), now(), 'points', 'earn', 'issued', 'available');
insert into account values (1, 'points', 1, 5);
insert into lot values (1, 1, 1, 1, 5, 5, 0, now(), now(), null, 'points', true);
insert into lot_use (organization_id, lot_id, member_id, event_id, amount, effective_at)
    values (1, 1, 1, 1, 1, now());
insert into hold values (1, 1, 1, 1, 5, now(), now(), null, 'points', 'open', '[]');
insert into rule_budget values (1, 'canary-rule', 5);
insert into tier_change (organization_id, member_id, effective_at, old_tier, new_tier, why)
    values (1, 1, now(), '', 'canary-tier', 'entry');
insert into api_key (organization_id, name, secret_hash, scopes, created_at)
    values (1, 'canary-key', 'x', '{admin}', now());
insert into import_progress values (1, 'canary', 'canary-file', 1, 0, 0, now());
insert into vault values (1, 1, 1, 'x', 'x', now());
insert into name_token values (1, 5, 1);
insert into member_attribute values (1, 'city', '"canary-city"', 1) on conflict do nothing;
insert into activity values (1, 1, '2026-01-01') on conflict do nothing;
insert into activity_progress values (1, now()) on conflict do nothing;
insert into audit (organization_id, at, actor, action, target, member_id, purpose, before, after,
    trace_id) values (1, now(), 'key:1', 'canary.done', 'member:1', 1, '', '{}', '{}', '');
insert into audit_seal values (1, 1, 1, 'x');
insert into revocation (organization_id, name, revoked_at, expires_at)
    values (1, 'canary:1', now(), now() + interval '1 hour');
insert into session (organization_id, kind, subject_id, secret_hash, device, created_at, seen_at,
    expires_at) values (1, 'member', 1, 'x', 'canary-device', now(), now(), now());
insert into identity_provider (organization_id, code, name, issuer, client_id, key_version,
    sealed_secret, mail_domains, created_at)
    values (1, 'canary', 'canary-provider', 'https://x.example', 'x', 1, 'x', '{}', now());
insert into staff (organization_id, email_hash, key_version, sealed, language, roles, invited_at)
    values (1, 'canary-hash', 1, 'x', 'en', '{owner}', now());
insert into staff_token (organization_id, staff_id, purpose, secret_hash, created_at, expires_at)
    values (1, 1, 'invitation', 'x', now(), now());
insert into recovery_code values (1, 'x', 1);
insert into failed_try values (1, 'sign_in', 'canary', 1, now());
insert into staff_login values ('x', 1, 1, 'x', 1, 'x', '/', now());
insert into approval (organization_id, kind, payload, reason, requested_by, request_key,
    requested_at, expires_at, state)
    values (1, 'adjustment', '{}', 'canary-reason', 'key:1', 'x', now(), now(), 'waiting');
insert into client (organization_id, client_id, name, redirect_uris, grant_types, scopes,
    auth_method, rate, created_by, created_at)
    values (1, 'rgc_1_canary', 'canary-client', '{}', '{x}', '{x}', 'none', 0, 'key:1', now());
insert into client_grant (organization_id, client_number, member_id, scopes, granted_at)
    values (1, 1, 1, '{self:read}', now());
insert into authorization_code (organization_id, code_hash, client_number, grant_id, scopes,
    redirect_uri, challenge, expires_at) values (1, 'x', 1, 1, '{}', 'x', 'x', now());
insert into refresh_token (organization_id, token_hash, client_number, grant_id, family, scopes,
    issued_at, expires_at) values (1, 'x', 1, 1, 1, '{}', now(), now());
insert into sign_in_code (organization_id, account, purpose, code_hash, sent_at, expires_at)
    values (1, 'canary', 'sign_in', 'x', now(), now());
insert into outbox (organization_id, key_version, sealed, created_at, next_try_at, expires_at)
    values (1, 1, 'x', now(), now() + interval '1 year', now() + interval '1 year');
insert into enrolment (organization_id, ticket_hash, state, language, reasons, proven_at,
    ticket_expires_at) values (1, 'x', 'held', 'en', '[]', now(), now());
insert into passkey (organization_id, member_id, credential_id, public_key, sign_count, transports,
    may_sync, is_synced, name, created_at)
    values (1, 1, 'x', 'x', 0, '{}', true, true, 'canary-passkey', now());
insert into login_state values ('x', 1, 'passkey', 'x', 1, 1, 'x', now());
insert into member_identity_provider
    values (1, 'canary', 'oidc', 'canary-provider', 'https://x.example', 'x', 1, 'x', '{}', now());
insert into consent (organization_id, member_id, purpose, channel, granted, said_at, recorded_at,
    text_version, how, by_guardian, actor)
    values (1, 1, 'canary-purpose', 'any', true, now(), now(), '1', 'staff', false, 'key:1');
insert into draft (organization_id, name, revision, created_at, changed_by, changed_at)
    values (1, 'canary-draft', 1, now(), 'staff:1', now());
insert into draft_revision values (1, 1, 1, 'canary-draft', 'canary-text', 'staff:1', now());
insert into simulation (organization_id, document, note, requested_by, requested_at, state)
    values (1, 'canary-text', 'canary-note', 'staff:1', now(), 'waiting');
insert into file_import (organization_id, state, name, file, format, size_bytes, columns, made_by,
    created_at, updated_at)
    values (1, 'uploaded', 'canary-import', 'x', 'csv', 1, '[]', 'key:1', now(), now());
insert into rejected_record (organization_id, import_id, row, code, key_version, sealed, created_at)
    values (1, 1, 1, 'canary', 1, 'x', now());
insert into transfer_span
    values (1, 0, 1, now(), now(), now(), now(), 5, 5, '{canary}', '{}', '{}');
insert into job (organization_id, kind, state, asked_by, asked_at)
    values (1, 'export', 'done', 'canary', now());
insert into job_file values (1, 1, 0, 'x');
insert into notice (organization_id, member_id, kind, params, at)
    values (1, 1, 'canary', '{"name": "canary-notice"}', now());
insert into occasion_run values (1, 'canary', '2026-01-01', 0, now());
insert into quota (organization_id, kind, subject) values (1, 'stock', 'canary-variant');
insert into reservation (organization_id, quota_id, member_id, owner_kind, owner_id, amount, state,
    opened_at, expires_at, opened_by)
    values (1, 1, 1, 'order', 1, 1, 'captured', now(), null, 'key:1');
insert into worker_beat values (1, now(), 1);
insert into day_sum values (1, '2026-01-01', 'rule', 'canary-sum', 'x', false, 1, 1, 1);
insert into active_day values (1, '2026-01-01', 1, 'canary-tier');
insert into day_sum_progress (organization_id, zone, first_day, built_from, looked_at, marked_at,
    last_member, next_member, last_tier_change, next_tier_change)
    values (1, 'UTC', '2026-01-01', '2026-01-01', now(), now(), 1, 1, 1, 1);
insert into takings values (1, '2026-01-01', 1, 1, now());
insert into coupon_template (organization_id, code, name, state, terms, public_code, revision,
    made_by, made_at, changed_by, changed_at) values (1, 'canary-template', '{}', 'active',
    '{"give":"amount","currency":"CNY","amount":1}', 'CANARY', 1, 'staff:1', now(), 'staff:1',
    now());
insert into coupon_batch (organization_id, template_id, size, state, made_by, made_at, request_key)
    values (1, 1, 1, 'active', 'staff:1', now(), 'canary');
insert into coupon (organization_id, template_id, code, member_id, source, issued_at, issued_by)
    values (1, 1, 'canary-coupon', 1, 'staff', now(), 'staff:1');
insert into coupon_change (organization_id, coupon_id, at, what, done_by)
    values (1, 1, now(), 'canary', 'staff:1');
insert into coupon_gift (organization_id, coupon_id, giver_id, code, state, offered_at, expires_at)
    values (1, 1, 1, 'canary-gift', 'open', now(), now());
insert into coupon_use (organization_id, member_id, reference, cart, answer, discount, sales,
    reserved_at, asked_by, request_key, digest)
    values (1, 1, 'canary', '{}', '{}', 1, 1, now(), 'key:1', 'canary', 'x');
insert into coupon_redeemed (organization_id, owner_kind, owner_id, template_id, coupon_id,
    member_id, discount, sales, redeemed_at)
    values (1, 'coupon_use', 1, 1, 1, 1, 1, 1, now());
insert into benefit_grant (organization_id, member_id, benefit, carrier, valid_from, granted_by,
    granted_at, reason) values (1, 1, 'canary', 'person', now(), 'staff:1', now(), 'canary-reason');
insert into benefit_use (organization_id, member_id, benefit, grant_id, carrier, how, used_at,
    used_by) values (1, 1, 'canary', 1, 'person', 'till', now(), 'staff:1');
insert into benefit_code values (1, 'canary', 1, 'canary', 1, now(), now());
insert into slot (organization_id, benefit, place, starts_at, ends_at, capacity, cancel_minutes,
    made_by, made_at)
    values (1, 'canary', 'canary-place', now(), now() + interval '1 hour', 1, 0, 'staff:1', now());
insert into slot_booking (organization_id, slot_id, member_id, use_id, state, booked_at, booked_by,
    changed_at, changed_by)
    values (1, 1, 1, 1, 'booked', now(), 'staff:1', now(), 'staff:1');
insert into grant_run (organization_id, benefit, condition, valid_from, reason, asked_by, asked_at,
    request_key, state, through_member)
    values (1, 'canary', 'true', now(), 'canary-reason', 'staff:1', now(), 'x', 'done', 1);
insert into partner_seat values (1, 'staff:99', 'canary-partner', 'staff:1', now());
insert into customer_order (id, organization_id, member_id, source, external_id, state, revision,
    digest, version, currency, total, discount, payable, store, cart, quote, opened_at, expires_at,
    opened_by) values (1, 1, 1, 'canary-till', 'canary-order', 'open', 1, gen_random_uuid(), 1,
    'CNY', 5, 2, 3, 'canary-store', '{}', '{}', now(), now(), 'key:1');
insert into order_return (organization_id, order_id, external_id, digest, lines, money, points,
    event_id, answer, returned_at, returned_by)
    values (1, 1, 'canary-return', gen_random_uuid(), '[]', 1, 0, 1, '{}', now(), 'key:1');
insert into order_step (organization_id, order_id, at, what, actor, facts)
    values (1, 1, now(), 'opened', 'key:1', '{"reason":"canary-reason"}');
insert into reward (organization_id, kind, state, terms, category, words, least_points, created_at,
    created_by, changed_at, changed_by)
    values (1, 'goods', 'active', '{"name":{"en":"canary-reward"},"currency":"points"}', '',
    'canary-reward', 1, now(), 'staff:1', now(), 'staff:1');
insert into reward_variant (organization_id, reward_id, place, terms, points, cash_minor)
    values (1, 1, 0, '{"sku":"canary-sku"}', 1, 0);
insert into reward_picture values (1, 1, 0, 'image/png', 1, 1, 'canary', 'x', now());
insert into stock_change (organization_id, variant_id, at, by, change, amount, reason, request_key)
    values (1, 1, now(), 'staff:1', 'set', 1, 'canary-reason', 'canary');
insert into sale (organization_id, reward_id, variant_id, state, terms, points, cash_minor, pieces,
    per_member, starts_at, ends_at, created_at, created_by, changed_at, changed_by)
    values (1, 1, 1, 'active', '{"name":{"en":"canary-sale"}}', 1, 0, 1, 1, now(),
    now() + interval '1 hour', now(), 'staff:1', now(), 'staff:1');
insert into redemption (organization_id, member_id, reward_id, variant_id, quantity, currency,
    points, cash_minor, cash_currency, state, way, tracking, placed_at, changed_at, request_key,
    digest) values (1, 1, 1, 1, 1, 'points', 1, 0, 'CNY', 'placed', 'none', 'canary-tracking',
    now(), now(), 'canary', 'x');
insert into redemption_step (organization_id, redemption_id, at, by, state, reason)
    values (1, 1, now(), 'staff:1', 'placed', 'canary-reason');
insert into stock_wait (organization_id, variant_id, member_id, joined_at)
    values (1, 1, 1, now());
insert into retention_run (organization_id, what, kept_for, older_than, run_at, removed)
    values (1, 'canary', 'P1D', now(), now(), 1);
insert into draw (organization_id, title, state, terms, starts_at, ends_at, nonce, commitment,
    made_by, made_at, changed_at) values (1, 'canary-draw', 'ended', '{}', now(),
    now() + interval '1 day', 'x', 'x', 'staff:1', now(), now());
insert into draw_chance (organization_id, draw_id, member_id, amount, given_by, given_at,
    request_key) values (1, 1, 1, 1, 'staff:1', now(), 'x');
insert into draw_turn (organization_id, draw_id, member_id, number, player, luck, roll, rolled,
    prize, paid, taken_at, request_key, state)
    values (1, 1, 1, 1, 'canary-player', 'x', 0, 'x', 'x', 'nothing', now(), 'x', 'given');
insert into play_name values (1, 1, 'canary-name', 'canary-name', now());
insert into leaderboard (organization_id, title, name, metric, state, made_by, made_at)
    values (1, 'canary-board', '{}', 'check_ins', 'ended', 'staff:1', now());
insert into leaderboard_score values (1, 1, '2026-01-01', 1, 5, 1);
insert into membership (id, organization_id, member_id, card, kind, begun_at, until, ends_at)
    values (1, 1, 1, 'canary-card', 'paid', now(), now() + interval '1 year',
    now() + interval '1 year');
insert into membership_term (organization_id, membership_id, kind, starts_at, ends_at, version,
    money, price, payment, event_id, sold_at, sold_by, request_key, digest)
    values (1, 1, 'purchase', now(), now() + interval '1 year', 1, 'CNY', 5, 'canary-payment', 1,
    now(), 'key:1', 'x', gen_random_uuid());
insert into family_person (organization_id, membership_id, member_id, state, code_hash, invited_at,
    expires_at) values (1, 1, 1, 'joined', 'canary', now(), now());
"""


FIRST_OF_ACCESS = "insert into api_key"


def fill(db: Database, *, only_access: bool = False) -> None:
    """Put a row into every table, for organization 1. `only_access`: leave the tables of members,
    events and points, which have some already."""
    text = FILL[FILL.index(FIRST_OF_ACCESS) :] if only_access else FILL
    with db.transaction(1) as tx:
        for statement in text.split(";\n"):
            if statement.strip():
                tx.execute(statement.encode())
