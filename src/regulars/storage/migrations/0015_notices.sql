-- What members are told in the app, and which occasions of the calendar were looked at.

-- `params`: JSON, without personal data; the page has the words by `kind`. `request_key`: told only
-- once under it; empty: as often as it happens.
create table notice (
    id bigint primary key generated always as identity,
    organization_id integer not null references organization,
    member_id bigint not null references member,
    kind text not null,
    params text not null,
    event_id bigint,
    request_key text not null default '',
    at timestamptz not null,
    read_at timestamptz
);

create index notice_of_member on notice (organization_id, member_id, id);
create index notice_unread on notice (organization_id, member_id) where read_at is null;
create index notice_at on notice (organization_id, at);
create unique index notice_once on notice (organization_id, member_id, request_key)
    where request_key <> '';

-- One row for each occasion and day of the program's calendar that was looked at to its end.
create table occasion_run (
    organization_id integer not null references organization,
    occasion text not null,
    day date not null,
    sent integer not null,
    done_at timestamptz not null,
    primary key (organization_id, occasion, day)
);

comment on table notice is 'pseudonymous; what members were told in the app; as messages';
comment on table occasion_run is 'none; which occasions of the calendar were looked at; for good';

select guard_organization('notice');
select guard_organization('occasion_run');
