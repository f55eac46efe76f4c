-- What finance works with: runs that take long, files that they make, and marks by which a search
-- through all transfers skips what cannot hold what it looks for.

-- A run in a process of its own. `request`, `result`: JSON text. `refusal`: why it failed.
create table job (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    kind text not null check (kind in ('verification', 'export', 'breakage')),
    state text not null check (state in ('waiting', 'running', 'done', 'failed')),
    asked_by text not null,
    asked_at timestamptz not null,
    request text not null default '{}',
    done bigint not null default 0,
    total bigint not null default 0,
    attempts integer not null default 0,
    started_at timestamptz,
    beat_at timestamptz,
    ended_at timestamptz,
    expires_at timestamptz,
    result text not null default '{}',
    refusal text not null default ''
);

create index job_latest on job (organization_id, kind, id);
create index job_open on job (organization_id, id) where state in ('waiting', 'running');

-- A file, piece by piece, compressed, so that any process can hand it out. Gone when it expires.
create table job_file (
    organization_id integer not null references organization,
    job_id bigint not null references job,
    number integer not null,
    piece bytea not null,
    primary key (organization_id, job_id, number)
);

alter table job_file alter column piece set storage external;

-- What is among the transfers numbered `number` * 16384 + 1 and on: written once, when no more of
-- them can come. Transfers themselves need no further index, which each of them would pay for.
create table transfer_span (
    organization_id integer not null references organization,
    number bigint not null,
    transfers integer not null check (transfers >= 0),
    effective_from timestamptz,
    effective_to timestamptz,
    recorded_from timestamptz,
    recorded_to timestamptz,
    least bigint,
    most bigint,
    currencies text[] not null,
    codes text[] not null,
    accounts text[] not null,
    primary key (organization_id, number)
);

-- When a worker last looked after an organization, and how long that took.
create table worker_beat (
    organization_id integer primary key references organization,
    at timestamptz not null,
    took_ms integer not null
) with (fillfactor = 50);

select guard_organization('job');
select guard_organization('job_file');
select guard_organization('transfer_span');
select guard_organization('worker_beat');

comment on table job is
    'none; verifications and exports that were asked for; for good';
comment on table job_file is
    'pseudonymous; exported records, for who asked to fetch; a week';
comment on table transfer_span is
    'none; what is among a stretch of the transfers; for good';
comment on table worker_beat is
    'none; when a worker last looked; while the organization is';
