-- When each app's branch is compared with what was built. Whoever takes a row that is due moves its time on first, so that
-- of several instances one looks; one that dies while it looks is followed by another then.
create table branch_look (
  app       text        primary key references app (name),
  next_at   timestamptz not null,
  -- the last look that was answered; the first one is waited for since the app is known
  looked_at timestamptz not null default now(),
  failures  int         not null default 0
);
create index branch_look_due on branch_look (next_at);
