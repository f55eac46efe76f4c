-- Applications: who may ask for tokens, what members and staff have granted to whom, and the keys
-- that sign tokens.

-- Requests a minute; 0 for no limit. Keys that are there already go on as they did.
alter table api_key add column rate integer not null default 0 check (rate >= 0);

-- `client_id`: public, such as rgc_1_…. While `old_secret_until` has not come, two secrets hold.
-- `epoch` counts how often what it may do was made less: older tokens are useless then.
create table client (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    client_id text not null,
    name text not null,
    redirect_uris text[] not null,
    grant_types text[] not null check (cardinality(grant_types) > 0),
    scopes text[] not null check (cardinality(scopes) > 0),
    auth_method text not null
        check (auth_method in ('client_secret_basic', 'client_secret_post', 'none')),
    rate integer not null check (rate >= 0),
    epoch integer not null default 1,
    secret_hash bytea check ((secret_hash is null) = (auth_method = 'none')),
    old_secret_hash bytea,
    old_secret_until timestamptz,
    created_by text not null,
    created_at timestamptz not null,
    disabled_at timestamptz
);

create unique index client_by_name on client (organization_id, client_id);

-- What a person has allowed an application to do for them, until they take it back.
create table client_grant (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    client_number bigint not null references client,
    member_id bigint references member,
    staff_id bigint,
    scopes text[] not null,
    granted_at timestamptz not null,
    withdrawn_at timestamptz,
    check (num_nonnulls(member_id, staff_id) = 1)
);

create unique index client_grant_of_member on client_grant (organization_id, member_id, client_number)
    where withdrawn_at is null and member_id is not null;
create unique index client_grant_of_staff on client_grant (organization_id, staff_id, client_number)
    where withdrawn_at is null and staff_id is not null;

-- What an application gets tokens for, once and within a minute. All tokens that come of it are one
-- family, which goes by the number of this row.
create table authorization_code (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    code_hash bytea not null,
    client_number bigint not null references client,
    grant_id bigint not null references client_grant,
    scopes text[] not null,
    redirect_uri text not null,
    challenge text not null,
    expires_at timestamptz not null,
    used_at timestamptz
);

create unique index authorization_code_by_hash on authorization_code (organization_id, code_hash);
create index authorization_code_over on authorization_code (organization_id, expires_at);

-- Each serves once, and is followed by another of its family.
create table refresh_token (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    token_hash bytea not null,
    client_number bigint not null references client,
    grant_id bigint not null references client_grant,
    family bigint not null,
    scopes text[] not null,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    rotated_at timestamptz,
    revoked_at timestamptz
);

create unique index refresh_token_by_hash on refresh_token (organization_id, token_hash);
create index refresh_token_family on refresh_token (organization_id, family);
create index refresh_token_grant on refresh_token (organization_id, grant_id);
create index refresh_token_over on refresh_token (organization_id, expires_at);

-- The deployment's own: `sealed` is the private key, under the key file or the key service.
create table signing_key (
    kid text primary key,
    state text not null check (state in ('next', 'current', 'retired')),
    public_key text not null,
    sealed bytea not null,
    created_at timestamptz not null,
    retired_at timestamptz,
    check ((retired_at is not null) = (state = 'retired'))
);

create unique index signing_key_in_turn on signing_key (state) where state <> 'retired';

select guard_organization('client');
select guard_organization('client_grant');
select guard_organization('authorization_code');
select guard_organization('refresh_token');
