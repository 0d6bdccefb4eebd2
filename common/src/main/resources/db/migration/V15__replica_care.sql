-- Regional agents, as their polls tell: among those of a region that are there, one brings an artifact in.
create table regional_agent (
  region  text        not null references region (name),
  name    text        not null check (length(name) between 1 and 64),
  seen_at timestamptz not null default now(),
  primary key (region, name)
) with (fillfactor = 50);

alter table replica
  -- who brings the copy, or brought it, and until when it is left to them
  add column agent       text,
  add column agent_until timestamptz,
  -- the claim that was counted last: a call that is made again counts once
  add column claim       uuid,
  -- when the copy was last looked at, and last read whole, and was right
  add column checked_at  timestamptz,
  add column read_at     timestamptz,
  -- when a verified copy is looked at again, and whether the next look reads all of it
  add column recheck_at  timestamptz not null default now(),
  add column read_whole  boolean     not null default false;

create index replica_recheck on replica (region, recheck_at) where status = 'VERIFIED';
create index replica_asked on replica (region) where read_whole;
