-- Coupons for all members of whom a condition holds: a run gives a benefit or a coupon.

alter table grant_run
    add column kind text not null default 'benefit' check (kind in ('benefit', 'coupon')),
    add column template_id bigint references coupon_template,
    add column skipped text not null default '{}',
    add constraint grant_run_gives check ((kind = 'coupon') = (template_id is not null));

create index grant_run_of_template on grant_run (organization_id, template_id, id)
    where template_id is not null;

alter table coupon drop constraint coupon_source_check;
alter table coupon add constraint coupon_source_check check (
    source in ('batch', 'claim', 'code', 'staff', 'rule', 'gift', 'reward', 'prize', 'run')
);

comment on table grant_run is 'none; benefits or coupons for many members at once; for good';
