"""The figure: the bones of every pose, left and right, and the braille picture of the terminal."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remind.core.drawing import ankle
from remind.core.figure import HEIGHT_CM, Pose, braille, for_side, strokes
from remind.core.schema import SchemaError, read
from remind.settings.routines import poses

SHIPPED = poses()
BONES_CM = {"torso": 49, "neck": 22, "upper arm": 30, "forearm": 33, "thigh": 43, "shin": 41, "foot": 21}
LEAN = SHIPPED["wall-lean-single"]


def bones(pose: Pose) -> list[tuple[str, float]]:
    """Each bone of `pose` with its length."""
    found = [("torso", math.dist(pose.hip, pose.neck)), ("neck", math.dist(pose.neck, pose.head))]
    for elbow, hand in (pose.near_arm, pose.far_arm):
        found += [("upper arm", math.dist(pose.neck, elbow)), ("forearm", math.dist(elbow, hand))]
    for leg in (pose.near_leg, pose.far_leg):
        knee, heel, toe = leg
        found += [("thigh", math.dist(pose.hip, knee)), ("shin", math.dist(knee, ankle(leg)))]
        found += [("foot", math.dist(heel, toe))]
    return found


@pytest.mark.parametrize("name", SHIPPED)
def test_bones_keep_their_length_in_every_pose(name: str) -> None:
    """A person does not grow while stretching: each bone is within 8 mm of its length."""
    for bone, length in bones(SHIPPED[name]):
        assert length == pytest.approx(BONES_CM[bone], abs=0.8), bone


def test_for_the_left_leg_near_and_far_change_places() -> None:
    """The far leg is stretched, and the wall, the arms and the head stay where they are."""
    left = for_side(LEAN, "left")
    assert (left.near_leg, left.far_leg, left.worked) == (LEAN.far_leg, LEAN.near_leg, ("far_calf",))
    assert (left.head, left.near_arm, left.props) == (LEAN.head, LEAN.near_arm, LEAN.props)
    assert for_side(LEAN, "right") == for_side(LEAN, "both") == for_side(LEAN, None) == LEAN


@given(st.integers(1, 150), st.integers(1, 60))
def test_the_picture_has_the_size_that_was_asked_for(columns: int, rows: int) -> None:
    """Every line has as many cells as asked, whatever the size."""
    lines = braille(LEAN, "right", columns, rows)
    assert [sum(len(text) for text, _ in line) for line in lines] == [columns] * rows


def test_only_the_stretched_part_is_marked() -> None:
    """The calf carries its own role, below the knee and nowhere else."""
    rows = [y for y, line in enumerate(braille(LEAN, None, 40, 16)) for _, role in line if role == "worked"]
    assert min(rows) >= 16 * (HEIGHT_CM - 50) // HEIGHT_CM
    assert [role for role, _ in strokes(SHIPPED["stand"])].count("worked") == 0


@pytest.mark.parametrize("head", [[1], [1, 2, 3], [-1, 5], [5, 999], "no", [1, True]])
def test_a_point_that_is_none_is_a_fault(head: object) -> None:
    """The pose and the key are named."""
    arm, leg = [[1, 1], [2, 2]], [[1, 1], [2, 2], [3, 3]]
    body = {"neck": [1, 1], "hip": [1, 1], "near_arm": arm, "far_arm": arm, "near_leg": leg, "far_leg": leg}
    assert read({"lean": {**body, "title": "x", "head": [1, 1]}}, dict[str, Pose])
    with pytest.raises(SchemaError, match="lean"):
        read({"lean": {**body, "title": "x", "head": head}}, dict[str, Pose])
    with pytest.raises(SchemaError, match="2 points in an arm"):
        read({"lean": {**body, "title": "x", "head": [1, 1], "near_arm": leg}}, dict[str, Pose])


def test_a_pose_that_is_no_table_is_a_fault() -> None:
    """`lean = 3` is named."""
    with pytest.raises(SchemaError, match="lean: 3 is not a table"):
        read({"lean": 3}, dict[str, Pose])
