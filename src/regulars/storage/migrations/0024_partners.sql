-- At which partner a benefit was used: whoever changes to another partner no longer sees what was
-- used at the first.

alter table benefit_use add column partner text not null default '';

update benefit_use
set partner = partner_seat.partner
from partner_seat
where benefit_use.how = 'partner' and partner_seat.organization_id = benefit_use.organization_id
    and partner_seat.actor = benefit_use.used_by;

create index benefit_use_at_partner on benefit_use (organization_id, partner, id)
    where partner <> '';
