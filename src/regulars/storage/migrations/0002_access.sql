-- One organization never sees another: row-level security on every table that carries one, the
-- keys under which personal data is sealed, and what was done by whom.

alter table organization
    add column name text not null default '',
    add column settings text not null default '{}',
    add column suspended_at timestamptz;

update organization set name = code;

-- Who sent it: "key:3", "client:7"; empty for what the product did by itself.
alter table event add column sent_by text not null default '';

-- What seals personal data, itself sealed by a key that is not in the database. `index`: of keyed
-- hashes; it stays when the others are changed.
create table organization_key (
    organization_id integer not null references organization,
    purpose text not null check (purpose in ('data', 'index')),
    version integer not null check (version > 0),
    wrapped bytea not null,
    created_at timestamptz not null,
    primary key (organization_id, purpose, version)
);

-- Personal data of a member under a key of their own. Without the row it is gone for good.
create table vault (
    member_id bigint primary key references member,
    organization_id integer not null references organization,
    key_version integer not null,
    wrapped_key bytea not null,
    sealed bytea not null,
    updated_at timestamptz not null
) with (fillfactor = 80);

create index vault_by_key on vault (organization_id, key_version, member_id);

-- Every deed of staff and applications, and every use of personal data. Only ever added to.
-- `before` and `after`: JSON text without personal data.
create table audit (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    at timestamptz not null,
    actor text not null,
    action text not null,
    target text not null,
    member_id bigint,
    purpose text not null,
    before text not null,
    after text not null,
    trace_id text not null
);

create index audit_by_time on audit (organization_id, id);
create index audit_of_member on audit (organization_id, member_id, id) where member_id is not null;

-- The chain: each digest is over the row and the digest before it.
create table audit_seal (
    organization_id integer not null references organization,
    seq bigint not null check (seq > 0),
    audit_id bigint not null references audit,
    digest bytea not null,
    primary key (organization_id, seq)
);

create unique index audit_sealed on audit_seal (organization_id, audit_id);

-- What may no longer be believed, told to every process: "key:3", "staff:12", "session:881".
create table revocation (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    name text not null,
    revoked_at timestamptz not null,
    expires_at timestamptz not null
);

create index revocation_current on revocation (expires_at);

-- `sub` selects make the setting a value of the statement, asked once and not for each row.
create function guard_organization(guarded regclass) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', guarded);
    execute format('alter table %s force row level security', guarded);
    execute format(
        'create policy own_organization on %s using (organization_id = '
        '(select nullif(current_setting(''regulars.organization'', true), '''')::integer))',
        guarded
    );
end $$;

select guard_organization(oid::regclass) from pg_class
where relkind = 'r' and relnamespace = 'public'::regnamespace
    and oid in (select attrelid from pg_attribute where attname = 'organization_id');

-- Organization 0 is the deployment itself: it sees which organizations there are, and what was
-- revoked, and no row of what they have.
alter table organization enable row level security;
alter table organization force row level security;
create policy own_organization on organization using (
    (select nullif(current_setting('regulars.organization', true), '')::integer) in (id, 0)
);
drop policy own_organization on revocation;
create policy own_organization on revocation using (
    (select nullif(current_setting('regulars.organization', true), '')::integer)
        in (organization_id, 0)
);
