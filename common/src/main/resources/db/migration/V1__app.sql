-- An app: a repository that Slipway builds and deploys. next_seq is taken under the row's lock.
create table app (
  name           text        primary key check (name ~ '^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$'),
  repository     text        not null unique check (length(repository) <= 1000),
  branch         text        not null default 'master' check (length(branch) between 1 and 200),
  webhook_secret text        not null check (length(webhook_secret) between 16 and 200),
  recipe         text        check (length(recipe) <= 65536),
  next_seq       bigint      not null default 1 check (next_seq >= 1),
  -- auto-deploy is off while pinned: a rollback pins, a person resumes
  pinned_at      timestamptz,
  pinned_by      text,
  created_at     timestamptz not null default now(),
  check ((pinned_at is null) = (pinned_by is null))
);
