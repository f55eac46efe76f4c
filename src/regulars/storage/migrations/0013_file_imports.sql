-- Files that staff bring in over HTTP: what became of each, and the records that were rejected.

-- `file`: its name in the folder of imports; `name`: as whoever sent it called it. `mapping`: JSON
-- text, empty for files of events. `columns`: a JSON array. The counts are of records below
-- `records_done`, so that they are the same whatever is killed. `leased_by` works at it until
-- `leased_until`. `permille`: how much of the file has been read.
create table file_import (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    state text not null check (
        state in ('uploaded', 'waiting', 'running', 'paused', 'done', 'failed', 'cancelled')
    ),
    name text not null,
    file text not null,
    format text not null check (format in ('csv', 'ndjson', 'parquet')),
    size_bytes bigint not null,
    columns text not null,
    mapping text not null default '',
    corrects bigint references file_import on delete set null,
    made_by text not null,
    started_by text not null default '',
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    updated_at timestamptz not null,
    records_done bigint not null default 0,
    decided bigint not null default 0,
    repeated bigint not null default 0,
    waiting bigint not null default 0,
    rejected bigint not null default 0,
    corrected bigint not null default 0,
    permille integer not null default 0,
    failure text not null default '',
    failure_line bigint,
    leased_by text,
    leased_until timestamptz,
    is_file_there boolean not null default true
);

create index file_import_at_work on file_import (organization_id, id)
    where state in ('waiting', 'running');
create index file_import_newest on file_import (organization_id, id desc);
create index file_import_with_file on file_import (organization_id, id) where is_file_there;

-- `row` is the first row of the record as a spreadsheet counts. `sealed`: what the file says, and
-- why it was rejected, for both may name somebody.
create table rejected_record (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    import_id bigint not null references file_import on delete cascade,
    row bigint not null,
    code text not null,
    key_version integer not null,
    sealed bytea not null,
    created_at timestamptz not null
);

create index rejected_record_of_import on rejected_record (organization_id, import_id, row, id);
create index rejected_record_over on rejected_record (organization_id, created_at);

comment on table file_import is
    'none; what became of files that were imported; for good, or where none was begun see rejected_imports';
comment on table rejected_record is
    'personal; to correct what was rejected, sealed; until corrected, or see rejected_imports';
comment on column rejected_record.sealed is
    'personal; what the file says of the record; until corrected, or see rejected_imports';

select guard_organization('file_import');
select guard_organization('rejected_record');
