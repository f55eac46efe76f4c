-- Members' rights over what is kept of them: consents with their proof, restriction, erasure, and
-- what retention has taken away.

-- What members said yes or no to. Only ever added to; a later word takes the place of an earlier.
-- `actor`: who recorded it. `proof`: what shows it, such as the form as it was sent, under the
-- member's own key.
create table consent (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    member_id bigint not null references member,
    purpose text not null,
    channel text not null,
    granted boolean not null,
    said_at timestamptz not null,
    recorded_at timestamptz not null,
    text_version text not null,
    how text not null,
    by_guardian boolean not null,
    actor text not null,
    proof bytea
);

create index consent_of_member on consent (member_id, id);

-- `restricted_at`: nothing personal is used any more, though it is kept. `erased_at`: nothing
-- personal is left.
alter table member
    add column restricted_at timestamptz,
    add column erased_at timestamptz;

-- What the schedule of retention has taken away, a row for each kind of record and run.
create table retention_run (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    what text not null,
    kept_for text not null,
    older_than timestamptz not null,
    run_at timestamptz not null,
    removed bigint not null check (removed >= 0)
);

create index retention_run_latest on retention_run (organization_id, what, id);

-- A referral names another member in its data; should that one be erased, it is looked for here.
create index event_referrals on event (organization_id) where type = 'referral';

select guard_organization('consent');
select guard_organization('retention_run');
