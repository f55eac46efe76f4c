"""From redeeming to having it: only forward, and never past the end."""

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.mall.fulfilment import OVER, RedemptionState, next_states
from regulars.domain.mall.rewards import Way

STATES = st.sampled_from(RedemptionState)
WAYS = st.sampled_from(Way)


@given(way=WAYS, state=STATES, choices=st.lists(st.integers(0, 10), max_size=8))
def test_every_way_leads_forward_to_an_end(
    way: Way, state: RedemptionState, choices: list[int]
) -> None:
    seen = [state]
    for choice in choices:
        following = next_states(way, seen[-1])
        if not following:
            break
        seen.append(following[choice % len(following)])
    assert len(set(seen)) == len(seen)
    assert not any(next_states(way, one) for one in seen if one in OVER)


@given(way=WAYS)
def test_what_is_sent_is_never_picked_up_and_the_other_way_round(way: Way) -> None:
    reached = set(next_states(way, RedemptionState.PLACED))
    sent = {RedemptionState.SHIPPED, RedemptionState.DELIVERED}
    fetched = {RedemptionState.READY, RedemptionState.PICKED_UP}
    assert bool(reached & sent) == (way is Way.ADDRESS)
    assert bool(reached & fetched) == (way is Way.PICK_UP)
