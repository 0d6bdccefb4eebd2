-- The version that an app must run in a region. The one row of target_revision is locked by every writer until its
-- commit, so revisions are seen in the order they were given, without gaps.
create table target_revision (
  one      boolean primary key default true check (one),
  revision bigint  not null
);
insert into target_revision (revision) values (0);

create table target (
  region     text        not null references region (name),
  app        text        not null references app (name),
  job        bigint      not null references job (id),
  share      int         not null check (share between 0 and 100),
  previous   bigint      references job (id),
  revision   bigint      not null unique,
  deployment bigint      not null references deployment (id),
  updated_at timestamptz not null default now(),
  primary key (region, app)
);
create index target_region_revision on target (region, revision);
