-- Bearer tokens, kept as SHA-256 only; the secret itself has 256 random bits.
create table api_token (
  id         bigint      primary key generated always as identity,
  name       text        not null unique check (length(name) between 1 and 100),
  hash       text        not null unique check (hash ~ '^[0-9a-f]{64}$'),
  role       text        not null check (role in ('VIEWER', 'DEPLOYER', 'ADMIN', 'WORKER', 'REGION')),
  scope      text,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  check (role <> 'REGION' or scope is not null)
);
