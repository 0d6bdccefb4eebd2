-- An app: a repository that Slipway builds and deploys. Pushes of one app are taken one by one, under its row's lock.
create table app (
  name           text        primary key check (name ~ '^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$'),
  repository     text        not null unique check (length(repository) <= 1000),
  branch         text        not null default 'master' check (length(branch) between 1 and 200),
  webhook_secret text        not null check (length(webhook_secret) between 16 and 200),
  recipe         text        check (length(recipe) <= 65536),
  -- latest: a push cancels the app's builds that still wait
  builds         text        not null default 'every' check (builds in ('every', 'latest')),
  -- how often a build is tried when its workers are lost, and whether its own failure is tried again as well
  max_attempts   int         not null default 3 check (max_attempts between 1 and 10),
  retry_failures boolean     not null default false,
  -- the pool that the app's last build belonged to: where its next one starts
  pool           text        not null default '' check (length(pool) <= 400),
  -- auto-deploy is off while pinned: a rollback pins, a person resumes
  pinned_at      timestamptz,
  pinned_by      text,
  created_at     timestamptz not null default now(),
  check ((pinned_at is null) = (pinned_by is null))
);
