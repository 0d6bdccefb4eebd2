-- What a forge was told of a build. Only the latest state counts: a row is due while it differs from the job's.
-- No reference to job, whose rows a check of it would lock.
create table commit_status (
  job          bigint      primary key,
  -- the host in the app's repository address
  forge        text        not null check (length(forge) between 1 and 300),
  told         text        check (told in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  -- who tries holds the row until then, and counts the claim up
  next_try_at  timestamptz not null default now(),
  claim        bigint      not null default 0,
  tries        int         not null default 0,
  failing_since timestamptz,
  problem      text        check (length(problem) <= 1000),
  created_at   timestamptz not null default now()
);

-- a success is final: there is nothing to tell after it
create index commit_status_open on commit_status (forge, next_try_at) where told is distinct from 'SUCCEEDED';
create index commit_status_created on commit_status (created_at);
