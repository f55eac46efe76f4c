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

-- The register of processing is read from these comments: what a table or column holds of people,
-- for what, and how long. A table is "none" where it holds nothing of anybody.
do $$
declare
    said text[];
begin
    foreach said slice 1 in array array[
        ['organization', 'none; the companies of the deployment; while they are'],
        ['program_version', 'none; the program as it was published; for good'],
        ['member', 'pseudonymous; to decide what a member has earned; for good, without attributes once erased'],
        ['identity', 'pseudonymous; to find a member by the ids of other systems; until erasure'],
        ['event', 'pseudonymous; what a member did, and what was decided; for good, without free texts once erased'],
        ['waiting_return', 'pseudonymous; returns whose purchase has not come; until it comes'],
        ['returned', 'none; how much of a purchase came back; for good'],
        ['transfer', 'pseudonymous; the books; for good'],
        ['account', 'pseudonymous; the books; for good'],
        ['lot', 'pseudonymous; the books; for good'],
        ['lot_use', 'pseudonymous; the books; for good'],
        ['hold', 'pseudonymous; points that are reserved; for good'],
        ['rule_budget', 'none; what rules have given; for good'],
        ['tier_change', 'pseudonymous; which tier was held when; for good'],
        ['api_key', 'none; what programs call with; for good, as hashes'],
        ['import_progress', 'none; to carry on an import; see rejected_imports'],
        ['organization_key', 'none; keys, sealed; until they are rotated'],
        ['vault', 'personal; what a member told about themselves, sealed; until erasure, or see inactive_members'],
        ['audit', 'pseudonymous; who did what, and who used personal data for what; see audit'],
        ['audit_seal', 'none; to show that nothing of the trail was changed; see audit'],
        ['revocation', 'none; what may no longer be believed; a day'],
        ['session', 'pseudonymous; who is signed in; see sessions'],
        ['identity_provider', 'none; by whom staff may sign in; while it is set up'],
        ['staff', 'personal; who works here and may do what, sealed; while they are known here'],
        ['staff_token', 'pseudonymous; invitations and ways to a new password, as hashes; see sign_in_codes'],
        ['recovery_code', 'pseudonymous; for who lost their second factor, as hashes; until used'],
        ['failed_try', 'pseudonymous; to slow down guessing, as keyed hashes; see sign_in_codes'],
        ['staff_login', 'none; sign-ins under way; see sign_in_codes'],
        ['approval', 'pseudonymous; what a second person decided; see approvals'],
        ['client', 'none; applications; for good'],
        ['client_grant', 'pseudonymous; what a person allowed an application; until erasure'],
        ['authorization_code', 'pseudonymous; for applications to get tokens, as hashes; see sign_in_codes'],
        ['refresh_token', 'pseudonymous; for applications to go on, as hashes; see sessions'],
        ['signing_key', 'none; keys that sign tokens, sealed; until they are rotated'],
        ['sign_in_code', 'pseudonymous; to prove a phone or e-mail address, as keyed hashes; see sign_in_codes'],
        ['outbox', 'personal; letters that wait to be sent, sealed; until sent, or see messages'],
        ['enrolment', 'personal; who wants to become a member, sealed; see held_enrolments'],
        ['passkey', 'pseudonymous; what a member signs in with; until erasure'],
        ['login_state', 'pseudonymous; sign-ins under way; see sign_in_codes'],
        ['member_identity_provider', 'none; by whom members may sign in; while it is set up'],
        ['consent', 'pseudonymous; what a member said yes and no to; for good'],
        ['retention_run', 'none; what retention has taken away; for good'],
        ['migration', 'none; which migrations were applied; for good']
    ] loop
        if to_regclass(said[1]) is not null then
            execute format('comment on table %I is %L', said[1], said[2]);
        end if;
    end loop;
    foreach said slice 1 in array array[
        ['member', 'attributes', 'pseudonymous; coarse facts that rules look at; until erasure, where no rule has read them'],
        ['identity', 'external_id', 'pseudonymous; ids of other systems, and keyed hashes of phone and e-mail; until erasure'],
        ['event', 'payload', 'pseudonymous; what the sender told of the event; free texts until erasure'],
        ['vault', 'sealed', 'personal; see the fields of a profile; until erasure, or see inactive_members'],
        ['vault', 'wrapped_key', 'none; the key of all that is sealed for the member; until erasure'],
        ['session', 'device', 'personal; for its owner to recognise; see sessions'],
        ['staff', 'sealed', 'personal; e-mail address and name; while they are known here'],
        ['staff', 'email_hash', 'pseudonymous; to sign in; while they are known here'],
        ['staff', 'password_hash', 'pseudonymous; to sign in; until it is changed'],
        ['staff', 'sealed_totp', 'personal; the second factor; until it is removed'],
        ['outbox', 'sealed', 'personal; address and text of a letter; until sent, or see messages'],
        ['enrolment', 'sealed', 'personal; address, profile and consents of an applicant; until decided'],
        ['enrolment', 'phone_hash', 'pseudonymous; to see many enrolments from one place; see held_enrolments'],
        ['enrolment', 'email_hash', 'pseudonymous; to see many enrolments from one place; see held_enrolments'],
        ['enrolment', 'device_hash', 'pseudonymous; to see many enrolments from one place; see held_enrolments'],
        ['enrolment', 'ip_hash', 'pseudonymous; to see many enrolments from one place; see held_enrolments'],
        ['passkey', 'public_key', 'pseudonymous; to sign in; until erasure'],
        ['passkey', 'name', 'personal; for its owner to recognise; until erasure'],
        ['consent', 'proof', 'personal; what shows the consent, sealed; until erasure']
    ] loop
        if exists (
            select from pg_attribute
            where attrelid = to_regclass(said[1]) and attname = said[2] and not attisdropped
        ) then
            execute format('comment on column %I.%I is %L', said[1], said[2], said[3]);
        end if;
    end loop;
end $$;
