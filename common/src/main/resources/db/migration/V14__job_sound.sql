-- PostgreSQL reads a table's CHECKs anew for every statement that writes to it, which took more of a claim and a finish
-- than all else that they do. Triggers refuse the same, and a session keeps their plans.
alter table job
  drop constraint job_commit_sha_check,
  drop constraint job_before_sha_check,
  drop constraint job_sha256_check,
  drop constraint job_found_by_check,
  drop constraint job_pool_check,
  drop constraint job_status_check,
  drop constraint job_attempt_check,
  drop constraint job_max_attempts_check,
  drop constraint job_size_bytes_check,
  drop constraint job_check,
  drop constraint queued_is_without_worker_and_failure,
  drop constraint queued_has_no_heartbeat,
  drop constraint running_has_a_worker,
  drop constraint ended_has_its_time,
  drop constraint failed_and_cancelled_say_why,
  drop constraint succeeded_has_its_artifact,
  drop constraint replicated_has_succeeded;

-- A state and the columns that it has and has not.
create function refuse_unsound_job() returns trigger language plpgsql as $$
declare
  broken text;
begin
  if new.status = 'QUEUED' then
    -- what the index of waiting jobs goes by
    if new.worker is not null or new.failure is not null or new.last_heartbeat is not null then
      broken := 'queued_is_held_by_nobody';
    end if;
  elsif new.status = 'RUNNING' then
    if new.worker is null or new.started_at is null or new.last_heartbeat is null or new.attempt < 1 then
      broken := 'running_has_a_worker';
    end if;
  elsif new.status = 'SUCCEEDED' then
    if new.worker is null or new.binary_name is null or new.size_bytes is null or new.size_bytes < 0
        or new.sha256 is null or new.crc32c is null or new.manifest is null then
      broken := 'succeeded_has_its_artifact';
    end if;
  elsif new.status in ('FAILED', 'CANCELLED') then
    if new.failure is null then
      broken := 'failed_and_cancelled_say_why';
    end if;
  else
    broken := 'status_is_known';
  end if;

  if new.status in ('QUEUED', 'RUNNING') then
    if new.finished_at is not null then
      broken := 'open_has_no_end';
    end if;
  elsif new.finished_at is null and broken is null then
    broken := 'ended_has_its_time';
  end if;
  if new.status <> 'SUCCEEDED' then
    if new.replicated_at is not null or new.binary_name is not null then
      broken := 'only_a_success_has_an_artifact';
    end if;
  elsif new.failure is not null then
    broken := 'a_success_has_no_failure';
  end if;
  if (new.cancel_requested_at is null) <> (new.cancel_requested_by is null) then
    broken := 'cancel_request_says_who';
  end if;
  if new.attempt < 0 or new.max_attempts < 1 or new.max_attempts > 100 then
    broken := 'attempts_are_bounded';
  end if;

  if broken is not null then
    raise check_violation using
      message = format('job %s violates "%s"', new.id, broken), table = 'job', constraint = broken;
  end if;
  return new;
end $$;

create trigger job_is_sound before insert or update on job for each row execute function refuse_unsound_job();

-- What single columns may hold, looked at where they are written.
create function refuse_unsound_job_values() returns trigger language plpgsql as $$
declare
  broken text;
begin
  if new.commit_sha !~ '^[0-9a-f]{40}([0-9a-f]{24})?$' or new.before_sha !~ '^[0-9a-f]{40}([0-9a-f]{24})?$' then
    broken := 'commits_are_hex';
  elsif new.sha256 !~ '^[0-9a-f]{64}$' then
    broken := 'sha256_is_hex';
  elsif new.found_by not in ('WEBHOOK', 'RECONCILIATION', 'PERSON') then
    broken := 'found_by_is_known';
  elsif length(new.pool) > 400 then
    broken := 'pool_is_bounded';
  end if;

  if broken is not null then
    raise check_violation using
      message = format('job %s violates "%s"', new.id, broken), table = 'job', constraint = broken;
  end if;
  return new;
end $$;

create trigger job_has_sound_values before insert or update of commit_sha, before_sha, sha256, found_by, pool on job
  for each row execute function refuse_unsound_job_values();
