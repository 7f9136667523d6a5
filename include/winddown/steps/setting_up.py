"""Set delivery from the own warehouse up: a person does it, the marketplace shows it, own stock follows."""

from collections.abc import Mapping
from typing import Any

from include.winddown.adapters.stores.hand_overs import HandOverStore, Step
from include.winddown.domain import exit_course as course
from include.winddown.domain.cabinet import SET_UP, differences, list_set_up, place_of
from include.winddown.domain.delivery import UNDECIDED
from include.winddown.domain.errors import BadAnswer, NothingToDo, StillOpen
from include.winddown.domain.hand_over import word_set_up
from include.winddown.domain.publish import Item, digest_of
from include.winddown.runtime import doors
from include.winddown.runtime.shelf_desks import shelf_desk
from include.winddown.runtime.stations import started_by, tell
from include.winddown.steps import publishing
from include.winddown.steps.exit_end import last_step, left_of
from include.winddown.steps.gather import exit_and_snapshot, exit_of

Ready = dict[str, str]
"""exit_id and the digest of what is set up: what travels between these tasks."""


def prepare(exit_id: str) -> Ready:
    """
    Put together what a person sets up and what is told as own stock; what was confirmed already stays.

    Raises:
        StillOpen: the policy does not say who delivers.
    """
    merchant_exit, snapshot = exit_and_snapshot(exit_id)
    delivery = merchant_exit.policy.delivery
    if delivery.by == UNDECIDED:
        msg = (
            f"exit {exit_id} has no delivery: run open_exit again with delivery in its policy (docs/policy.md), then"
            " hand_over by hand"
        )
        raise StillOpen(msg)
    done = last_step(exit_id, "set_up")
    if done:
        return {"exit_id": exit_id, "digest": str(done.facts["digest"])}
    items, strays = publishing.items_to_tell(exit_id, snapshot)
    settings = merchant_exit.policy.settings()["delivery"]
    digest = digest_of(settings, items)  # type: ignore[arg-type]  # a section is settings by name
    rows = [{"sku": one.sku, "offer_id": one.offer_id, "qty": one.qty} for one in items]
    facts = {"digest": digest, "delivery": settings, "items": rows, "strays": strays}
    _store().add(exit_id, Step(kind="prepared", by_user=started_by() or course.PRODUCT, facts=facts))
    return {"exit_id": exit_id, "digest": digest}


def ask_set_up(ready: Ready) -> dict[str, Any]:
    """Show what to do in the cabinet, in its order; or say that it is done."""
    exit_id = ready["exit_id"]
    if last_step(exit_id, "set_up"):
        return {"answered": ready}
    merchant_exit, facts = exit_of(exit_id), _prepared(ready)
    with shelf_desk(merchant_exit) as desk:
        is_read = desk is not None
    checklist = list_set_up(merchant_exit.policy.delivery, merchant_exit.currency)
    return {
        "subject": f"[{exit_id} {ready['digest'][:12]}] Set up delivery from the own warehouse",
        "body": word_set_up(
            checklist, [row["qty"] for row in facts["items"]], facts["strays"], is_read=is_read
        ),
    }


def hear_set_up(
    ready: Ready,
    choice: str,
    fields: Mapping[str, Any],  # noqa: ARG001  the question has no form
    by_user: str,
) -> Ready:
    """
    Take down that delivery is set up, once the marketplace shows it.

    Raises:
        BadAnswer: it shows something else; says what. It is asked again.
        NothingToDo: it is not set up.
    """
    exit_id = ready["exit_id"]
    if choice != SET_UP:
        msg = f"{by_user or 'nobody'} has not set delivery up; start hand_over by hand when it is"
        raise NothingToDo(msg)
    if not by_user:
        msg = "Airflow names nobody who answered; delivery is set up by a named person"
        raise BadAnswer(msg)
    delivery = exit_of(exit_id).policy.delivery
    warehouse_id = None
    with shelf_desk(exit_of(exit_id)) as desk:
        if desk is not None:
            places = desk.places()
            found = differences(delivery, places, desk.ways())
            if found:
                msg = f"the marketplace shows it otherwise: {'; '.join(found)}. Correct it there, then answer again"
                raise BadAnswer(msg)
            place = place_of(delivery, places)
            warehouse_id = place.warehouse_id if place else None
    facts = {"digest": ready["digest"], "warehouse_id": warehouse_id, "is_verified": warehouse_id is not None}
    _store().add(exit_id, Step(kind="set_up", by_user=by_user, facts=facts))
    return ready


def publish_stock(ready: Ready) -> str:
    """Tell the pieces that came home as own stock, each once, and read them back."""
    exit_id, facts = ready["exit_id"], _prepared(ready)
    done = last_step(exit_id, "set_up")
    items = [Item(**row) for row in facts["items"]]
    with shelf_desk(exit_of(exit_id)) as desk:
        if desk is None or done is None or done.facts["warehouse_id"] is None:
            became = dict.fromkeys((one.sku for one in items), "by_hand")
        elif items:
            warehouse_id = str(done.facts["warehouse_id"])
            became = publishing.publish(exit_id, ready["digest"], items, warehouse_id, desk)
        else:
            became = {}
    became |= dict.fromkeys(facts["strays"], "no article in the catalogue")
    _store().add(exit_id, Step(kind="own_stock", by_user=course.PRODUCT, facts={"became": became}))
    tell(f"own stock: {len(became)} products, not told: {left_of(became) or 'none'}")
    return exit_id


def _store() -> HandOverStore:
    return HandOverStore(doors.database())


def _prepared(ready: Ready) -> Mapping[str, Any]:
    found = last_step(ready["exit_id"], "prepared")
    if found is None or found.facts["digest"] != ready["digest"]:
        msg = f"what is set up for {ready['exit_id']} has changed since; start hand_over by hand"
        raise StillOpen(msg)
    return found.facts
