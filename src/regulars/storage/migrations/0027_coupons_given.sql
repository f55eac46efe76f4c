-- How many coupons of a template members have that are not revoked: counted when its total first asks
-- for it, and kept from then on. Empty: to be counted at the next need; so after a revocation, and
-- after its terms were changed.
alter table coupon_template add column given bigint check (given >= 0);
