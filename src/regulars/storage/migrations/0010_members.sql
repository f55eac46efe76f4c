-- Members as the staff works with them: frozen, two made one, found by name, listed by what they do.

-- `frozen_at`: nothing of what they have can be spent. `merged_into`: the member who has all of
-- theirs since `merged_at`; always the last of a chain.
alter table member
    add column frozen_at timestamptz,
    add column frozen_reason text not null default '',
    add column merged_into bigint references member,
    add column merged_at timestamptz;

-- None of these columns changes when an event is decided, so that the row stays where it is.
create index member_by_enrolment on member (organization_id, enrolled_at, id);
create index member_by_tier on member (organization_id, tier, enrolled_at, id);
create index member_merged on member (organization_id, merged_into) where merged_into is not null;
create index member_frozen on member (organization_id, id) where frozen_at is not null;
create index member_restricted on member (organization_id, id) where restricted_at is not null;
create index member_erased on member (organization_id, id) where erased_at is not null;

-- For points that came with another member: the event that had brought them there, so that a return
-- of its purchase takes these back and no others.
alter table lot add column origin_event_id bigint;

-- Names are sealed; these are keyed hashes of their words and of how the words begin. They go with
-- what they are made of. `is_named`: whether they were made.
alter table vault add column is_named boolean not null default false;
create index vault_unnamed on vault (organization_id, member_id) where not is_named;

create table name_token (
    organization_id integer not null references organization,
    token bigint not null,
    member_id bigint not null references vault (member_id) on delete cascade,
    primary key (organization_id, token, member_id)
);

create index name_token_of_member on name_token (member_id);

-- Declared attributes, one a row, for conditions that ask for a value: row-level security lets no
-- index over an expression be used. `value`: how its JSON begins.
create table member_attribute (
    organization_id integer not null references organization,
    name text not null,
    value text not null,
    member_id bigint not null references member,
    primary key (organization_id, name, value, member_id)
);

create index member_attribute_of on member_attribute (member_id);

do $$
declare
    house integer;
begin
    perform set_config('regulars.organization', '0', true);
    for house in select id from organization loop
        perform set_config('regulars.organization', house::text, true);
        insert into member_attribute (organization_id, name, value, member_id)
        select organization_id, key, left(value::text, 100), id
        from member, jsonb_each(attributes::jsonb)
        where attributes <> '{}' and erased_at is null;
    end loop;
    perform set_config('regulars.organization', '', true);
end $$;

-- The newest day (UTC) on which a member did something. Written beside the events, seconds later:
-- an index over it must not make every event dearer.
create table activity (
    member_id bigint primary key,
    organization_id integer not null references organization,
    active_on date not null
) with (fillfactor = 80);

create index activity_latest on activity (organization_id, active_on, member_id);

-- Up to which instant of their receipt events were looked at.
create table activity_progress (
    organization_id integer primary key references organization,
    through timestamptz not null
);

create index event_received on event using brin (received_at)
    with (pages_per_range = 32, autosummarize = on);

select guard_organization('name_token');
select guard_organization('member_attribute');
select guard_organization('activity');
select guard_organization('activity_progress');

comment on table name_token is
    'pseudonymous; to find a member by name, as keyed hashes; until erasure, or see inactive_members';
comment on table member_attribute is
    'pseudonymous; to list members by what is declared of them; until erasure';
comment on table activity is 'pseudonymous; when a member was last there; for good';
comment on table activity_progress is 'none; to carry on; while the organization is';
comment on column name_token.token is
    'pseudonymous; to find a member by name; until erasure, or see inactive_members';
comment on column member.frozen_reason is
    'pseudonymous; why nothing can be spent, without personal data; until it is lifted, or erasure';
