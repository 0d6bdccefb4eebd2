-- What a build printed; start is a piece's place in the attempt's log, in bytes of UTF-8. Only the attempt that holds
-- the job may append.
create table job_log (
  job     bigint      not null references job (id),
  attempt int         not null,
  start   bigint      not null check (start >= 0),
  at      timestamptz not null default now(),
  content text        not null check (octet_length(content) between 1 and 1048576),
  primary key (job, attempt, start)
);

-- The log of an attempt that is over, whole in a bucket; its pieces are gone from job_log then.
create table log_archive (
  job     bigint not null references job (id),
  attempt int    not null,
  bucket  text   not null check (length(bucket) <= 1000),
  bytes   bigint not null check (bytes > 0),
  primary key (job, attempt)
);
