-- What a member holds open is asked with every order, and what was held long ago never.
create index hold_open on hold (organization_id, member_id) where state = 'open';
