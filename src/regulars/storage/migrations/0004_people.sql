-- Staff, how they prove who they are, and what waits for a second person.

-- Providers of OpenID Connect by which staff of this organization may sign in. `sealed_secret`: the
-- client secret, under the organization's data key of `key_version`.
create table identity_provider (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    code text not null,
    name text not null,
    issuer text not null,
    client_id text not null,
    key_version integer not null,
    sealed_secret bytea not null,
    mail_domains text[] not null,
    created_at timestamptz not null,
    removed_at timestamptz
);

create unique index identity_provider_code on identity_provider (organization_id, code)
    where removed_at is null;

-- `email_hash`: keyed, by which they are found. `sealed`: e-mail address and name. `sealed_totp`:
-- the secret of the one-time codes, which count from `totp_at` on; `totp_step`: that of the last
-- code that was taken, so that none is taken twice. `subject_hash`: what `provider_id` calls them.
create table staff (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    email_hash text not null,
    key_version integer not null,
    sealed bytea not null,
    language text not null,
    roles text[] not null check (cardinality(roles) > 0),
    password_hash text,
    password_at timestamptz,
    totp_key_version integer,
    sealed_totp bytea,
    totp_at timestamptz,
    totp_step bigint not null default 0,
    provider_id bigint references identity_provider,
    subject_hash text,
    invited_at timestamptz not null,
    accepted_at timestamptz,
    suspended_at timestamptz
);

create unique index staff_by_email on staff (organization_id, email_hash);

-- What is sent by e-mail: an invitation, or the way to a new password. Each serves once.
create table staff_token (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    staff_id bigint not null references staff,
    purpose text not null check (purpose in ('invitation', 'reset')),
    secret_hash bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);

create unique index staff_token_by_secret on staff_token (organization_id, secret_hash);
create index staff_token_of on staff_token (staff_id);

-- For whoever has lost the device with the one-time codes.
create table recovery_code (
    staff_id bigint not null references staff,
    code_hash bytea not null,
    organization_id integer not null references organization,
    used_at timestamptz,
    primary key (staff_id, code_hash)
);

-- Tries that have failed, by what was tried (`what`) and a keyed hash of who or where.
create table failed_try (
    organization_id integer not null references organization,
    what text not null,
    name_hash text not null,
    failures integer not null,
    last_at timestamptz not null,
    primary key (organization_id, what, name_hash)
);

create index failed_try_old on failed_try (organization_id, last_at);

-- Sign-ins that are under way at an identity provider. `browser_hash`: of the cookie of the browser
-- that began.
create table staff_login (
    state_hash bytea primary key,
    organization_id integer not null references organization,
    provider_id bigint not null references identity_provider,
    browser_hash bytea not null,
    key_version integer not null,
    sealed bytea not null,
    return_path text not null,
    expires_at timestamptz not null
);

create index staff_login_over on staff_login (organization_id, expires_at);

-- Who made the key: whoever did cannot decide what is asked for with it.
alter table api_key add column created_by text not null default '';

-- What somebody asked for and another person decides. `payload`: JSON text of the deed, without
-- personal data. `request_key`: the Idempotency-Key. `result`: JSON text of what was done.
create table approval (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    kind text not null check (kind in ('adjustment', 'publication', 'personal_export')),
    member_id bigint,
    payload text not null,
    reason text not null,
    requested_by text not null,
    request_key text not null,
    requested_at timestamptz not null,
    expires_at timestamptz not null,
    state text not null check (state in ('waiting', 'approved', 'refused', 'withdrawn', 'done')),
    decided_by text,
    decided_at timestamptz,
    note text not null default '',
    result text not null default '{}'
);

create unique index approval_once on approval (organization_id, requested_by, request_key);
create index approval_by_state on approval (organization_id, state, id);

select guard_organization('identity_provider');
select guard_organization('staff');
select guard_organization('staff_token');
select guard_organization('recovery_code');
select guard_organization('failed_try');
select guard_organization('staff_login');
select guard_organization('approval');
