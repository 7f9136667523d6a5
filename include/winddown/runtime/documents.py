"""The return desk of people, opened from its Airflow connection."""

from typing import TYPE_CHECKING

from airflow.sdk import Connection
from sqlalchemy import Engine

from include.winddown.adapters.desks.documents import Books, Documents
from include.winddown.adapters.desks.inbox import Inbox
from include.winddown.adapters.desks.papers import Papers
from include.winddown.adapters.stores.desk_answers import DeskAnswerStore
from include.winddown.adapters.stores.request_sheets import RequestSheets
from include.winddown.adapters.stores.snapshots import SnapshotStore
from include.winddown.domain.errors import BadConnection
from include.winddown.domain.request_sheet import ANSWER_DAYS
from include.winddown.runtime.postbox import postbox_of

if TYPE_CHECKING:
    from upath import UPath

KIND = "documents"
ANSWER_DAYS_MAX = 90
SECONDS_A_DAY = 86_400.0


def open_documents(
    conn: Connection, inbox: "UPath", store: "UPath", engine: Engine, exit_id: str
) -> Documents:
    """
    Open the desk.

    Args:
        conn: without a host nothing is mailed, and a person hands the papers over.
        inbox: the folder of its extra.
        store: where snapshots are kept; the papers go to <store>/<exit>/requests.
        engine: winddown's database.
        exit_id: whose papers.

    Raises:
        BadConnection: a setting cannot be; names it and says what to give.
    """
    days = conn.extra_dejson.get("answer_days", ANSWER_DAYS)
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= ANSWER_DAYS_MAX:
        msg = f"the connection {conn.conn_id!r} has answer_days {days!r} in its extra; give 1 to {ANSWER_DAYS_MAX}"
        raise BadConnection(msg)
    sheets = RequestSheets(engine, SnapshotStore(engine, store), days)
    return Documents(
        papers=Papers(store / exit_id / "requests"),
        inbox=Inbox(inbox),
        books=Books(sheet=sheets.of, typed=DeskAnswerStore(engine).of),
        postbox=postbox_of(conn) if conn.host else None,
        wait_s=days * SECONDS_A_DAY,
    )
