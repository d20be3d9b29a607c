ALTER TABLE api_keys ADD COLUMN last_used_at INTEGER; -- NULL as long as nobody presented it
CREATE INDEX api_keys_by_tenant ON api_keys (tenant);
