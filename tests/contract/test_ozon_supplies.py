"""Inbound supplies of Ozon: drafts, orders and the archive, as one list."""

from typing import Any

from include.winddown.adapters.marketplaces.ozon_supplies import LISTS, read_supplies
from include.winddown.adapters.ports import Pull
from include.winddown.domain.frames import SUPPLIES
from tests.contract.sandbox_server import Sandbox, running
from tests.contract.test_ozon import rows_of
from tests.contract.test_ozon_union import peer_of
from tests.contract.tiny_server import Answer, Tiny, tiny


def supplies_from(**lists: list[dict[str, Any]]) -> tuple[list[tuple[Any, ...]], Pull, Tiny]:
    """Read supplies from lists named drafts, orders and archive; gives rows, the pull, and what was asked."""
    known = {LISTS[name].path: rows for name, rows in lists.items()}
    with tiny(
        lambda path, _body: Answer(body={"items": known.get(path, []), "last_id": 2, "has_next": False})
    ) as server:
        pull = Pull(frame=SUPPLIES, batches=())
        pull.batches = read_supplies(peer_of(server), pull)
        rows = [tuple(row.values()) for row in rows_of(pull)]
    return rows, pull, server


ORDER = {
    "id": 1,
    "supply_id": "900",
    "status": "IN_TELEPORT",
    "warehouse_id": 5,
    "can_be_cancelled": False,
    "bundle_summary": {"total_quantity": 40},
}


def test_a_draft_that_became_a_supply_comes_once():
    """Drafts and orders are one list of supplies; ids are text, unknown statuses stay."""
    draft = {"id": 2, "supply_id": "", "status": "NEW", "warehouse_id": 0, "is_deletable": True}
    rows, pull, _ = supplies_from(orders=[ORDER], drafts=[ORDER | {"status": "NEW"}, draft])
    assert rows == [
        ("900", "IN_TELEPORT", "5", 40, "no", "orders"),
        ("2", "NEW", None, 0, "yes", "drafts"),
    ]
    assert pull.notes == []


def test_a_supply_that_is_over_comes_once_as_the_archive_tells_it():
    """Moved on between two requests it stands in both lists; the archive is later, and is read last."""
    over = {
        "supply_id": "900",
        "whc_order_id": 1,
        "status": "COMPLETED",
        "warehouse_id": 5,
        "bundle_sku_summary": {"total_quantity": 38},
    }
    rows, pull, server = supplies_from(orders=[ORDER], archive=[over])
    assert rows == [("900", "COMPLETED", "5", 38, "no", "archive")]
    assert [path for path, _, _ in server.asked] == [listing.path for listing in LISTS.values()]
    assert server.asked[-1][1] == {"last_id": "", "count": "100"}
    assert (pull.notes, pull.sources[0].rows_ok) == ([], 1)


def test_an_archived_supply_of_unknown_status_is_reported():
    """It is kept as told, so that the gate blocks on it."""
    rows, pull, _ = supplies_from(archive=[{"supply_id": "900", "status": "LOST_IN_TELEPORT"}])
    assert rows == [("900", "LOST_IN_TELEPORT", None, 0, "no", "archive")]
    assert "900 (LOST_IN_TELEPORT)" in pull.notes[0]


def test_supplies_of_the_sandbox_are_read_to_their_end():
    """Open ones and drafts come, and what is over comes from the archive: by pages, with numbers as text."""
    with running("--seed", "3", "--size", "6") as world:
        planted = world.faults(supply_orders=120, supply_drafts=2)["planted_supplies"]
        before = supplies_of(world)
        assert {name for name, listed in before.items() if listed != "archive"} == set(planted)
        world.advance(5, settle=True)
        after = supplies_of(world)
        assert set(after) == set(before)
        assert sorted(after.values()) == ["archive"] * (len(after) - 2) + ["drafts"] * 2


def supplies_of(world: Sandbox) -> dict[str, str]:
    """In which list each supply stands."""
    pull = world.ozon().supplies()
    assert pull
    rows = rows_of(pull)
    assert len({row["supply_id"] for row in rows}) == len(rows)
    assert all(row["units_qty"] == 10 for row in rows if row["listed_in"] != "drafts")
    return {row["supply_id"]: row["listed_in"] for row in rows}
