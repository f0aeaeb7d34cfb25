"""Words of the demo: brands, trades, names. All persons and firms are made up; every firm carries the county's name."""

from dataclasses import dataclass

BRANDS = "鑫禾瑞丰恒泰和顺兴隆德润祥云宏达嘉盛源茂永康安华锦程卓越凯旋诚信汇聚博雅新元启明致远佳美天成福临海纳百"
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN = "建国明志强伟平海涛军杰敏静丽娟芳霞玲慧颖婷雪梅兰英华文斌浩宇晨阳思远佳怡欣然子涵一诺立新永福德成"


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade: its class in GB/T 4754-2017, its word in firm names, its scope, its weight, whether it is a works."""

    industry: str
    word: str
    scope: str
    weight: int
    works: bool = False


TRADES = (
    Trade("A0111", "农业", "稻谷种植；农产品初加工及销售", 3),
    Trade("A0141", "果蔬", "蔬菜种植、包装及销售", 3),
    Trade("A0313", "牧业", "生猪养殖；饲料零售", 2),
    Trade("C1311", "米业", "稻谷加工；粮食收购及销售", 3, works=True),
    Trade("C1411", "食品", "糕点、面包制造；预包装食品销售", 4, works=True),
    Trade("C1751", "纺织", "化纤织造加工；纺织品销售", 3, works=True),
    Trade("C1811", "制衣", "运动机织服装制造；服装销售", 4, works=True),
    Trade("C2032", "木业", "木门窗制造；木制品销售", 3, works=True),
    Trade("C2110", "家具", "木质家具制造、销售及安装", 3, works=True),
    Trade("C2319", "印务", "包装装潢及其他印刷", 2, works=True),
    Trade("C2929", "塑业", "塑料零件及其他塑料制品制造", 4, works=True),
    Trade("C3031", "建材", "粘土砖瓦及建筑砌块制造", 3, works=True),
    Trade("C3311", "钢构", "金属结构制造及安装", 3, works=True),
    Trade("C3484", "机械", "机械零部件加工；模具销售", 5, works=True),
    Trade("C3670", "汽配", "汽车零部件及配件制造", 3, works=True),
    Trade("C3982", "电子", "电子电路制造；电子元件销售", 3, works=True),
    Trade("E4710", "建筑", "住宅房屋建筑；市政工程施工", 4),
    Trade("E5011", "装饰", "公共建筑装饰和装修", 4),
    Trade("F5121", "粮油", "米、面制品及食用油批发", 4),
    Trade("F5165", "建材商贸", "建材批发；五金零售", 6),
    Trade("F5211", "百货", "百货零售", 7),
    Trade("F5212", "超市", "超级市场零售", 4),
    Trade("F5232", "服饰", "服装零售", 6),
    Trade("F5251", "药房", "西药零售；保健用品零售", 3),
    Trade("F5292", "电商", "互联网零售；农产品网络销售", 4),
    Trade("G5431", "物流", "普通货物道路运输；装卸服务", 5),
    Trade("H6110", "酒店", "旅游饭店；会议服务", 2),
    Trade("H6210", "餐饮", "正餐服务", 8),
    Trade("I6513", "软件", "应用软件开发；信息系统集成", 3),
    Trade("J6629", "担保", "非融资担保服务", 1),
    Trade("K7010", "置业", "房地产开发经营", 2),
    Trade("K7020", "物业", "物业管理；家政服务", 3),
    Trade("L7241", "会计服务", "会计、审计及税务服务", 1),
    Trade("L7262", "人力资源", "职业中介服务；劳务派遣", 2),
    Trade("M7320", "科技", "工程和技术研究；技术推广", 3),
    Trade("N7820", "环保", "环境卫生管理；污水处理", 1),
    Trade("O8040", "美容", "理发及美容服务", 5),
    Trade("P8391", "培训", "职业技能培训", 2),
    Trade("R9012", "体育", "体育健身服务", 2),
)


def brand(number: int) -> str:
    """Return the number-th brand: two characters, more when two do not suffice; no two numbers share one."""
    letters = len(BRANDS)
    width = 2
    while number >= letters**width:
        number -= letters**width
        width += 1
    place = (number * 1_597 + 7) % letters**width  # 1597 shares no factor with the count of letters
    found = []
    for _ in range(width):
        place, rest = divmod(place, letters)
        found.append(BRANDS[rest])
    return "".join(found)


def person_name(number: int) -> str:
    """Return a made-up name; the same number always gives the same one."""
    mixed = number * 7_919 + 13
    surname = SURNAMES[mixed % len(SURNAMES)]
    first = GIVEN[mixed // 3 % len(GIVEN)]
    second = GIVEN[mixed // 7 % len(GIVEN)] if mixed % 4 else ""
    return surname + first + second
