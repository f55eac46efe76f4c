-- People who signed in: staff and members alike.

-- `subject_id`: the row of the staff or the member. `strong_until`: how long a second factor that
-- was shown counts. `device`: such as "Safari on iPhone", for its owner to recognise.
create table session (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    kind text not null check (kind in ('staff', 'member')),
    subject_id bigint not null,
    secret_hash bytea not null,
    device text not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null,
    strong_until timestamptz,
    ended_at timestamptz
);

create unique index session_by_secret on session (organization_id, secret_hash);
create index session_of_subject on session (organization_id, kind, subject_id, id);
create index session_over on session (organization_id, expires_at);

select guard_organization('session');
