CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tenants (
    id         TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL -- Unix milliseconds, as all times here
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
    hash       BLOB PRIMARY KEY, -- SHA-256 of the key; the key itself is nowhere
    tenant     TEXT NOT NULL REFERENCES tenants (id),
    role       TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE modules (
    tenant          TEXT NOT NULL REFERENCES tenants (id),
    name            TEXT NOT NULL,
    current_version INTEGER NOT NULL,
    is_public       INTEGER NOT NULL DEFAULT 0,
    last_used_at    INTEGER NOT NULL,
    PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE module_versions (
    tenant     TEXT NOT NULL,
    name       TEXT NOT NULL,
    version    INTEGER NOT NULL,
    digest     TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    abi        TEXT NOT NULL,
    exports    TEXT NOT NULL, -- JSON
    imports    TEXT NOT NULL, -- JSON
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, name, version),
    FOREIGN KEY (tenant, name) REFERENCES modules (tenant, name) ON DELETE CASCADE
) STRICT;

CREATE INDEX module_versions_by_digest ON module_versions (digest);
