-- Members sign in and enrol: one-time codes, passkeys, the word of third parties, and the letters
-- that go out for it.

-- Codes that were sent. `account`: keyed hash of the phone or e-mail address. `code_hash`: keyed.
-- At most one code for an account and purpose is alive; a new one takes the place of the old.
create table sign_in_code (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    account text not null,
    purpose text not null check (purpose in ('sign_in', 'guardian', 'confirm')),
    code_hash text not null,
    tries integer not null default 0,
    sent_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);

create unique index sign_in_code_alive on sign_in_code (organization_id, account, purpose);
create index sign_in_code_over on sign_in_code (organization_id, expires_at);

-- Letters to be handed over; each goes when it was, or when it is too late for it. `sealed`: whom
-- it is for and what it says, under the organization's data key of `key_version`.
create table outbox (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    key_version integer not null,
    sealed bytea not null,
    attempts integer not null default 0,
    created_at timestamptz not null,
    next_try_at timestamptz not null,
    expires_at timestamptz not null
);

create index outbox_due on outbox (organization_id, next_try_at);

-- Somebody who has proven a phone or e-mail address and is no member yet. `sealed`: address,
-- profile and consents, under the organization's data key of `key_version`; emptied when decided.
-- The hashes are keyed, and are for counting. `reasons`: JSON text, no personal data.
create table enrolment (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    ticket_hash bytea not null,
    state text not null check (state in ('pending', 'held', 'admitted', 'refused')),
    language text not null,
    key_version integer,
    sealed bytea,
    phone_hash text,
    email_hash text,
    device_hash text,
    ip_hash text,
    referrer_hash text,
    seconds_to_confirm integer,
    score integer,
    reasons text not null default '[]',
    proven_at timestamptz not null,
    ticket_expires_at timestamptz not null,
    submitted_at timestamptz,
    decided_at timestamptz,
    decided_by text not null default '',
    decision_reason text not null default '',
    member_id bigint references member
);

create unique index enrolment_by_ticket on enrolment (organization_id, ticket_hash);
create index enrolment_by_state on enrolment (organization_id, state, id);
create index enrolment_by_phone on enrolment (organization_id, phone_hash, submitted_at)
    where phone_hash is not null;
create index enrolment_by_email on enrolment (organization_id, email_hash, submitted_at)
    where email_hash is not null;
create index enrolment_by_device on enrolment (organization_id, device_hash, submitted_at)
    where device_hash is not null;
create index enrolment_by_ip on enrolment (organization_id, ip_hash, submitted_at)
    where ip_hash is not null;
create index enrolment_by_referrer on enrolment (organization_id, referrer_hash, submitted_at)
    where referrer_hash is not null;
create index enrolment_of_member on enrolment (member_id) where member_id is not null;

-- What a member signs in with instead of a code. `sign_count`: the authenticator's own, which only
-- grows; 0 for one that does not count. `is_synced`: a copy of the key is kept elsewhere by then.
create table passkey (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    member_id bigint not null references member,
    credential_id bytea not null,
    public_key bytea not null,
    sign_count bigint not null,
    transports text[] not null,
    may_sync boolean not null,
    is_synced boolean not null,
    name text not null,
    created_at timestamptz not null,
    used_at timestamptz
);

create unique index passkey_by_credential on passkey (organization_id, credential_id);
create index passkey_of_member on passkey (member_id);

-- Sign-ins under way, at a provider or with a passkey. `browser_hash`: of the cookie of the browser
-- that began. `sealed`: nonce, verifier and the way back, under the data key of `key_version`.
create table login_state (
    state_hash bytea primary key,
    organization_id integer not null references organization,
    kind text not null check (kind in ('provider', 'passkey', 'new_passkey')),
    browser_hash bytea not null,
    member_id bigint references member,
    key_version integer,
    sealed bytea,
    expires_at timestamptz not null
);

create index login_state_over on login_state (organization_id, expires_at);
create index login_state_of_member on login_state (member_id) where member_id is not null;

-- Third parties by which members sign in. `options`: JSON text of what only one kind knows.
create table member_identity_provider (
    organization_id integer not null references organization,
    code text not null,
    kind text not null check (kind in ('oidc', 'wechat')),
    name text not null,
    issuer text not null,
    client_id text not null,
    key_version integer not null,
    sealed_secret bytea not null,
    options text not null default '{}',
    changed_at timestamptz not null,
    primary key (organization_id, code)
);

select guard_organization('sign_in_code');
select guard_organization('outbox');
select guard_organization('enrolment');
select guard_organization('passkey');
select guard_organization('login_state');
select guard_organization('member_identity_provider');
