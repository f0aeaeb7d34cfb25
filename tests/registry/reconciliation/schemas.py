"""What the reconciliation API 0.2 (and the draft of 1.0) demands of answers, as JSON Schemas of our own making."""

TEXT = {"type": "string"}
TYPE = {"oneOf": [TEXT, {"type": "object", "required": ["id"], "properties": {"id": TEXT, "name": TEXT}}]}
SERVICE = {"type": "object", "properties": {"service_url": TEXT, "service_path": TEXT}}
WITH_ID = {"type": "object", "required": ["url"], "properties": {"url": {"type": "string", "pattern": r"\{\{id\}\}"}}}

MANIFEST = {
    "type": "object",
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
    "properties": {
        "versions": {"type": "array", "items": TEXT, "contains": {"const": "0.2"}},
        "name": TEXT,
        "identifierSpace": {"type": "string", "pattern": "^[a-z]+:"},
        "schemaSpace": {"type": "string", "pattern": "^[a-z]+:"},
        "defaultTypes": {"type": "array", "uniqueItems": True, "items": TYPE},
        "batchSize": {"type": "integer", "minimum": 1},
        "view": WITH_ID,
        "preview": {
            **WITH_ID,
            "required": ["url", "width", "height"],
            "properties": {**WITH_ID["properties"], "width": {"type": "integer"}, "height": {"type": "integer"}},
        },
        "suggest": {"type": "object", "properties": dict.fromkeys(("entity", "property", "type"), SERVICE)},
        "extend": {
            "type": "object",
            "properties": {"propose_properties": SERVICE, "property_settings": {"type": "array"}},
        },
    },
}

FEATURE = {
    "type": "object",
    "properties": {"id": TEXT, "name": TEXT, "value": {"type": ["boolean", "number"]}},
}


def candidate(*required: str, feature: dict) -> dict:
    return {
        "type": "object",
        "required": ["id", "name", *required],
        "properties": {
            "id": TEXT,
            "name": TEXT,
            "description": TEXT,
            "score": {"type": "number", "minimum": 0, "maximum": 100},
            "match": {"type": "boolean"},
            "features": {"type": "array", "items": feature},
            "type": {"type": "array", "items": TYPE},
        },
    }


RESULTS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["result"],
        "properties": {"result": {"type": "array", "items": candidate("score", feature=FEATURE)}},
    },
}
DRAFT_RESULTS = {
    "type": "object",
    "required": ["results"],
    "properties": {
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["candidates"],
                "properties": {
                    "candidates": {
                        "type": "array",
                        "items": candidate(feature={**FEATURE, "required": ["id", "name", "value"]}),
                    }
                },
            },
        }
    },
}
ENTITIES = {
    "type": "object",
    "required": ["result"],
    "properties": {
        "result": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "name"],
                "properties": {
                    "id": TEXT, "name": TEXT, "description": TEXT, "notable": {"type": "array", "items": TYPE},
                },
            },
        }
    },
}  # fmt: skip
NAMED = {
    "type": "object",
    "required": ["result"],
    "properties": {
        "result": {"type": "array", "items": {"type": "object", "required": ["id", "name"], "properties": {"id": TEXT}}}
    },
}
PROPOSAL = {
    "type": "object",
    "required": ["type", "properties"],
    "properties": {"type": TEXT, "limit": {"type": "integer"}, "properties": NAMED["properties"]["result"]},
}


def cell(name: str, value: dict) -> dict:
    return {"type": "object", "required": [name], "properties": {name: value}, "additionalProperties": False}


CELL = {
    "oneOf": [
        {"type": "object", "maxProperties": 0},
        cell("str", TEXT),
        cell("int", {"type": "integer"}),
        cell("float", {"type": "number"}),
        cell("date", {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"}),
    ]
}
EXTENSION = {
    "type": "object",
    "required": ["meta", "rows"],
    "properties": {
        "meta": {"type": "array", "items": {"type": "object", "required": ["id", "name"]}},
        "rows": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": {"type": "array", "items": CELL}},
        },
    },
}
