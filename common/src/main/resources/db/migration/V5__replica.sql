create table region (
  name       text        primary key check (name ~ '^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$'),
  bucket     text        not null check (length(bucket) <= 1000),
  wanted     boolean     not null default true,
  reason     text,
  created_at timestamptz not null default now()
);

-- An artifact's copy in one region's bucket: claimed by the region, judged by replication-checker.
create table replica (
  job         bigint      not null references job (id),
  region      text        not null references region (name),
  status      text        not null default 'WANTED' check (status in ('WANTED', 'PRESENT', 'VERIFIED', 'CORRUPT')),
  wanted_at   timestamptz not null default now(),
  present_at  timestamptz,
  verified_at timestamptz,
  moved_bytes bigint      check (moved_bytes >= 0),
  generation  bigint,
  problem     text,
  primary key (job, region),
  check (status <> 'PRESENT' or present_at is not null),
  check (status <> 'VERIFIED' or verified_at is not null),
  check (status <> 'CORRUPT' or problem is not null)
);
create index replica_open on replica (region, job) where status <> 'VERIFIED';
