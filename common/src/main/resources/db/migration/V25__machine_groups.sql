-- what a machine is in its owner's words
alter table machine add column labels text[] not null default '{}';

-- the builds on its disk, ready to run
alter table machine_app add column kept bigint[] not null default '{}';

alter table target
  -- that a machine must have to be the app's at all
  add column labels text[] not null default '{}',
  -- shares of machines with other labels besides, as [{"labels": ["canary"], "share": 100}]
  add column groups jsonb  not null default '[]';

-- Machines whose credentials are no longer good, by revisions out of those of targets: credentials that were given
-- knowing of the revision are good again.
create table revoked_machine (
  region     text        not null references region (name),
  machine    text        not null,
  revision   bigint      not null unique,
  revoked_by text        not null,
  revoked_at timestamptz not null default now(),
  primary key (region, machine)
);
create index revoked_machine_region_revision on revoked_machine (region, revision);
