-- What a region's machines should have before it is asked for. It changes by revisions of its own, out of the same
-- numbers, so that machines which run the target are not judged anew by it.
alter table target
  add column ahead          bigint references job (id),
  add column ahead_revision bigint not null default 0;
drop index target_region_revision;
create index target_region_last_revision on target (region, greatest(revision, ahead_revision));

-- A build that a machine has here before it was asked for.
alter table machine_app add column ahead bigint;

-- How many of an app's newest builds are kept; what else is kept, targets and deployments say.
alter table app add column keep_builds int not null default 20 check (keep_builds between 1 and 1000);

-- A retired build is no longer deployable, for good, and its objects go. Set under the lock of the app's row. No CHECK
-- watches over it, which every write of a job would pay for, but a trigger of its own.
alter table job
  add column retired_at timestamptz,
  add column swept_at   timestamptz;
create index job_retired on job (retired_at) where retired_at is not null and swept_at is null;

create function refuse_unsound_retirement() returns trigger language plpgsql as $$
begin
  if new.retired_at is not null and new.status <> 'SUCCEEDED'
      or old.retired_at is not null and new.retired_at is null
      or new.swept_at is not null and new.retired_at is null then
    raise check_violation using
      message = format('job %s violates "only_a_success_is_retired_and_for_good"', new.id), table = 'job',
      constraint = 'only_a_success_is_retired_and_for_good';
  end if;
  return new;
end $$;

create trigger retirement_is_sound before update of retired_at, swept_at on job
  for each row execute function refuse_unsound_retirement();
