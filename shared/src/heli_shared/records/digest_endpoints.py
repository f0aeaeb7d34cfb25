"""The route of range digests: a department proves in a few calls that its copy equals ours, or finds what differs."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from heli_shared.kernel.errors import Forbidden, Gone, NotFound
from heli_shared.kernel.text import cut
from heli_shared.ledger.appending import read_head
from heli_shared.records.calls import RecordCall
from heli_shared.records.deliveries import DeliveryLog, Purpose, PurposeHeader, begun, noted_reply
from heli_shared.records.digest_index import DigestIndex
from heli_shared.records.digests import LEAF_ROWS, DigestTree, Node
from heli_shared.records.endpoints import KnownAt
from heli_shared.records.exchange import exchange_reply
from heli_shared.records.reading import beyond_the_end
from heli_shared.records.service import Resource, reads_whole_ledger
from heli_shared.web.calls import endpoint
from heli_shared.web.problems import problems
from heli_shared.web.routes import new_router


class DigestNode(BaseModel):
    """A prefix of places with the number of rows below it and their digest."""

    prefix: str
    count: int
    digest: str


class DigestLeaf(BaseModel):
    """One row: its key, the seq of its last entry, and the digest of its canonical text."""

    key: str
    version: int
    digest: str


class Digests(BaseModel):
    """One node of a kind's tree, with either the nodes below it or its rows."""

    kind: str
    key: str = Field(description="The name of the key column", examples=["uscc"])
    prefix: str
    epoch: str
    known_at: int
    count: int
    digest: str
    children: list[DigestNode] | None = Field(description="The nodes one level below; null when rows are listed")
    rows: list[DigestLeaf] | None = Field(description="The rows in order of places; null when children are listed")


def digest_router(resources: Mapping[str, Resource], index: DigestIndex, log: DeliveryLog) -> APIRouter:
    """Return the route /v1/digests for these resources (by plural)."""
    router = new_router()

    @router.get("/v1/digests", tags=["exchange"], response_model=Digests, responses=problems(404, 410, 422))
    @endpoint("exports:read")
    def get_digests(
        call: RecordCall,
        kind: Annotated[
            str, Query(max_length=64, pattern=r"^[a-z-]+$", description="A plural", examples=["enterprises"])
        ],
        prefix: Annotated[
            str,
            Query(pattern=r"^([0-9a-f]{2}){0,8}$", description="The first digits of the SHA-256 of keys; empty: all"),
        ] = "",
        known_at: KnownAt = None,
        epoch: Annotated[
            str | None, Query(max_length=64, description="The epoch of the copy: 410 when it is over")
        ] = None,
        purpose: Purpose = None,
        heli_purpose: PurposeHeader = None,
    ) -> Response:
        """Get the digest of a kind's rows, or of those below a prefix, as known at a point of the ledger.

        Two hexadecimal digits a level, 256 nodes below each; a node of few rows is answered row by row. Ask with the
        `known_at` of your copy, compare, and go down where digests differ: a wrong row is found in three calls.
        """
        del purpose, heli_purpose  # read where a delivery is begun; named here for the document
        resource = _allowed(call, resources, kind)
        head = read_head(call.session, call.ledger)
        if epoch is not None and epoch != head.epoch:
            raise Gone(
                "数据库已从备份恢复，该副本的时代已过：请重新下载全量。",
                "The ledger was restored since: this copy is of an earlier epoch. Pull the bulk copy anew.",
                data={"epoch": head.epoch, "head": head.seq},
            )
        if known_at is not None and known_at > head.seq:
            raise beyond_the_end()
        seq = head.seq if known_at is None else known_at
        tree = index.tree(call.session, resource, call.principal.scope, head=head, known_at=seq)
        content = {"kind": kind, "key": resource.kind.key, "epoch": head.epoch, "known_at": seq, **shown(tree, prefix)}
        reply = exchange_reply(call.request, content, {"Heli-Known-At": str(seq), "Heli-Epoch": head.epoch})
        delivery = begun("digest", kind, call.principal, call.request, epoch=head.epoch, seq=seq)
        return noted_reply(log, delivery, reply, rows=len(content["rows"] or ()))

    return router


def _allowed(call: RecordCall, resources: Mapping[str, Resource], kind: str) -> Resource:
    resource = resources.get(kind)
    if resource is None:
        raise NotFound(
            f"没有名为“{cut(kind)}”的资源。", f"There is no kind {cut(kind)}.", data={"kinds": sorted(resources)}
        )
    if not reads_whole_ledger(call.principal) and not call.principal.may(f"{kind}:read"):
        raise Forbidden(f"您没有读取“{kind}”的权限。", f"You may not read {kind}.")
    return resource


def shown(tree: DigestTree, prefix: str) -> dict[str, Any]:
    """Return a node of a tree as the API shows it: with its children, or row by row when these are few."""
    node = tree.node(prefix)
    children: list[dict[str, Any]] | None = None
    rows: list[dict[str, Any]] | None = None
    if node.count <= LEAF_ROWS:
        rows = [{"key": row.key, "version": row.version, "digest": row.digest.hex()} for row in tree.rows_below(prefix)]
    else:
        children = [_shown_node(each) for each in tree.children(prefix)]
    return {**_shown_node(node), "children": children, "rows": rows}


def _shown_node(node: Node) -> dict[str, Any]:
    return {"prefix": node.prefix, "count": node.count, "digest": node.digest}
