"""Where the demo plays: a county under the unused province code 99, its townships, villages, parks and bodies."""

from collections.abc import Iterator
from dataclasses import dataclass

from heli_cli.demo.calendar import Calendar
from heli_cli.demo.record import Record, created

PROVINCE = "990000000000"
CITY = "990100000000"
COUNTY = "990121000000"
COMMISSION = "unt-county-commission"
FEDERATION = "unt-association-federation"
TRADERS = "unt-association-traders"


@dataclass(frozen=True, slots=True)
class Town:
    """A township: its share of the county's enterprises and how eagerly it sets up organisations (0 to 1)."""

    digits: str
    name: str
    share: int
    zeal: float
    villages: tuple[str, ...]

    @property
    def code(self) -> str:
        """Return the 12-digit code."""
        return f"990121{self.digits}000"

    @property
    def unit(self) -> str:
        """Return the id of the township's unit."""
        return f"unt-town-{self.digits}"

    def village_code(self, place: int) -> str:
        """Return the 12-digit code of one of its villages or communities."""
        return f"990121{self.digits}{'0' if self.villages[place].endswith('社区') else '2'}{place + 1:02d}"


TOWNS = (
    Town("001", "城关街道", 20, 0.92, ("东门社区", "西门社区", "南关社区", "北关社区")),
    Town("002", "新城街道", 15, 0.85, ("迎宾社区", "学府社区", "湖滨社区", "站前社区")),
    Town("100", "青石镇", 12, 0.80, ("青石社区", "石桥村", "上湾村", "下湾村")),
    Town("101", "白马镇", 9, 0.74, ("白马社区", "马蹄村", "双塘村", "杨家村")),
    Town("102", "清河镇", 8, 0.95, ("清河社区", "河口村", "渡头村", "沙洲村")),
    Town("103", "枫林镇", 7, 0.62, ("枫林社区", "红叶村", "松岗村", "竹园村")),
    Town("104", "大桥镇", 7, 0.70, ("大桥社区", "桥东村", "桥西村", "新塘村")),
    Town("105", "永丰镇", 6, 0.55, ("永丰社区", "丰收村", "稻香村", "横山村")),
    Town("106", "双井镇", 5, 0.48, ("双井社区", "古井村", "新井村", "柳树村")),
    Town("107", "云台镇", 5, 0.66, ("云台社区", "台上村", "台下村", "茶山村")),
    Town("200", "石门乡", 3, 0.35, ("石门村", "岩前村", "岩后村", "溪头村")),
    Town("201", "梅岭乡", 3, 0.42, ("梅岭村", "梅花村", "岭下村", "竹溪村")),
    Town("202", "云雾乡", 2, 0.40, ("云雾村", "雾里村", "半山村", "泉水村")),
    Town("203", "东坪乡", 2, 0.58, ("东坪村", "坪头村", "坪尾村", "花桥村")),
)


@dataclass(frozen=True, slots=True)
class Zone:
    """A park, building, market, district or project, in the division that holds it."""

    id: str
    name: str
    kind: str
    division: str
    planned_months: int | None = None
    full_members: int | None = None


PARKS = (
    Zone("zon-park-east", "合力经济开发区", "park", TOWNS[2].code),
    Zone("zon-park-north", "清河科技创业园", "park", TOWNS[4].code),
)
ZONES = (
    *PARKS,
    Zone("zon-building-1", "合力商务大厦", "building", TOWNS[0].code),
    Zone("zon-building-2", "新城金融广场", "building", TOWNS[1].code),
    Zone("zon-market-1", "合力建材市场", "market", TOWNS[1].code),
    Zone("zon-district-1", "东门步行街商圈", "business_district", TOWNS[0].code),
    Zone("zon-project-1", "环城快速路工程", "project", TOWNS[6].code, planned_months=18, full_members=7),
    Zone("zon-project-2", "清河水厂改建工程", "project", TOWNS[4].code, planned_months=5, full_members=4),
    Zone("zon-project-3", "人民医院新院区工程", "project", TOWNS[1].code, planned_months=24, full_members=5),
)
PARK_UNITS = {park.id: park.id.replace("zon-", "unt-") for park in PARKS}

DEPARTMENTS = (
    ("organization", "县委组织部"),
    ("publicity", "县委宣传部"),
    ("united-front", "县委统战部"),
    ("social-work", "县委社会工作部"),
    ("development", "县发展和改革局"),
    ("industry", "县工业和信息化局"),
    ("finance", "县财政局"),
    ("human-resources", "县人力资源和社会保障局"),
    ("civil-affairs", "县民政局"),
    ("market", "县市场监督管理局"),
    ("tax", "县税务局"),
    ("housing", "县住房和城乡建设局"),
    ("commerce", "县商务局"),
    ("trade-unions", "县总工会"),
    ("youth-league", "共青团合力县委"),
    ("womens-federation", "县妇女联合会"),
)
DEPARTMENT_UNITS = tuple(f"unt-department-{digits}" for digits, _ in DEPARTMENTS)


def divisions(calendar: Calendar) -> Iterator[Record]:
    """Yield the tree of divisions from the province down."""
    day = calendar.baseline
    yield created("divisions", PROVINCE, day, name="示例省", level="province")
    yield created("divisions", CITY, day, name="示例市", level="city", parent=PROVINCE)
    yield created("divisions", COUNTY, day, name="合力县（示例）", level="county", parent=CITY)
    for town in TOWNS:
        yield created("divisions", town.code, day, name=town.name, level="town", parent=COUNTY)
        for place, village in enumerate(town.villages):
            code = town.village_code(place)
            yield created("divisions", code, day, name=village, level="village", parent=town.code)


def zones(calendar: Calendar) -> Iterator[Record]:
    """Yield parks, buildings, markets and projects."""
    for zone in ZONES:
        yield created(
            "zones", zone.id, calendar.baseline,
            name=zone.name, kind=zone.kind, division=zone.division,
            planned_months=zone.planned_months, full_members=zone.full_members,
        )  # fmt: skip


def units(calendar: Calendar) -> Iterator[Record]:
    """Yield the county commission and below it the townships, the parks, the departments and the associations."""
    day = calendar.baseline
    yield created("units", COMMISSION, day, name="合力县委两新工委", kind="commission", division=COUNTY)
    for unit, (_, name) in zip(DEPARTMENT_UNITS, DEPARTMENTS, strict=True):
        yield created("units", unit, day, name=name, kind="department", parent=COMMISSION, division=COUNTY)
    for town in TOWNS:
        name = f"{town.name}非公企业党建工作委员会"
        yield created("units", town.unit, day, name=name, kind="township", parent=COMMISSION, division=town.code)
    for park in PARKS:
        yield created(
            "units", PARK_UNITS[park.id], day,
            name=f"{park.name}党工委", kind="park", parent=COMMISSION, division=park.division, zone=park.id,
        )  # fmt: skip
    for unit, name in ((FEDERATION, "县工商业联合会"), (TRADERS, "县个体私营企业协会")):
        yield created("units", unit, day, name=name, kind="association", parent=COMMISSION, division=COUNTY)
