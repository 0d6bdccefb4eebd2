-- A job: one build of one commit. The table leaves room on its pages and no index names last_heartbeat,
-- so that a heartbeat is a heap-only update.
create table job (
  id                  bigint      primary key generated always as identity,
  app                 text        not null references app (name),
  seq                 bigint      not null,
  commit_sha          text        not null check (commit_sha ~ '^[0-9a-f]{40}([0-9a-f]{24})?$'),
  before_sha          text        check (before_sha ~ '^[0-9a-f]{40}([0-9a-f]{24})?$'),
  ref                 text        not null,
  found_by            text        not null check (found_by in ('WEBHOOK', 'RECONCILIATION', 'PERSON')),
  created_at          timestamptz not null default now(),
  merged_at           timestamptz,
  status              text        not null default 'QUEUED'
                                  check (status in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  attempt             int         not null default 0 check (attempt >= 0),
  max_attempts        int         not null default 3 check (max_attempts between 1 and 100),
  worker              text,
  started_at          timestamptz,
  finished_at         timestamptz,
  last_heartbeat      timestamptz,
  cancel_requested_at timestamptz,
  failure             text,
  binary_name         text,
  size_bytes          bigint      check (size_bytes >= 0),
  sha256              text        check (sha256 ~ '^[0-9a-f]{64}$'),
  crc32c              text,
  manifest            text,
  rollout             jsonb,
  replicated_at       timestamptz,
  trace_parent        text,
  unique (app, commit_sha),
  constraint job_app_seq unique (app, seq) deferrable initially immediate,
  constraint queued_has_no_worker check (status <> 'QUEUED' or (worker is null and last_heartbeat is null)),
  constraint running_has_a_worker
    check (status <> 'RUNNING' or (worker is not null and started_at is not null and last_heartbeat is not null and attempt >= 1)),
  constraint ended_has_its_time
    check ((status in ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (finished_at is not null)),
  constraint failed_says_why check (status <> 'FAILED' or failure is not null),
  constraint succeeded_has_its_artifact
    check ((status = 'SUCCEEDED') = (binary_name is not null and size_bytes is not null and sha256 is not null
                                     and crc32c is not null and manifest is not null)),
  constraint replicated_has_succeeded check (replicated_at is null or status = 'SUCCEEDED')
) with (fillfactor = 60);

create index job_queued on job (created_at, id) where status = 'QUEUED';
create index job_running on job (id) where status = 'RUNNING';
create index job_unreplicated on job (id) where status = 'SUCCEEDED' and replicated_at is null;

create table job_attempt (
  job         bigint      not null references job (id),
  attempt     int         not null,
  worker      text        not null,
  started_at  timestamptz not null,
  finished_at timestamptz,
  outcome     text        check (outcome in ('SUCCEEDED', 'FAILED', 'LOST', 'CANCELLED', 'RELEASED')),
  primary key (job, attempt),
  check ((outcome is null) = (finished_at is null))
);
