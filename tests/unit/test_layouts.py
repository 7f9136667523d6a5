import pytest
import yaml
from upath import UPath

from include.winddown.adapters.files.layouts import BUILT_IN, load_layout, read_layout
from include.winddown.adapters.match.reading import FRAMES
from include.winddown.domain.errors import FileRefused
from include.winddown.domain.frames import CATALOGUE, ORDERS, STOCK
from include.winddown.domain.own_frames import CARRIER_FRAMES, OWN_POSTINGS, OWN_RETURNS, OWN_STOCK
from tests.file_kit import CATALOGUE_ROW, read, stock_file, stock_layout, written

TOP = yaml.safe_load((BUILT_IN / "stock.yaml").read_text(encoding="utf-8"))


def refused(top, frame=STOCK):
    with pytest.raises(FileRefused) as caught:
        read_layout(top if isinstance(top, str) else yaml.safe_dump(top), "own.yaml", frame)
    assert caught.value.code == "F_MAPPING"
    assert "own.yaml" in str(caught.value)
    return str(caught.value)


def columns(**changes):
    return TOP | {"columns": TOP["columns"] | changes}


def test_every_built_in_mapping_fits_its_table():
    """What the product ships can be read."""
    names = sorted(path.stem for path in BUILT_IN.glob("*.yaml"))
    others = ["catalogue", "fees", "online-retail", "orders", "stock"]
    afterwards = {frame.name: frame for frame in (OWN_STOCK, OWN_POSTINGS, OWN_RETURNS, *CARRIER_FRAMES)}
    assert names == sorted([*others, *FRAMES, *afterwards])
    for name, frame in (FRAMES | afterwards).items():
        assert set(load_layout(name, frame).feeds) == set(frame.names)
    assert load_layout("online-retail", ORDERS).encoding == "latin-1"


@pytest.mark.parametrize(
    ("top", "message"),
    [
        (TOP | {"colums": {}}, "unknown 'colums'; did you mean 'columns'?"),
        (columns(skuu="x"), "columns: unknown 'skuu'; did you mean 'sku'?"),
        (columns(sku={"colum": "x"}), "columns.sku: unknown 'colum'; did you mean 'column'?"),
        (columns(sku={"column": "x", "constant": "y"}), "columns.sku: give exactly one of column, constant"),
        (columns(sku={"constant": 123}), "columns.sku: constant is 123; put it in quotes"),
        (columns(sku={"constant": " "}), "columns.sku: constant ' ' is no id"),
        (columns(condition={"column": "s", "values": {1: "sellable"}}), "expected keys and values"),
        (columns(counted_at={"column": "t", "zone": "Mars/Base"}), "no time zone 'Mars/Base'"),
        (columns(on_hand_qty={"number_within": "skuu"}), "number_within is 'skuu'; use one of"),
        (columns(sku={"column": "x", "money": "decimal"}), "unknown 'money'"),
        (columns(sku={"column": "x", "optional": True}), "columns.sku: unknown 'optional'"),
        ({"frame": "stock", "columns": {"sku": "sku"}}, "nothing feeds warehouse_id, offer_id, condition"),
        (TOP | {"frame": "orders"}, "frame is 'orders'; use one of 'stock'"),
        (TOP | {"file": {"encoding": "utf-7"}}, "file.encoding: encoding is 'utf-7'; use one of 'utf-8'"),
        (TOP | {"file": {"delimiter": "x"}}, "use one of ',', ';'"),
        (TOP | {"ignore": "note"}, "ignore must be a list"),
        (TOP | {"case_matters": ["quantity"]}, "case_matters: unknown 'quantity'"),
        (TOP | {"set_aside": {"column": "x"}}, "set_aside must be a list"),
        (TOP | {"set_aside": [{"column": "x", "matches": "y"}]}, "set_aside 1: reason missing"),
        (
            TOP | {"set_aside": [{"column": "x", "matches": "(", "reason": "z"}]},
            "is not a regular expression",
        ),
        (TOP | {"set_aside": [{"column": None, "matches": "(", "reason": "z"}]}, "column has no value"),
        ("[", "is not YAML"),
        ("just text", "expected keys and values, found str"),
    ],
)
def test_a_mistake_in_a_mapping_names_the_key_and_the_fix(top, message):
    """A typo is never ignored."""
    assert message in refused(top)


def test_rows_of_a_kind_are_set_aside_with_the_reason():
    """Set-aside rows are in quarantine and do not count against the limit of bad rows."""
    layout = stock_layout(set_aside=[{"column": "offer_id", "matches": "^TEST", "reason": "a test product"}])
    rows, bad = read(stock_file({"offer_id": "TEST-1", "quantity": "x"}, {}), layout=layout)
    assert (len(rows), bad) == (1, [(2, "offer_id", "R_ASIDE")])


CATALOGUE_COLUMNS = yaml.safe_load((BUILT_IN / "catalogue.yaml").read_text(encoding="utf-8"))["columns"]


def catalogue_mapping(**changes):
    return {"frame": "catalogue", "columns": CATALOGUE_COLUMNS | changes}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"barcode": {"column": "b", "optional": "yes"}}, "optional is 'yes'; write true or false"),
        ({"barcode": {"constant": "b", "optional": True}}, "columns.barcode: unknown 'optional'"),
        ({"name": {"column": "n", "optional": True}}, "columns.name: unknown 'optional'"),
    ],
)
def test_only_a_value_that_may_be_missing_comes_from_an_optional_column(change, message):
    """A mapping cannot declare away what the frame needs."""
    assert message in refused(catalogue_mapping(**change), CATALOGUE)


def test_a_file_may_lack_an_optional_column():
    """Its values are missing then, and a catalogue from before the column is still accepted."""
    with_it = written([CATALOGUE_ROW | {"category": "mugs"}, CATALOGUE_ROW | {"sku": "S2", "category": ""}])
    assert [row["category"] for row in read(with_it, table="catalogue")[0]] == ["mugs", None]
    ((row,), bad) = read(written([CATALOGUE_ROW]), table="catalogue")
    assert (row["category"], row["barcode"], bad) == (None, "4600000000001", [])


def test_a_nullable_column_that_is_not_optional_must_be_there():
    """A barcode column that vanished is a changed export, not products without barcodes."""
    row = {name: value for name, value in CATALOGUE_ROW.items() if name != "barcode"}
    with pytest.raises(FileRefused, match="column 'barcode' is missing"):
        read(written([row]), table="catalogue")


def test_a_misspelt_optional_column_is_not_taken_for_an_absent_one():
    """An unknown column is refused, and the one that was meant is named."""
    with pytest.raises(FileRefused, match=r"'catgory' is unknown \(did you mean 'category'\?\)"):
        read(written([CATALOGUE_ROW | {"catgory": "mugs"}]), table="catalogue")


def test_a_constant_fills_every_row():
    """A file of one warehouse need not name it."""
    layout = read_layout(
        yaml.safe_dump(columns(warehouse_id={"constant": "WH-9"}) | {"ignore": ["warehouse_id"]}),
        "own",
        STOCK,
    )
    assert {row["warehouse_id"] for row in read(stock_file({}, {}), layout=layout)[0]} == {"WH-9"}


def test_money_in_minor_units_is_declared():
    """A file in kopecks says so."""
    top = yaml.safe_load((BUILT_IN / "orders.yaml").read_text(encoding="utf-8"))
    top["columns"]["price_minor"] = {"column": "price", "money": "minor"}
    layout = read_layout(yaml.safe_dump(top), "own", ORDERS)
    header = b"posting_number,status,in_process_at,warehouse_id,offer_id,sku,quantity,price,currency\n"
    line = b"P-1,delivered,2026-03-01T10:00:00Z,W,A,S,1,%s,RUB\n"
    rows, bad = read(header + line % b"1999" + line % b"19.99", table="orders", layout=layout)
    assert ([row["price_minor"] for row in rows], bad) == ([1999], [(3, "price", "R_PRICE")])


def test_a_merchants_own_mapping_comes_first(tmp_path):
    """A mapping in the merchant's folder replaces the built-in one of the same name."""
    (tmp_path / "stock.yaml").write_text(yaml.safe_dump(TOP | {"ignore": ["note"]}), encoding="utf-8")
    assert load_layout("stock", STOCK, UPath(tmp_path)).ignore == ("note",)
    assert load_layout("orders", ORDERS, UPath(tmp_path)).ignore == ()


@pytest.mark.parametrize("name", ["unknown", "../stock", ""])
def test_an_unknown_mapping_names_those_that_exist(name):
    """The name of a mapping never leads out of its folder."""
    with pytest.raises(
        FileRefused, match=r"F_MAPPING: no mapping .*catalogue, fees, .*online-retail, orders, .*stock"
    ):
        load_layout(name, STOCK)


def test_a_mapping_that_is_no_text_is_refused(tmp_path):
    """A mapping in another encoding is F_MAPPING."""
    (tmp_path / "stock.yaml").write_bytes("# склад".encode("cp1251"))
    with pytest.raises(FileRefused, match=r"F_MAPPING: .*save it as UTF-8"):
        load_layout("stock", STOCK, UPath(tmp_path))


def test_a_key_that_stands_twice_is_a_mistake():
    """The second one would silently win."""
    text = yaml.safe_dump(TOP) + "ignore: [a]\nignore: [b]\n"
    with pytest.raises(FileRefused, match=r"F_MAPPING: .*the key 'ignore' stands twice"):
        read_layout(text, "stock", STOCK)
