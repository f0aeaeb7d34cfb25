"""What an enterprise's type and name say for sure about its ownership and about being a branch office.

Source: the registration types of market entities (市场主体类型): 1xxx–4xxx domestic, 5xxx foreign, 6xxx Hong Kong,
Macao and Taiwan, 7xxx foreign companies' branches. Whatever is not sure stays open.
"""

import re
import unicodedata

# The first pattern that is found decides. Domestic companies that a foreign-invested enterprise put money into are
# not thereby foreign, so they stay open.
_OWNERSHIPS: tuple[tuple[re.Pattern[str], str | None], ...] = (
    (re.compile("外商投资企业(投资|合资|与内资|法人独资)|非国有"), None),
    (re.compile("港、?澳、?台|台、?港、?澳"), "hong_kong_macao_taiwan"),
    (re.compile("外商|外国|中外合"), "foreign"),
    (re.compile("国有|全民所有制"), "state_owned"),
    (re.compile("集体"), "collective"),
    (re.compile("^个体"), "individual"),
    (re.compile("自然人(投资|独资)|个人独资|私营"), "private"),
)
_BRANCH_TYPE = re.compile(r"分支机构|分公司|办事处|办事机构|代表机构|代表处")
_BRANCH_NAME = re.compile(r"(分公司|支公司|分行|支行|办事处|代表处)$")


def folded_type(text: str) -> str:
    """Return a type's spelling for comparing: half-width brackets, no spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def find_ownership(enterprise_type: str) -> str | None:
    """Return the ownership a registration type names, or None when the type leaves it open."""
    word = folded_type(enterprise_type)
    return next((ownership for pattern, ownership in _OWNERSHIPS if pattern.search(word)), None)


def is_branch(enterprise_type: str, name: str) -> bool:
    """Say whether the type, or the end of the name, shows a branch office beyond doubt."""
    return bool(_BRANCH_TYPE.search(enterprise_type)) or bool(_BRANCH_NAME.search(name))
