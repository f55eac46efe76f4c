-- Drafts of the program with everything they ever said, and what changes would have done to what
-- really happened.

-- `base_version`: the version it was begun from. `revision`: of what it says now. `published_as`:
-- the newest version that was published from it.
create table draft (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    name text not null,
    base_version integer,
    revision integer not null check (revision > 0),
    created_at timestamptz not null,
    changed_by text not null,
    changed_at timestamptz not null,
    published_as integer
);

create index draft_newest on draft (organization_id, changed_at desc, id desc);

-- What a draft said, revision by revision. The text is as somebody typed it, and may be no program.
create table draft_revision (
    draft_id bigint not null references draft on delete cascade,
    organization_id integer not null references organization,
    revision integer not null,
    name text not null,
    document text not null,
    changed_by text not null,
    changed_at timestamptz not null,
    primary key (draft_id, revision)
);

-- A simulation, from its being asked for to its result. `runner`: chosen anew by each process that
-- works on it; what one that lost it still writes is not taken. `beat_at`: when it last said that
-- it is alive. `done` of `total` events. `result` is JSON text.
create table simulation (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    draft_id bigint references draft on delete set null,
    draft_revision integer,
    document text not null,
    against integer,
    from_at timestamptz,
    until_at timestamptz,
    months integer,
    note text not null,
    requested_by text not null,
    requested_at timestamptz not null,
    state text not null check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
    runner text not null default '',
    attempts integer not null default 0,
    started_at timestamptz,
    beat_at timestamptz,
    ended_at timestamptz,
    done bigint not null default 0,
    total bigint,
    failure text not null default '',
    result text
);

create index simulation_open on simulation (organization_id, id)
    where state in ('waiting', 'running');

select guard_organization('draft');
select guard_organization('draft_revision');
select guard_organization('simulation');

comment on table draft is 'none; programs that are being written; until somebody deletes them';
comment on table draft_revision is 'none; what a draft said before; until the draft is deleted';
comment on table simulation is
    'none; what a change of the program would have done, in sums; ninety days';
