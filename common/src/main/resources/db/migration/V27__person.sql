-- People who sign in to the console with a password, which is kept as its Argon2 hash. A new version of the password ends the sessions of the one before.
create table person (
  name       text        primary key check (name ~ '^[a-z0-9][a-z0-9._@-]{0,99}$'),
  password   text        not null,
  version    int         not null default 1,
  role       text        not null check (role in ('VIEWER', 'DEPLOYER', 'ADMIN')),
  apps       text[]      check (apps is null or (role = 'DEPLOYER' and cardinality(apps) between 1 and 100)),
  created_at timestamptz not null default now(),
  created_by text        not null
);
