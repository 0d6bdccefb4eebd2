-- What machines reported through their region, last write wins by seen_at.
create table machine (
  region  text        not null references region (name),
  id      text        not null check (id ~ '^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$'),
  zone    text        not null,
  -- the apps that it is there for; empty for any
  hosts   text[]      not null default '{}',
  seen_at timestamptz not null,
  primary key (region, id)
);

create table machine_app (
  region      text        not null,
  machine     text        not null,
  app         text        not null,
  build       bigint      not null,
  running     bigint,
  state       text        not null check (state in ('DOWNLOADING', 'ACTIVATING', 'RUNNING', 'FAILED')),
  revision    bigint      not null,
  bytes_done  bigint      not null default 0,
  bytes_total bigint      not null default 0,
  detail      text,
  changed_at  timestamptz not null,
  primary key (region, machine, app),
  foreign key (region, machine) references machine (region, id) on delete cascade
);
create index machine_app_app on machine_app (app, region);
