-- A worker process, as its heartbeats tell; a hint for people and for autoscaling, no decision goes by it.
create table worker (
  name       text        primary key check (length(name) between 1 and 200),
  slots      int         not null check (slots between 1 and 1000),
  busy       int         not null check (busy between 0 and slots),
  labels     text[]      not null default '{}',
  draining   boolean     not null default false,
  started_at timestamptz not null default now(),
  seen_at    timestamptz not null default now()
) with (fillfactor = 50);
