"""The FastAPI application: every route but the intake of events, which `application` mounts."""

from typing import cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import HTTPExceptionHandler

import regulars
from regulars.api import (
    approvals,
    audit,
    authorizing,
    clients,
    consents,
    enrolments,
    events,
    faces,
    health,
    held_enrolments,
    keys,
    me,
    members,
    oauth,
    operations,
    organizations,
    own_account,
    own_addresses,
    own_data,
    own_organization,
    own_sessions,
    pages,
    passkeys,
    points,
    privacy,
    privacy_registers,
    profiles,
    programs,
    refusing,
    sign_in,
    sign_in_providers,
    staff,
    staff_providers,
    staff_sign_in,
)
from regulars.api.access import roles
from regulars.api.benefits import bookings as slot_bookings
from regulars.api.benefits import desk as benefit_desk
from regulars.api.benefits import grants as benefit_grants
from regulars.api.benefits import members as member_benefits
from regulars.api.benefits import notices as own_notices
from regulars.api.benefits import offered as offered_benefits
from regulars.api.benefits import own as own_benefits
from regulars.api.benefits import own_bookings, slots
from regulars.api.benefits import partners as benefit_partners
from regulars.api.benefits import runs as grant_runs
from regulars.api.benefits import uses as benefit_uses
from regulars.api.budgets import routes as budget_routes
from regulars.api.coupons import batches as coupon_batches
from regulars.api.coupons import coupons as single_coupons
from regulars.api.coupons import own as own_coupons
from regulars.api.coupons import runs as coupon_runs
from regulars.api.coupons import templates as coupon_templates
from regulars.api.coupons import uses as coupon_uses
from regulars.api.designing import comparing, drafts, simulations, trying
from regulars.api.finance import liability as ledger_liability
from regulars.api.finance import runs as finance_runs
from regulars.api.finance import transfers as ledger_transfers
from regulars.api.imports import rejects as import_rejects
from regulars.api.imports import samples as import_samples
from regulars.api.imports import uploads as import_uploads
from regulars.api.mall import own as own_mall
from regulars.api.mall import redemptions as mall_redemptions
from regulars.api.mall import rewards as mall_rewards
from regulars.api.memberships import keeping as membership_keeping
from regulars.api.memberships import own as own_memberships
from regulars.api.memberships import selling as membership_selling
from regulars.api.orders import listing as order_listing
from regulars.api.orders import own as own_orders
from regulars.api.orders import routes as order_routes
from regulars.api.overview import routes as overview_routes
from regulars.api.overview import stream as decision_stream
from regulars.api.own_pages import cards as own_cards
from regulars.api.own_pages import history as own_history
from regulars.api.own_pages import home, program_words
from regulars.api.play import boards as play_boards
from regulars.api.play import challenges as play_challenges
from regulars.api.play import draws as play_draws
from regulars.api.play import own_draws, own_play
from regulars.api.rosters import freezing, listing, merging, searching, tags
from regulars.api.rosters import sessions as member_sessions
from regulars.api.sales import routes as sales_routes
from regulars.api.system import routes as system_routes
from regulars.domain.errors import RegularsError

PARTS = (
    health.router,
    pages.router,
    faces.router,
    events.router,
    members.router,
    points.router,
    operations.router,
    listing.router,
    searching.router,
    freezing.router,
    tags.router,
    merging.router,
    member_sessions.router,
    programs.router,
    drafts.router,
    trying.router,
    comparing.router,
    simulations.router,
    organizations.router,
    own_organization.router,
    oauth.router,
    authorizing.router,
    clients.router,
    keys.router,
    me.router,
    staff_sign_in.router,
    own_account.router,
    staff.router,
    staff_providers.router,
    approvals.router,
    audit.router,
    profiles.router,
    privacy.router,
    sign_in.router,
    sign_in_providers.router,
    enrolments.router,
    held_enrolments.router,
    passkeys.router,
    own_sessions.router,
    consents.router,
    own_data.router,
    privacy_registers.router,
    own_addresses.router,
    roles.router,
    import_samples.router,
    import_uploads.router,
    import_rejects.router,
    home.router,
    own_cards.router,
    own_history.router,
    program_words.router,
    ledger_transfers.router,
    finance_runs.router,
    ledger_liability.router,
    budget_routes.router,
    system_routes.router,
    order_routes.router,
    order_listing.router,
    own_orders.router,
    overview_routes.router,
    decision_stream.router,
    coupon_templates.router,
    coupon_batches.router,
    coupon_uses.router,
    single_coupons.router,
    own_coupons.router,
    membership_selling.router,
    membership_keeping.router,
    own_memberships.router,
    mall_rewards.router,
    mall_redemptions.router,
    own_mall.router,
    sales_routes.router,
    member_benefits.router,
    benefit_grants.router,
    benefit_uses.router,
    own_notices.router,
    own_benefits.router,
    slots.router,
    slots.days,
    offered_benefits.router,
    grant_runs.router,
    coupon_runs.router,
    benefit_partners.router,
    benefit_partners.seats_router,
    benefit_partners.partners_router,
    slot_bookings.router,
    benefit_desk.router,
    own_bookings.router,
    own_play.router,
    own_draws.router,
    play_draws.router,
    play_boards.router,
    play_challenges.router,
)


def create_app() -> FastAPI:
    """All routes. `state.served` is set when the process starts to serve."""
    app = FastAPI(
        title="Regulars",
        version=regulars.__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    for kind, handler in (
        (RegularsError, refusing.refused),
        (RequestValidationError, refusing.invalid),
        (HTTPException, refusing.unrouted),
        (Exception, refusing.unforeseen),
    ):
        app.add_exception_handler(kind, cast("HTTPExceptionHandler", handler))
    for part in PARTS:
        app.include_router(part)
    return app
