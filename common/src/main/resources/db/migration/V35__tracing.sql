-- What a trace tells of deployments and machines, besides what was there already.

-- when each wave began; it lasts until the next one begins or the deployment ends
create table deployment_wave (
  deployment bigint      not null references deployment (id),
  wave       int         not null check (wave >= 0),
  started_at timestamptz not null default now(),
  primary key (deployment, wave)
);

-- since when its spans are told; those that ended while nobody collected traces stay without
alter table deployment add column traced_at timestamptz;
create index deployment_ended on deployment (finished_at) where traced_at is null;

alter table machine_app
  -- when its machine first spoke of that build, and when it began to activate it
  add column told_at       timestamptz,
  add column activating_at timestamptz;
