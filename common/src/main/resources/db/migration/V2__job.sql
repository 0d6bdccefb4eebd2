-- A job: one build of one commit, and its latest attempt. No index names a column that a heartbeat or a success
-- touches, not even in its predicate, and the table leaves room on its pages: so both are heap-only updates.
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
  -- the labels that its worker must have, sorted and joined by commas
  pool                text        not null default '' check (length(pool) <= 400),
  status              text        not null default 'QUEUED'
                                  check (status in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  attempt             int         not null default 0 check (attempt >= 0),
  max_attempts        int         not null default 3 check (max_attempts between 1 and 100),
  worker              text,
  started_at          timestamptz,
  finished_at         timestamptz,
  last_heartbeat      timestamptz,
  cancel_requested_at timestamptz,
  cancel_requested_by text,
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
  -- what the index of waiting jobs goes by
  constraint queued_is_without_worker_and_failure check ((status = 'QUEUED') = (worker is null and failure is null)),
  constraint queued_has_no_heartbeat check (status <> 'QUEUED' or last_heartbeat is null),
  constraint running_has_a_worker
    check (status <> 'RUNNING' or (worker is not null and started_at is not null and last_heartbeat is not null and attempt >= 1)),
  check ((cancel_requested_at is null) = (cancel_requested_by is null)),
  constraint ended_has_its_time
    check ((status in ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (finished_at is not null)),
  constraint failed_and_cancelled_say_why check ((status in ('FAILED', 'CANCELLED')) = (failure is not null)),
  constraint succeeded_has_its_artifact
    check ((status = 'SUCCEEDED') = (binary_name is not null and size_bytes is not null and sha256 is not null
                                     and crc32c is not null and manifest is not null)),
  constraint replicated_has_succeeded check (replicated_at is null or status = 'SUCCEEDED')
) with (fillfactor = 50);

create index job_waiting on job (pool, created_at, id) where worker is null and failure is null;
-- running, or succeeded and not yet in every region
create index job_open on job (id) where worker is not null and failure is null and replicated_at is null;

-- Attempts that a job has left behind, or that ended it otherwise than the job says. The latest is in the job itself,
-- so that a build that goes well is claimed and ended by one write each.
create table past_attempt (
  job         bigint      not null references job (id),
  attempt     int         not null,
  worker      text        not null,
  started_at  timestamptz not null,
  finished_at timestamptz not null default now(),
  outcome     text        not null check (outcome in ('FAILED', 'LOST', 'CANCELLED', 'RELEASED')),
  reason      text,
  primary key (job, attempt)
);

-- Every attempt; the outcome of one that runs is null.
create view job_attempt as
  select job, attempt, worker, started_at, finished_at, outcome, reason from past_attempt
  union all
  select id, attempt, worker, started_at, finished_at, case when status <> 'RUNNING' then status end, failure
  from job
  where worker is not null
    and not exists (select from past_attempt past where past.job = job.id and past.attempt = job.attempt);
