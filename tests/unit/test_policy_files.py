"""A policy file: what is refused, in which line, and what to give instead."""

from pathlib import Path

import pytest

from include.winddown.adapters.files.policies import SIZE_MAX, parse_policy, read_policy
from include.winddown.domain.errors import BadPolicy
from include.winddown.domain.policy import Policy

EXAMPLE = Path(__file__).parents[2] / "docs" / "policy.example.yaml"


def refused(text):
    with pytest.raises(BadPolicy) as caught:
        parse_policy(text if isinstance(text, bytes) else text.encode(), "p.yaml")
    return str(caught.value)


def test_the_example_is_a_policy():
    """docs/policy.example.yaml is read, and what it does not name keeps its default."""
    policy = read_policy(EXAMPLE)
    assert policy.fees.commission_bp == 1_700
    assert policy.freight.of("WH-EKB", "cold").container_minor == 900_000
    assert policy.clock == Policy().clock


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rows_bad_max: 1\n\nprices:\n  discont_max_pct: 30", "p.yaml, line 4: unknown policy setting"),
        ("prices:\n  discont_max_pct: 30", "did you mean 'discount_max_pct'"),
        (
            "returns:\n  lead_time_days: 400",
            "line 2: policy setting returns.lead_time_days is 400; give a whole",
        ),
        ("prices:\n  ladder_pct:\n    - 0\n    - x", "line 2: policy setting prices.ladder_pct"),
        ("fees:\n", "line 1: policy section fees is None"),
        ("- 1", "line 1: policy is [1]; give settings by name"),
        ("text", "line 1: policy is 'text'"),
        ("demand:\n  by_category:\n    toys:\n      elasticity: .nan", "line 4: policy setting demand.by_"),
        ("fees: {commission_bp: 1e3}", "is '1e3'; give a whole number"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line(text, message):
    """So that whoever wrote the file finds the place."""
    assert message in refused(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rows_bad_max: 010", "is '010'; give a whole number"),
        ("rows_bad_max: 1:30", "is '1:30'"),
        ("rows_bad_max: 0x10", "is '0x10'"),
        ("rows_bad_max: 1_000", "is '1_000'"),
        ("rows_bad_max: " + "9" * 5_000, "give a whole number"),
        ("clock: {gamble_after_last_call: no}", "is 'no'; give true or false"),
        ("rows_bad_max: 2026-01-01", "is '2026-01-01'"),
    ],
)
def test_yaml_guesses_nothing(text, message):
    """What YAML 1.1 would turn into another value stays as it was written, and is refused."""
    assert message in refused(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no setting"),
        ("# nothing", "holds no setting"),
        ("a: [", "line 1: not YAML"),
        ("a: 1\n  b: 2", "line 2: not YAML"),
        ("a: \x00", "not YAML"),
        ("rows_bad_max: 1\nrows_bad_max: 2", "line 2: 'rows_bad_max' stands twice, first in line 1"),
        ("prices:\n  country: DE\n  country: PL", "line 3: 'prices.country' stands twice, first in line 2"),
        ("a: &x 1\nb: *x", "line 1: anchors and aliases"),
        ("fees: {<<: {commission_bp: 1}}", "unknown policy setting 'fees.<<'"),
        ("a: !!python/object:os.system 1", "line 1: the tag"),
        ("---\nrows_bad_max: 1\n---\nrows_bad_max: 2", "line 3: a second document"),
        ("? [a]\n: 1", "a name of a setting must be a word"),
        ("[" * 100_000, "nested more than 8 deep"),
        (b"\xff\xfe", "not UTF-8: byte 0xff at offset 0"),
        (b"#" * (SIZE_MAX + 1), f"more than {SIZE_MAX} bytes"),
    ],
)
def test_what_is_no_plain_policy_is_refused(text, message):
    """Nothing deep, repeated or typed is built; the place is named."""
    assert message in refused(text)


@pytest.mark.parametrize("name", ["none.yaml", ""])
def test_a_policy_file_that_cannot_be_read_is_named(tmp_path, name):
    """A missing file and a folder are named with their path."""
    with pytest.raises(BadPolicy, match="cannot be read"):
        read_policy(tmp_path / name)


def test_a_byte_order_mark_is_no_matter():
    """Editors on Windows write one."""
    assert parse_policy(b"\xef\xbb\xbfrows_bad_max: 7", "p.yaml").rows_bad_max == 7
