"""Load: tasks go to whoever has the least to do, and sharing them out evens the loads."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from motcua.engine.load import Candidate, share_out, suggest

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 50),
        name=st.sampled_from(["An", "Bình", "Cúc"]),
        open_count=st.integers(0, 9),
    ),
    unique_by=lambda one: one.id,
    max_size=5,
)


def test_nobody_qualified_means_no_suggestion() -> None:
    assert suggest([]) is None
    assert share_out(3, []) == ()


def test_the_reason_says_how_many_tasks_and_among_how_many_people() -> None:
    found = suggest(
        [Candidate(id=1, name="An", open_count=4), Candidate(id=2, name="Bình", open_count=2)]
    )

    assert found is not None
    assert found.because.vi.startswith("Bình đang giữ 2 việc, ít nhất trong 2 người")


def test_the_only_one_with_the_role_is_said_to_be_the_only_one() -> None:
    found = suggest([Candidate(id=1, name="An", open_count=1)])

    assert found is not None
    assert found.because.vi == "An đang giữ 1 việc, là người duy nhất có mặt và đúng vai trò."
    assert found.because.en == "An holds 1 open task, the only one who is there and has the role."


@given(CANDIDATES)
def test_the_one_suggested_has_no_more_than_anybody_else(candidates: list[Candidate]) -> None:
    found = suggest(candidates)

    if found is not None:
        assert all(found.candidate.open_count <= one.open_count for one in candidates)


@given(CANDIDATES, st.integers(0, 20))
def test_sharing_out_gives_away_everything_and_evens_the_loads(
    candidates: list[Candidate], count: int
) -> None:
    given_to = Counter(share_out(count, candidates))

    assert sum(given_to.values()) == (count if candidates else 0)
    after = {one.id: one.open_count + given_to[one.id] for one in candidates}
    for receiver in given_to:
        assert after[receiver] <= min(after.values()) + 1
