-- What a build printed, in the order of part; only the attempt that holds the job may append.
create table job_log (
  job     bigint      not null references job (id),
  attempt int         not null,
  part    int         not null check (part >= 0),
  at      timestamptz not null default now(),
  content text        not null check (length(content) <= 1048576),
  primary key (job, attempt, part)
);
