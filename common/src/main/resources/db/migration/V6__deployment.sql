-- Somebody's, or auto-deploy's, wish to run a build.
create table deployment (
  id              bigint      primary key generated always as identity,
  app             text        not null references app (name),
  job             bigint      not null references job (id),
  cause           text        not null check (cause in ('PERSON', 'AUTO', 'ROLLBACK')),
  requested_by    text        not null,
  status          text        not null default 'PENDING'
                              check (status in ('PENDING', 'ROLLING', 'SUCCEEDED', 'FAILED', 'PAUSED', 'ABORTED', 'SUPERSEDED')),
  plan            jsonb       not null,
  wave            int         not null default 0 check (wave >= 0),
  wave_started_at timestamptz,
  wave_healthy_at timestamptz,
  reason          text,
  created_at      timestamptz not null default now(),
  started_at      timestamptz,
  finished_at     timestamptz,
  check ((status in ('SUCCEEDED', 'FAILED', 'ABORTED', 'SUPERSEDED')) = (finished_at is not null)),
  check (status <> 'ROLLING' or started_at is not null)
);
create index deployment_app on deployment (app, id desc);
create unique index deployment_rolling_app on deployment (app) where status in ('ROLLING', 'PAUSED');
-- a build is auto-deployed at most once
create unique index deployment_auto_job on deployment (job) where cause = 'AUTO';
