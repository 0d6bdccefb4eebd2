-- Makes a database that was brought back to an earlier moment fit the world, which has gone on: run once, by restore.sh
-- or by hand after a provider's restore, before any service uses it. What was lost is not known here, so whatever was
-- numbered in the lost time is passed by a distance that it cannot have gone: twenty days of 5,000 builds a day.
begin;

-- machines refuse targets below what they acted on last
update target_revision set revision = revision + 10000000;

-- numbers of builds name objects in buckets and folders on machines; those of deployments and of the audit trail are
-- kept by whoever reads them
select setval(format('%I.%I', schemaname, sequencename), coalesce(last_value, 0) + 100000)
from pg_sequences where schemaname = current_schema() \g /dev/null

-- who held a job may have ended it since, and others may have had it: all that is open is built anew, under attempts
-- whose names are not taken
insert into past_attempt (job, attempt, worker, started_at, outcome, reason)
select id, attempt, worker, started_at, 'LOST', 'the database was restored' from job where status = 'RUNNING';
update job set
  status = case when cancel_requested_at is null then 'QUEUED' else 'CANCELLED' end,
  failure = case when cancel_requested_at is not null then 'cancelled by ' || cancel_requested_by end,
  finished_at = case when cancel_requested_at is not null then now() end,
  worker = null, started_at = null, last_heartbeat = null,
  attempt = attempt + 20, max_attempts = least(max_attempts + 20, 100)
where status in ('QUEUED', 'RUNNING');

-- branches are compared now, so what was pushed in the lost time is found
update branch_look set next_at = now(), failures = 0;

-- buckets are read back now: objects may have gone in the lost time
update replica set recheck_at = now() where status = 'VERIFIED';

-- what rolled may have ended long ago, with another build after it: people decide
update deployment set status = 'PAUSED', reason = 'the database was restored: resume or abort it'
where status = 'ROLLING';

-- nor does anything begin by itself before the builds of the lost time are there again, which machines may run already
insert into freeze_window (app, starts_at, ends_at, reason, created_by)
values (null, now(), now() + interval '1 day',
        'the database was restored: lift this once branches were compared and their builds are there', 'restore');

insert into audit (actor, action, subject, outcome, detail)
select 'restore', 'database-restore', 'database', 'RESTORED',
       format('up to %s; targets go on from revision %s',
              coalesce(pg_last_xact_replay_timestamp()::text, 'an earlier moment'), revision)
from target_revision;

commit;
