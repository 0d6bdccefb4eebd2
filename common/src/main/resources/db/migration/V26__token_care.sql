-- Tokens that people manage: who made one, which apps a deployer's is for (none: all), the secret that a rotation leaves valid for a while, and about
-- when one was used.
alter table api_token
  add column apps           text[],
  add column created_by     text,
  add column previous_hash  text unique check (previous_hash ~ '^[0-9a-f]{64}$'),
  add column previous_until timestamptz,
  add column last_used_at   timestamptz,
  add check (apps is null or (role = 'DEPLOYER' and cardinality(apps) between 1 and 100)),
  add check ((previous_hash is null) = (previous_until is null));
