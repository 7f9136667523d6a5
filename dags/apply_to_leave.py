"""Apply to leave a scheme: draft, dossier, text; a person files it, the platform reviews it."""

from datetime import timedelta

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, Param, chain

from include.winddown.runtime.questions import AskPerson
from include.winddown.runtime.stations import DEFAULT_ARGS, EXIT_ACCEPTED, station


def text(title, description, *default, **rules):
    return Param(*default, type="string", title=title, description=description, **{"minLength": 1, **rules})


def given(title, description="YYYY-MM-DD; empty = today."):
    return Param(None, type=["null", "string"], title=title, description=description)


ID = r"^[a-z0-9][a-z0-9-]{1,39}$"
DAY = r"^\d{4}-\d{2}-\d{2}$"
CURRENCIES = ["RUB", "GBP", "EUR", "USD", "CNY", "KZT", "BYN"]
COUNTRIES = ["RU", "BY", "KZ", "CN"]
REASONS = ["cost", "strategy", "own_stock_control", "other"]
PULLS = ("pull_catalogue", "pull_stock", "pull_orders", "pull_totals", "pull_supplies", "pull_fees")
REFUSED = ["Refused: clear the stock first", "Refused: finish the orders first", "Refused: another reason"]
ANSWERS = ["Accepted", *REFUSED]
WAIT = {"retries": 20, "wait": timedelta(days=90)}
FORM = "{{ params | tojson }}"

with DAG(
    dag_id="apply_to_leave",
    schedule=None,
    catchup=False,
    max_active_runs=16,
    default_args=DEFAULT_ARGS,
    tags=["winddown", "1 open"],
    doc_md="""
### Apply to leave
Fill in the form and trigger. A snapshot is taken, what would make the platform refuse is named, and the application is
written in Russian, Chinese and English. **file**: a person files it and gives its number. **wait_for_review** waits, on
no worker, for what the platform answers within one to three working days. Accepted: **first_snapshot** begins
the clearing. Refused: **what_next** says what comes first; *Apply again* starts this DAG anew, with the next version.
""",
    params={
        "exit_id": text("Exit id", "Lower-case letters, digits and hyphens.", "demo", pattern=ID),
        "merchant": text("Merchant", "As people call it.", "Demo merchant", maxLength=200),
        "scheme": text("Scheme", "Which one is left.", "fbp", enum=["fbp", "fbo"]),
        "country": text("Country", "Of the platform, for its calendar.", "RU", enum=COUNTRIES),
        "reason": text("Reason", "Why the merchant leaves.", "cost", enum=REASONS),
        "reason_words": text("In words", "One or two sentences.", minLength=10),
        "contact_name": text("Contact", "Whom the platform may ask.", minLength=1),
        "contact_email": text("E-mail", "As name@firm.com.", minLength=6),
        "contact_phone": text("Phone", "As +7 495 123-45-67.", minLength=8),
        "return_address": text("Return address", "Where goods may go.", minLength=5),
        "deadline_on": text("Deadline", "Last day there, YYYY-MM-DD.", pattern=DAY),
        "destination": text("Own warehouse", "Where returns go.", "OWN-WH-1", pattern=r"^[\w.-]{1,64}$"),
        "currency": text("Currency", "Of every amount in this exit.", "RUB", enum=CURRENCIES),
        "marketplace_conn": text("Marketplace", "Connection to read from.", "demo_marketplace"),
        "desk_conn": text("Return desk", "Connection for return requests.", "demo_desk"),
        "dock_conn": text("Receiving dock", "Connection that tells counts.", "demo_dock"),
        "approvers": Param([], type="array", title="Approvers", description="User names; empty = all."),
        "policy": Param({}, type="object", title="Policy", description="What differs from docs/policy.md."),
    },
):
    access, drafted = station("check_access")(form=FORM), station("draft")(form=FORM)
    key = station("begin")(exit_id=drafted, as_of="", replace="False")
    judged = station("validate")(key=key)
    chain(access, drafted, key, [station(name)(key=key) for name in PULLS], judged)
    facts = station("dossier")(key=station("keep")(key=station("compare")(key=judged)))
    sent = station("text")(drafted=facts, form=FORM)
    told = {"number": given("Number", "What the platform shows."), "filed_on": given("Filed on")}
    filed = AskPerson(task_id="file", given=sent, options=["Filed", "Not filed"], params=told, **WAIT).output
    told = {"why_refused": given("Why refused", "In its words."), "decided_on": given("Decided on")}
    said = AskPerson(task_id="wait_for_review", given=filed, options=ANSWERS, params=told, **WAIT).output
    first = {"task_id": "first_snapshot", "conf": {"exit_id": "{{ params.exit_id }}"}}
    accepted = station("accept", outlets=[EXIT_ACCEPTED])(decided=said)
    chain(accepted, TriggerDagRunOperator(trigger_dag_id="take_snapshot", **first))
    after = AskPerson(task_id="what_next", given=said, options=["Apply again", "Leave it"], **WAIT)
    chain(after, TriggerDagRunOperator(task_id="apply_again", trigger_dag_id="apply_to_leave", conf=FORM))
