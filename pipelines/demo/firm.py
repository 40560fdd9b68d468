"""Who the demo firm is: customers, programmes, projects, roles and people, as data.

Every name is invented. Only facts belong here; what happens to a project follows from them in `effort`, `costs`,
`plans` and `billing`. Months are those of `periods`. Money that is not said otherwise is in EUR.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRM_NAME = "Brinkholt Networks GmbH"
FIRM_VAT_ID = "DE999000117"
COMPANY_ID = "BN01"
BASE = "EUR"
FOREIGN = {"USD": 1.09, "NOK": 11.55}  # what one EUR buys, about which the rates wander

COUNTRY_MARKET = {"DE": "DACH", "NL": "Benelux", "NO": "Nordics", "US": "North America"}
MARKET_CURRENCY = {"DACH": "EUR", "Benelux": "EUR", "Nordics": "NOK", "North America": "USD"}


@dataclass(frozen=True)
class Customer:
    """`lag`: days after the due date on which this customer pays, in the mean; `tax`: VAT on our invoices, percent."""

    id: str
    name: str
    country: str
    segment: str
    terms: int
    vat_id: str
    lag: int
    tax: int
    mood: float  # how content, 0..10


CUSTOMERS = (
    Customer("C-101", "Lindmark Telekom AG", "DE", "operator", 30, "DE999000201", 6, 19, 7.4),
    Customer("C-102", "Stadtnetz Oderbruck GmbH", "DE", "municipal", 30, "DE999000302", 14, 19, 7.8),
    Customer("C-103", "Poldervaart Telecom B.V.", "NL", "operator", 30, "NL999000403B01", 3, 0, 9.1),
    Customer("C-104", "Haverdijk Zorggroep", "NL", "health care", 30, "NL999000504B01", 9, 0, 8.9),
    Customer("C-105", "Skarvik Mobil AS", "NO", "operator", 45, "NO999000605MVA", 11, 0, 7.6),
    Customer("C-106", "Nordvarde Energi AS", "NO", "utility", 30, "NO999000706MVA", 5, 0, 8.3),
    Customer("C-107", "Calder Ridge Wireless Inc.", "US", "operator", 60, "US99-9000807", 17, 0, 6.6),
    Customer("C-108", "Tamarind Logistics LLC", "US", "logistics", 30, "US99-9000908", 38, 0, 7.9),
)

# id, name, customer, manager
PROGRAMMES = (
    ("PG-1", "Lindmark RAN modernisation", "C-101", "Ulrike Söhnlein"),
    ("PG-2", "Oderbruck fibre city", "C-102", "Ulrike Söhnlein"),
    ("PG-3", "Poldervaart cloud core", "C-103", "Joris van Kestel"),
    ("PG-4", "Skarvik 5G", "C-105", "Ingrid Aasvik"),
    ("PG-5", "Calder Ridge transformation", "C-107", "Dana Whitlock"),
)


@dataclass(frozen=True)
class Role:
    """`rate`: cost of an hour in the first year of the history, EUR; `heads`: people at scale 1."""

    id: str
    name: str
    rate: float
    heads: int
    cost_centre: str
    activities: tuple[str, ...]


ROLES = (
    Role("R-PM", "project manager", 79.0, 7, "CC-100", ("steering", "planning", "customer meeting", "reporting")),
    Role("R-SA", "solution architect", 84.5, 7, "CC-210", ("high-level design", "review", "customer workshop")),
    Role("R-NE", "network engineer", 58.5, 16, "CC-220", ("configuration", "integration", "testing", "cut-over")),
    Role("R-RF", "radio engineer", 61.0, 9, "CC-230", ("radio planning", "drive test", "optimisation")),
    Role("R-FT", "field technician", 43.5, 17, "CC-310", ("installation", "cabling", "site survey", "travel to site")),
    Role("R-CE", "cloud engineer", 66.0, 16, "CC-240", ("platform build", "automation", "migration", "testing")),
    Role("R-SE", "service engineer", 47.0, 8, "CC-320", ("incident handling", "monitoring", "change execution")),
)
YEARLY_STEP = 1.03  # of every cost rate, on 1 January

WBS = {
    # id, parent, name, earning rule, when in the project's life (from, peak, to), roles that never book there
    "rollout": (
        ("W1", "", "Project management", "level_of_effort", (0, 0.5, 1)),
        ("W2", "", "Survey and design", "percent_complete", (0, 0.1, 0.45)),
        ("W3", "", "Procurement and logistics", "fifty_fifty", (0.05, 0.25, 0.6)),
        ("W4", "", "Installation", "milestones", (0.2, 0.6, 0.97)),
        ("W5", "", "Integration and acceptance", "zero_hundred", (0.55, 0.9, 1.05)),
    ),
    "integration": (
        ("W1", "", "Project management", "level_of_effort", (0, 0.5, 1)),
        ("W2", "", "Architecture and design", "percent_complete", (0, 0.1, 0.5)),
        ("W3", "", "Build", "percent_complete", (0.15, 0.45, 0.85)),
        ("W3.1", "W3", "Build: automation", "fifty_fifty", (0.2, 0.4, 0.7)),
        ("W4", "", "Migration and test", "milestones", (0.4, 0.75, 1)),
        ("W5", "", "Hypercare", "zero_hundred", (0.8, 1, 1.05)),
    ),
    "service": (
        ("W1", "", "Service management", "level_of_effort", (0, 0.5, 1)),
        ("W2", "", "Transition", "fifty_fifty", (0, 0.02, 0.15)),
        ("W3", "", "Operations", "level_of_effort", (-0.6, 0.5, 1.6)),
        ("W4", "", "Changes on demand", "percent_complete", (-0.2, 0.6, 1.4)),
    ),
}
MAIN_WBS = {"rollout": "W4", "integration": "W3", "service": "W3"}
SUPPLY_WBS = {"rollout": "W3", "integration": "W3", "service": "W3"}


@dataclass(frozen=True)
class Change:
    """A change request: when it was decided, its part of the planned cost, and how it ended."""

    month: int
    share: float
    title: str
    status: str = "approved"
    days: int = 0


@dataclass(frozen=True, kw_only=True)
class Project:
    """`start`, `planned`, `true`: first month, months planned, months that it really takes. `team`: full-time people
    at the peak by role. `mix`: other costs as a part of planned labour. `labour`, `supply`: what the work really
    takes over its plan. `optimism`: how far reported progress runs ahead of the truth; `bias`: how much of the cost
    to come the project manager's forecast leaves out."""

    id: str
    name: str
    customer: str
    manager: str
    group: str
    kind: str
    method: str
    start: int
    planned: int
    true: int
    status: str
    team: dict[str, float]
    mix: dict[str, float]
    margin: float  # as sold
    programme: str = ""
    is_key: bool = False
    labour: float = 1.02
    supply: float = 1.0
    optimism: float = 0.0
    bias: float = 0.02
    changes: tuple[Change, ...] = ()
    tests: float = 0.9  # first-time acceptance
    story: str = ""
    colour: str = "green"
    retention: float = 0.0  # part of each invoice that the customer keeps to the end
    on_demand: float = 0.0  # part of the price that a second line bills by the hour, on W4

    @property
    def true_end(self) -> int:
        """The last month of work."""
        return self.start + self.true - 1

    @property
    def planned_end(self) -> int:
        return self.start + self.planned - 1


PROJECTS = (
    Project(
        id="P-1001", name="RAN swap Region North", customer="C-101", programme="PG-1", manager="Bärbel Tännchen",
        group="Networks", kind="rollout", method="cost_to_cost", start=0, planned=16, true=17, status="closed",
        team={"R-PM": 0.8, "R-SA": 0.6, "R-NE": 2.6, "R-RF": 3.0, "R-FT": 6.0},
        mix={"subcontract": 0.30, "material": 0.12, "uninstalled_material": 0.18, "equipment": 0.04, "travel": 0.06},
        margin=0.305, labour=1.05, supply=1.02, tests=0.91, retention=0.05,
        changes=(Change(6, 0.05, "Forty more sites on the coast", days=30),),
        story="Closed a month late, a shade under the margin it was sold at.",
    ),
    Project(
        id="P-1002", name="RAN swap Region South", customer="C-101", programme="PG-1", manager="Tilo Erkenfried",
        group="Networks", kind="rollout", method="cost_to_cost", start=9, planned=17, true=21, status="execute",
        team={"R-PM": 1.0, "R-SA": 0.8, "R-NE": 3.0, "R-RF": 4.0, "R-FT": 7.0},
        mix={"subcontract": 0.34, "material": 0.12, "uninstalled_material": 0.18, "equipment": 0.05, "travel": 0.07},
        margin=0.23, is_key=True, labour=1.38, supply=1.40, optimism=0.18, bias=0.16, tests=0.68, colour="red",
        changes=(
            Change(15, 0.04, "Night work in the city centre", days=20),
            Change(22, 0.06, "Claim: antenna frames outside the specification", "submitted", 45),
            Change(19, 0.03, "Longer warranty on re-made sites", "rejected"),
        ),
        story="The antenna frames came eleven weeks late and out of tolerance: a third of the sites were built twice.",
    ),
    Project(
        id="P-1003", name="Fibre build Altstadt", customer="C-102", programme="PG-2", manager="Bärbel Tännchen",
        group="Networks", kind="rollout", method="milestone", start=1, planned=13, true=14, status="closed",
        team={"R-PM": 0.6, "R-SA": 0.4, "R-NE": 3.2, "R-FT": 6.5},
        mix={"subcontract": 0.85, "material": 0.28, "equipment": 0.10, "travel": 0.02},
        margin=0.265, labour=1.03, supply=1.01, tests=0.93,
        story="Civil works by a subcontractor, a calm project; the last acceptance slipped by four weeks.",
    ),
    Project(
        id="P-1004", name="Fibre build Hafen", customer="C-102", programme="PG-2", manager="Reinhold Öchsle",
        group="Networks", kind="rollout", method="milestone", start=10, planned=14, true=17, status="execute",
        team={"R-PM": 0.6, "R-SA": 0.4, "R-NE": 3.2, "R-FT": 6.5},
        mix={"subcontract": 0.85, "material": 0.28, "equipment": 0.10, "travel": 0.02},
        margin=0.265, labour=1.08, supply=1.14, optimism=0.08, bias=0.08, tests=0.84, colour="amber",
        changes=(Change(17, 0.04, "Crossing under the harbour basin", days=35),
                 Change(23, 0.02, "Second duct along the quay", "draft", 10)),
        story="Contaminated soil in the harbour: digging costs more and takes three months longer.",
    ),
    Project(
        id="P-1005", name="Cloud core design and build", customer="C-103", programme="PG-3",
        manager="Joris van Kestel", group="Cloud", kind="integration", method="cost_to_cost", start=3, planned=23,
        true=22, status="execute",
        team={"R-PM": 1.0, "R-SA": 2.0, "R-NE": 1.6, "R-CE": 7.0},
        mix={"subcontract": 0.10, "equipment": 0.14, "travel": 0.02, "other": 0.03},
        margin=0.355, is_key=True, labour=0.93, supply=0.98, bias=-0.05, tests=0.97,
        changes=(Change(9, 0.06, "Third availability zone", days=20), Change(16, 0.05, "Policy control in the core")),
        story="The star: an automated build, re-used three times, two changes sold on top, and a month early.",
    ),
    Project(
        id="P-1006", name="Cloud core migration waves", customer="C-103", programme="PG-3", manager="Femke Oldenzaal",
        group="Cloud", kind="integration", method="time_and_material", start=7, planned=20, true=20, status="execute",
        team={"R-PM": 0.6, "R-SA": 0.7, "R-CE": 6.5, "R-SE": 0.6},
        mix={"subcontract": 0.05, "travel": 0.05}, margin=0.335, labour=1.06, tests=0.94,
        changes=(Change(23, 0.08, "Raise the cap for wave six", "submitted"),),
        story="Paid by the hour; what is worked is paid, until the cap that is coming into sight.",
    ),
    Project(
        id="P-1007", name="Cloud core managed run", customer="C-103", programme="PG-3", manager="Femke Oldenzaal",
        group="Managed Services", kind="service", method="straight_line", start=17, planned=24, true=24, status="care",
        team={"R-PM": 0.3, "R-CE": 1.6, "R-SE": 6.0},
        mix={"subcontract": 0.08, "equipment": 0.05, "other": 0.03}, margin=0.305, labour=1.04, tests=0.95,
        story="Runs what P-1005 built; the first half year carries the transition.",
    ),
    Project(
        id="P-1008", name="5G rollout Vestland", customer="C-105", programme="PG-4", manager="Ingrid Aasvik",
        group="Networks", kind="rollout", method="milestone", start=0, planned=18, true=19, status="care",
        team={"R-PM": 0.8, "R-SA": 0.5, "R-NE": 2.2, "R-RF": 3.2, "R-FT": 4.4},
        mix={"subcontract": 0.40, "material": 0.10, "uninstalled_material": 0.12, "equipment": 0.05, "travel": 0.11},
        margin=0.325, labour=1.03, supply=1.02, tests=0.92, retention=0.05,
        changes=(Change(8, 0.05, "Twelve sites on the outer islands", days=28),),
        story="Delivered, in care; the customer keeps his retention until the care ends.",
    ),
    Project(
        id="P-1009", name="5G rollout Nordland", customer="C-105", programme="PG-4", manager="Sigve Tjeldberg",
        group="Networks", kind="rollout", method="cost_to_cost", start=8, planned=18, true=20, status="execute",
        team={"R-PM": 0.9, "R-SA": 0.6, "R-NE": 2.6, "R-RF": 3.6, "R-FT": 4.6},
        mix={"subcontract": 0.42, "material": 0.10, "uninstalled_material": 0.14, "equipment": 0.06, "travel": 0.15},
        margin=0.315, is_key=True, labour=1.12, supply=1.08, optimism=0.06, bias=0.07, tests=0.86, colour="amber",
        changes=(Change(14, 0.05, "Helicopter access to nine masts", days=25),),
        story="Snow closed the mountain sites for nine weeks; the customer claims a penalty for the delay.",
    ),
    Project(
        id="P-1010", name="5G transport backbone", customer="C-105", programme="PG-4", manager="Sigve Tjeldberg",
        group="Networks", kind="rollout", method="cost_to_cost", start=15, planned=15, true=15, status="execute",
        team={"R-PM": 0.6, "R-SA": 0.7, "R-NE": 6.6},
        mix={"subcontract": 0.16, "material": 0.08, "equipment": 0.22, "travel": 0.06},
        margin=0.335, labour=0.99, tests=0.95, story="On plan in every respect.",
    ),
    Project(
        id="P-1011", name="Packet core transformation", customer="C-107", programme="PG-5", manager="Marvin Tolliver",
        group="Digital Integration", kind="integration", method="cost_to_cost", start=2, planned=16, true=20,
        status="closed", team={"R-PM": 0.8, "R-SA": 1.6, "R-NE": 4.0, "R-CE": 4.0},
        mix={"subcontract": 0.22, "equipment": 0.10, "travel": 0.08},
        margin=0.225, labour=1.40, supply=1.26, optimism=0.20, bias=0.18, tests=0.71, colour="red",
        changes=(Change(11, 0.04, "Interworking with the old billing", days=30),
                 Change(13, 0.05, "Extra regression cycles", "rejected")),
        story="Closed with a loss: the second cut-over failed and the regression was done again, unpaid.",
    ),
    Project(
        id="P-1012", name="OSS consolidation", customer="C-107", programme="PG-5", manager="Dana Whitlock",
        group="Digital Integration", kind="integration", method="time_and_material", start=4, planned=22, true=22,
        status="execute", team={"R-PM": 0.5, "R-SA": 0.7, "R-CE": 4.2},
        mix={"subcontract": 0.06, "travel": 0.06}, margin=0.355, labour=1.01, tests=0.93,
        story="Steady work on call; the customer's ticket key OSS-CON stands in some time sheets.",
    ),
    Project(
        id="P-1013", name="Network operations service", customer="C-107", programme="PG-5", manager="Dana Whitlock",
        group="Managed Services", kind="service", method="straight_line", start=0, planned=36, true=36,
        status="execute", team={"R-PM": 0.3, "R-NE": 1.6, "R-SE": 6.0},
        mix={"subcontract": 0.10, "equipment": 0.04, "other": 0.03}, margin=0.315, labour=1.05, tests=0.94,
        on_demand=0.3, story="Three years of round-the-clock operations; credits when availability misses.",
    ),
    Project(
        id="P-1014", name="Hospital campus LAN and Wi-Fi", customer="C-104", manager="Joris van Kestel",
        group="Networks", kind="rollout", method="milestone", start=4, planned=10, true=10, status="closed",
        team={"R-PM": 0.5, "R-SA": 0.3, "R-NE": 3.2, "R-FT": 2.4},
        mix={"subcontract": 0.18, "material": 0.36, "equipment": 0.12, "travel": 0.04},
        margin=0.345, labour=0.97, supply=0.99, tests=0.96, story="Small, on time, paid, recommended.",
    ),
    Project(
        id="P-1015", name="Grid control network service", customer="C-106", manager="Ingrid Aasvik",
        group="Managed Services", kind="service", method="straight_line", start=2, planned=24, true=24,
        status="execute", team={"R-PM": 0.2, "R-NE": 1.0, "R-SE": 2.6},
        mix={"subcontract": 0.12, "equipment": 0.05, "travel": 0.05}, margin=0.325, labour=1.0, tests=0.96,
        story="Billed a quarter ahead: more billed than earned, in every month.",
    ),
    Project(
        id="P-1016", name="Warehouse edge cloud", customer="C-108", manager="Marvin Tolliver", group="Cloud",
        kind="integration", method="time_and_material", start=11, planned=9, true=10, status="closed",
        team={"R-PM": 0.3, "R-SA": 0.4, "R-CE": 2.2}, mix={"equipment": 0.08, "travel": 0.06},
        margin=0.345, labour=1.02, tests=0.92, story="Done, and the customer takes his time to pay.",
    ),
    Project(
        id="P-1017", name='Depot Wi-Fi <script>alert(1)</script> {@html} & "quotes"', customer="C-108",
        manager="Marvin Tolliver", group="Digital Integration", kind="integration", method="time_and_material",
        start=20, planned=6, true=6, status="execute", team={"R-PM": 0.15, "R-CE": 0.7}, mix={"travel": 0.05},
        margin=0.335, labour=1.0, tests=0.95, story="Tiny; its name tests every page that shows it.",
    ),
    Project(
        id="P-1018", name="Grid radio renewal", customer="C-106", manager="Sigve Tjeldberg", group="Networks",
        kind="rollout", method="milestone", start=25, planned=11, true=11, status="planned",
        team={"R-PM": 0.4, "R-SA": 0.4, "R-RF": 2.6, "R-FT": 2.4},
        mix={"subcontract": 0.25, "material": 0.2, "travel": 0.08}, margin=0.315, labour=1.0,
        story="Signed, starts in two months; the hand-over from sales is open.",
    ),
)  # fmt: skip
BY_ID = {project.id: project for project in PROJECTS}
CUSTOMER = {customer.id: customer for customer in CUSTOMERS}
ROLE = {role.id: role for role in ROLES}


def market_of(project: Project) -> str:
    return COUNTRY_MARKET[CUSTOMER[project.customer].country]


def currency_of(project: Project) -> str:
    """The contract currency."""
    return MARKET_CURRENCY[market_of(project)]


# id, name, categories, lateness in days
SUPPLIERS = (
    ("S-01", "Grabenfels Tiefbau", "DACH", ("subcontract",), 9),
    ("S-02", "Mastwerk Antennenträger", "DACH", ("material", "uninstalled_material"), 77),
    ("S-03", "Kupferlicht Handel", "DACH", ("material", "uninstalled_material", "equipment", "other"), 2),
    ("S-04", "Veenkabel Installaties", "Benelux", ("subcontract", "material"), 3),
    ("S-05", "Rekenhal Systemen", "Benelux", ("equipment", "other"), 5),
    ("S-06", "Fjellbygg Entreprenør", "Nordics", ("subcontract",), 12),
    ("S-07", "Lysverk Utstyr", "Nordics", ("material", "uninstalled_material", "equipment", "other"), 6),
    ("S-08", "Prairie Tower Crews", "North America", ("subcontract",), 8),
    ("S-09", "Bluestem Hardware", "North America", ("material", "equipment", "other", "uninstalled_material"), 4),
)

GIVEN = {
    "DACH": (
        "Anke", "Bernd", "Birgit", "Detlef", "Frauke", "Götz", "Heike", "Jörg", "Jürgen", "Käthe", "Lutz",
        "Maike", "Nico", "Rüdiger", "Silke", "Sören", "Tanja", "Uwe", "Veit", "Wiebke",
    ),
    "Benelux": (
        "Anouk", "Bram", "Daan", "Eefje", "Guus", "Hidde", "Jelle", "Lotte", "Maud", "Niels", "Roos", "Sanne",
        "Teun", "Wouter",
    ),
    "Nordics": (
        "Astrid", "Bjørn", "Eirik", "Gro", "Halvor", "Kari", "Leif", "Marit", "Odd", "Ragnhild", "Solveig",
        "Torstein",
    ),
    "North America": (
        "Alicia", "Brent", "Carla", "Deshawn", "Elena", "Garrett", "Holly", "Jerome", "Kayla", "Luis", "Monica",
        "Trevor",
    ),
}  # fmt: skip
FAMILY = {
    "DACH": (
        "Achterfeld", "Brückmoser", "Dünnhagen", "Eschtrutz", "Fürlinger", "Grothwald", "Hülsbrink",
        "Jäckelmann", "Kröppelin", "Löwenhaupt", "Müggenburg", "Nüßlein", "Prötzig", "Rübsaat", "Schönwasser",
        "Tüffers", "Übelacker", "Wörpel",
    ),
    "Benelux": (
        "Aardewerk", "Bloemsma", "Dijkveen", "Graafland", "Hoogmeer", "Kruiswater", "Lindhorst", "Meerdink",
        "Oostveld", "Ravenswa",
    ),
    "Nordics": (
        "Bjerkhaug", "Dalevåg", "Espevik", "Furunes", "Granmo", "Hauglien", "Kvamsøy", "Lyngtveit", "Myrdalen",
        "Rognskog",
    ),
    "North America": (
        "Ashcombe", "Bellweather", "Corrigal", "Dunmeade", "Eastlake", "Farrowgate", "Hollins", "Kestrow",
        "Lindell", "Mayhurst",
    ),
}  # fmt: skip
MARKET_SHARE = (("DACH", 0.42), ("Benelux", 0.2), ("Nordics", 0.2), ("North America", 0.18))
