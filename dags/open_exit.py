"""Open an exit: who leaves which warehouses by when, through which connections."""

from airflow.sdk import DAG, Param

from include.winddown.runtime.stations import DEFAULT_ARGS, station


def text(title, description, default="", **rules):
    return Param(default, type="string", title=title, description=description, minLength=1, **rules)


ID = r"^[a-z0-9][a-z0-9-]{1,39}$"
DAY = r"^\d{4}-\d{2}-\d{2}$"
CURRENCIES = ["RUB", "GBP", "EUR", "USD", "CNY", "KZT", "BYN"]
OPENED = "Business day YYYY-MM-DD; empty = today. Give an earlier day for historic data."
APPROVERS = (
    "User names, one a line, of those who may approve its plans; empty = everybody with the role approver."
)
NAME = {"type": "string", "minLength": 1}
POLICY = "Settings that differ from the defaults; see docs/policy.md."
POLICY_FILE = "Name of a YAML file in _policies of the store, instead of settings here."
FILE_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\.ya?ml$"

with DAG(
    dag_id="open_exit",
    schedule=None,
    catchup=False,
    default_args=DEFAULT_ARGS,
    tags=["winddown", "1 open"],
    doc_md="""
### Open an exit
An exit is one merchant leaving one marketplace's warehouses by one date. Fill in the form and trigger.
Opening the same exit again with the same values changes nothing. Another deadline, policy or other approvers are
taken over and count from the next plan on; any other change is refused. Next: **take_snapshot**.
""",
    params={
        "exit_id": text("Exit id", "Lower-case letters, digits and hyphens.", "demo", pattern=ID),
        "merchant": text("Merchant", "As people call it.", "Demo merchant", maxLength=200),
        "marketplace_conn": text(
            "Marketplace", "Connection to read stock and orders from.", "demo_marketplace"
        ),
        "desk_conn": text("Return desk", "Connection where return requests are created.", "demo_desk"),
        "dock_conn": text("Receiving dock", "Connection that tells what was counted.", "demo_dock"),
        "destination": text("Own warehouse", "Where returns go.", "OWN-WH-1", pattern=r"^[\w.-]{1,64}$"),
        "currency": text("Currency", "Of every amount in this exit.", "RUB", enum=CURRENCIES),
        "opened_on": Param(None, type=["null", "string"], pattern=DAY, title="Opened on", description=OPENED),
        "deadline_on": Param(
            type="string", pattern=DAY, title="Deadline", description="Last day there, YYYY-MM-DD."
        ),
        "approvers": Param([], type="array", items=NAME, title="Approvers", description=APPROVERS),
        "policy": Param({}, type="object", title="Policy", description=POLICY),
        "policy_file": Param(
            None, type=["null", "string"], pattern=FILE_NAME, title="Policy file", description=POLICY_FILE
        ),
    },
):
    station("open_exit")(form="{{ params | tojson }}")
