-- Who is told of builds and deployments, and what was sent to them. Events are not written by what they tell of: they
-- are found in the times of jobs and deployments, so nothing of those waits for a receiver.
create table webhook (
  id              bigint      primary key generated always as identity,
  url             text        not null check (length(url) <= 2000),
  kind            text        not null check (kind in ('JSON', 'SLACK')),
  -- null: of all apps
  app             text        references app (name),
  events          text[]      not null check (cardinality(events) >= 1),
  -- signs what is sent, so it is kept as it is
  secret          text        not null,
  created_by      text        not null,
  created_at      timestamptz not null default now(),
  -- what happened before is not told
  since           timestamptz not null default now(),
  -- what happened before this, less the longest transaction, is noted
  noted_until     timestamptz not null default now(),
  failing_since   timestamptz,
  disabled_at     timestamptz,
  disabled_reason text        check (length(disabled_reason) <= 1000),
  check ((disabled_at is null) = (disabled_reason is null))
);

create table webhook_delivery (
  id           bigint      primary key generated always as identity,
  webhook      bigint      not null references webhook (id) on delete cascade,
  event_id     text        not null,
  type         text        not null,
  event        jsonb       not null,
  state        text        not null default 'WAITING' check (state in ('WAITING', 'DELIVERED', 'GIVEN_UP')),
  created_at   timestamptz not null default now(),
  -- who sends holds the row until then, and counts the claim up
  next_try_at  timestamptz not null default now(),
  claim        bigint      not null default 0,
  tries        int         not null default 0,
  delivered_at timestamptz,
  last_status  int,
  problem      text        check (length(problem) <= 1000),
  unique (webhook, event_id),
  check ((state = 'DELIVERED') = (delivered_at is not null))
);
create index webhook_delivery_waiting on webhook_delivery (webhook, id) where state = 'WAITING';
create index webhook_delivery_created on webhook_delivery (created_at);
