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

-- A state and the columns that it has and has not. A sound row, which is nearly each, takes one expression.
create function refuse_unsound_job() returns trigger language plpgsql as $$
declare
  broken text;
begin
  if (new.cancel_requested_at is null) = (new.cancel_requested_by is null)
      and new.attempt >= 0 and new.max_attempts between 1 and 100
      and (case new.status
        when 'QUEUED' then
          -- what the index of waiting jobs goes by
          new.worker is null and new.failure is null and new.last_heartbeat is null
          and new.finished_at is null and new.replicated_at is null and new.binary_name is null
        when 'RUNNING' then
          new.worker is not null and new.started_at is not null and new.last_heartbeat is not null and new.attempt >= 1
          and new.finished_at is null and new.replicated_at is null and new.binary_name is null
        when 'SUCCEEDED' then
          new.worker is not null and new.binary_name is not null and new.size_bytes >= 0
          and new.sha256 is not null and new.crc32c is not null and new.manifest is not null
          and new.finished_at is not null and new.failure is null
        when 'FAILED' then
          new.failure is not null and new.finished_at is not null and new.replicated_at is null and new.binary_name is null
        when 'CANCELLED' then
          new.failure is not null and new.finished_at is not null and new.replicated_at is null and new.binary_name is null
        else false
      end) then
    return new;
  end if;

  -- it is not sound: what is to be said of it
  broken := case
    when new.attempt < 0 or new.max_attempts not between 1 and 100 then 'attempts_are_bounded'
    when (new.cancel_requested_at is null) <> (new.cancel_requested_by is null) then 'cancel_request_says_who'
    when new.status not in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED') then 'status_is_known'
    when new.status = 'SUCCEEDED' and new.failure is not null then 'a_success_has_no_failure'
    when new.status <> 'SUCCEEDED' and (new.replicated_at is not null or new.binary_name is not null)
      then 'only_a_success_has_an_artifact'
    when new.status in ('QUEUED', 'RUNNING') and new.finished_at is not null then 'open_has_no_end'
    when new.status = 'QUEUED' then 'queued_is_held_by_nobody'
    when new.status = 'RUNNING' then 'running_has_a_worker'
    when new.finished_at is null then 'ended_has_its_time'
    when new.status = 'SUCCEEDED' then 'succeeded_has_its_artifact'
    else 'failed_and_cancelled_say_why'
  end;
  raise check_violation using
    message = format('job %s violates "%s"', new.id, broken), table = 'job', constraint = broken;
end $$;

create trigger job_is_sound before insert or update on job for each row execute function refuse_unsound_job();

-- What single columns may hold, looked at where they are written; without a regular expression for each write.
create function refuse_unsound_job_values() returns trigger language plpgsql as $$
declare
  broken text;
begin
  if ltrim(concat(new.commit_sha, new.before_sha, new.sha256), '0123456789abcdef') = ''
      and length(new.commit_sha) in (40, 64)
      and (new.before_sha is null or length(new.before_sha) in (40, 64))
      and (new.sha256 is null or length(new.sha256) = 64)
      and new.found_by in ('WEBHOOK', 'RECONCILIATION', 'PERSON')
      and length(new.pool) <= 400 then
    return new;
  end if;

  broken := case
    when new.found_by not in ('WEBHOOK', 'RECONCILIATION', 'PERSON') then 'found_by_is_known'
    when length(new.pool) > 400 then 'pool_is_bounded'
    when new.sha256 !~ '^[0-9a-f]{64}$' then 'sha256_is_hex'
    else 'commits_are_hex'
  end;
  raise check_violation using
    message = format('job %s violates "%s"', new.id, broken), table = 'job', constraint = broken;
end $$;

create trigger job_has_sound_values before insert or update of commit_sha, before_sha, sha256, found_by, pool on job
  for each row execute function refuse_unsound_job_values();
