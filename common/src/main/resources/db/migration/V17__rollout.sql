-- What guards a deployment on its way, and what people let pass.
alter table deployment
  -- which deployment took its place
  add column successor       bigint references deployment (id),
  -- since when its wave is not well; none while it is. The wave's deadline counts from here
  add column wave_ill_at     timestamptz,
  -- what a person lets pass: the bake of the wave under way, or all waves that are left
  add column promoted        text check (promoted in ('WAVE', 'ALL')),
  -- why it may begin in spite of a freeze
  add column freeze_override text check (length(freeze_override) between 1 and 500),
  add column approved_by     text,
  add constraint successor_of_the_superseded check (successor is null or status = 'SUPERSEDED'),
  add constraint approved_by_a_second_person check (approved_by <> requested_by);
update deployment set wave_ill_at = coalesce(wave_started_at, now())
where status in ('ROLLING', 'PAUSED') and wave_healthy_at is null;

-- deployments of the app wait for a second person
alter table app add column needs_approval boolean not null default false;

-- A time in which no deployment begins, of one app or, where it names none, of any. Kept when it is over.
create table freeze_window (
  id         bigint      primary key generated always as identity,
  app        text        references app (name),
  starts_at  timestamptz not null,
  ends_at    timestamptz not null check (ends_at >= starts_at),
  reason     text        not null check (length(reason) between 1 and 500),
  created_by text        not null,
  created_at timestamptz not null default now()
);
create index freeze_window_ends on freeze_window (ends_at);

-- how often a machine had to start the app again since it runs this build
alter table machine_app add column restarts int not null default 0;
