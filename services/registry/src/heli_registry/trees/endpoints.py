"""The routes of the three trees."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from heli_registry.trees.domain import NOWHERE, TREES, Node, Tree
from heli_registry.trees.service import Structure, agreement_of, counts_of, path_of, tree_of
from heli_shared.kernel.errors import BadRequest, FieldProblem, NotFound
from heli_shared.records.calls import RecordCall
from heli_shared.records.endpoints import KnownAt, On
from heli_shared.records.models import SINGLE_LINE, Day
from heli_shared.records.reading import Moment
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.replies import json_reply
from heli_shared.web.routes import new_router

TreeName = Annotated[
    Literal[TREES],  # type: ignore[valid-type]
    Path(description="territory 属地, sector 行业, affiliation 隶属"),
]
NodeKey = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The node's key")]
_SHOWN_MISSING = 200


class NodeShown(BaseModel):
    """A node of a tree on a day."""

    key: str
    kind: str = Field(examples=["division"])
    name: str
    parent: str | None
    state: Literal["open", "closed"]
    depth: int
    children: int


class TreeShown(BaseModel):
    """A tree on a day, parents before their children."""

    tree: str
    on: date
    items: list[NodeShown]


class PathNode(BaseModel):
    """One step of the way from the top down to a node."""

    key: str
    kind: str
    name: str


class PathShown(BaseModel):
    """The way from the top down to a node on a day."""

    tree: str
    on: date
    items: list[PathNode]


class CountShown(BaseModel):
    """A node with the enterprises at it and below it; `counted` are those in the scope of the statistics."""

    key: str
    name: str
    depth: int
    enterprises: int
    counted: int


class CountsShown(BaseModel):
    """What a tree counts on a day, placed by the structure of then or of now."""

    tree: str
    on: date
    structure: Literal["then", "now"]
    enterprises: int
    unplaced: int = Field(description="Open enterprises that have no place in this tree")
    items: list[CountShown]


class Missing(BaseModel):
    """The enterprises that one tree does not hold."""

    tree: str
    placed: int
    missing: int
    enterprises: list[str] = Field(description="The first of them, by code")


class AgreementShown(BaseModel):
    """Whether the three trees hold the same enterprises on a day."""

    on: date
    enterprises: int
    agrees: bool
    trees: list[Missing]


def trees_router() -> APIRouter:
    """Return the routes of the trees."""
    router = new_router()

    @router.get("/v1/trees/agreement", tags=["trees"], response_model=AgreementShown, responses=problems(422))
    @endpoint("trees:read")
    def compare_trees(call: RecordCall, on: On = None) -> Response:
        """Tell which open enterprises a tree lacks, so that the totals of the three can be made to agree."""
        found = agreement_of(call, on=_day(call, on))
        trees = [
            {
                "tree": tree, "placed": found.enterprises - len(missing), "missing": len(missing),
                "enterprises": sorted(missing)[:_SHOWN_MISSING],
            }
            for tree, missing in found.missing.items()
        ]  # fmt: skip
        agrees = not any(each["missing"] for each in trees)
        return json_reply({"on": found.on, "enterprises": found.enterprises, "agrees": agrees, "trees": trees})

    @router.get("/v1/trees/{tree}", tags=["trees"], response_model=TreeShown, responses=problems(404, 422))
    @endpoint("trees:read")
    def get_tree(
        call: RecordCall,
        tree: TreeName,
        on: On = None,
        known_at: KnownAt = None,
        under: Annotated[
            str | None, Query(max_length=64, pattern=SINGLE_LINE, description="Only this node and what is below it")
        ] = None,
        depth: Annotated[int | None, Query(ge=0, le=20, description="How many levels below the first")] = None,
    ) -> Response:
        """Show a tree as of a day and a point of the ledger."""
        found = tree_of(call, tree, Moment(on, known_at))
        if under is not None and under not in found.nodes:
            raise NotFound("这棵树上没有这个节点，或您无权查看。", "There is no such node, or you may not see it.")
        items = [_node(found, node, level) for node, level in found.walk(under, depth)]
        return json_reply({"tree": tree, "on": _day(call, on), "items": items})

    @router.get(
        "/v1/trees/{tree}/nodes/{key}/path", tags=["trees"], response_model=PathShown, responses=problems(404, 422)
    )
    @endpoint("trees:read")
    def get_path(call: RecordCall, tree: TreeName, key: NodeKey, on: On = None, known_at: KnownAt = None) -> Response:
        """Show what stood above a node on a day."""
        path = path_of(call, tree, key, Moment(on, known_at))
        items = [{"key": node.key, "kind": node.kind, "name": node.name} for node in path]
        return json_reply({"tree": tree, "on": _day(call, on), "items": items})

    @router.get("/v1/trees/{tree}/counts", tags=["trees"], response_model=CountsShown, responses=problems(404, 422))
    @endpoint("trees:read")
    def count_tree(
        call: RecordCall,
        tree: TreeName,
        on: Annotated[Day, Query(description="The day whose enterprises are counted", examples=["2026-06-30"])],
        structure: Annotated[Structure, Query(description="By the structure of that day, or of today")] = "then",
    ) -> Response:
        """Count the enterprises of a day at every node, by the structure of then or of now."""
        found = counts_of(call, tree, on=_day(call, on), structure=structure)
        items = [
            {
                "key": each.node.key, "name": each.node.name, "depth": each.depth, "enterprises": each.enterprises,
                "counted": each.counted,
            }
            for each in found.counts
        ]  # fmt: skip
        head = {"tree": tree, "on": on, "structure": structure}
        return json_reply({**head, "enterprises": found.enterprises, NOWHERE: found.unplaced, "items": items})

    return router


def _day(call: RecordCall, on: date | None) -> date:
    today = call.clock.today()
    if on is not None and on > today:
        raise BadRequest(
            "日期不能晚于今天。", "The day cannot lie after today.",
            errors=[FieldProblem("parameter on", "晚于今天", "lies after today")],
        )  # fmt: skip
    return on or today


def _node(tree: Tree, node: Node, depth: int) -> dict[str, Any]:
    return {
        "key": node.key, "kind": node.kind, "name": node.name, "parent": node.parent,
        "state": "open" if node.is_open else "closed", "depth": depth, "children": tree.children(node.key),
    }  # fmt: skip
