package dev.slipway.deploy.webhook;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Finds what is to be told in the times of jobs and deployments. What happened is told once to each
 * receiver, however often it is found, and also when this service was away meanwhile. Nothing here
 * writes or locks jobs and deployments.
 */
final class EventStore {
  private final JdbcClient jdbc;

  EventStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Notes what has happened for all who want to know, at most once at a time. A time is that of its
   * transaction's beginning and is seen at its end: so it is looked back for ten minutes. Of older
   * builds than the last 10,000, and of what is a day old, nothing is told.
   *
   * @return how many deliveries were noted
   */
  int note() {
    if (!jdbc.sql("select exists (select from webhook where disabled_at is null)")
        .query(Boolean.class)
        .single()) {
      return 0;
    }
    return jdbc.sql(
            """
            with receiver as (
              select * from webhook where disabled_at is null for no key update skip locked
            ), horizon as (
              select greatest(min(greatest(since, noted_until - interval '10 minutes')), now() - interval '1 day') as at
              from receiver
            ), happened as (
              select 'build.' || m.what as type, m.at, m.at as mark, j.id as subject, j.app,
                     j.id as job, j.seq, j.commit_sha, j.ref, j.status as job_status, j.attempt, j.failure,
                     null::jsonb as deployment
              from horizon, job j, lateral (values
                ('started', case when j.worker is not null then j.started_at end),
                (lower(j.status), j.finished_at),
                ('replicated', j.replicated_at)
              ) m (what, at)
              where j.id > (select max(id) - 10000 from job) and m.at > horizon.at
              union all
              select 'deployment.' || m.what, m.at, m.mark, d.id, d.app,
                     j.id, j.seq, j.commit_sha, j.ref, j.status, j.attempt, j.failure,
                     jsonb_build_object('id', d.id, 'status', d.status, 'cause', d.cause, 'requestedBy', d.requested_by,
                                        'reason', d.reason)
              from horizon, deployment d join job j on j.id = d.job, lateral (values
                ('created', d.created_at, d.created_at),
                ('started', d.started_at, d.started_at),
                (lower(d.status), d.finished_at, d.finished_at),
                -- when it was paused is not kept: what is kept stays as it is for as long as it is paused
                ('paused', case d.status when 'PAUSED' then now() end,
                 greatest(d.wave_started_at, d.wave_healthy_at, d.wave_ill_at))
              ) m (what, at, mark)
              where d.id > (select max(id) - 10000 from deployment) and m.at > horizon.at
            ), named as (
              select *, type || '-' || subject || '-' || (extract(epoch from mark) * 1000000)::bigint as event_id
              from happened
            ), noted as (
              insert into webhook_delivery (webhook, event_id, type, event)
              select receiver.id, named.event_id, named.type,
                     jsonb_build_object(
                       'id', named.event_id, 'type', named.type, 'app', named.app,
                       'at', to_char(named.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                       'build', jsonb_build_object('id', named.job, 'seq', named.seq, 'commit', named.commit_sha, 'ref', named.ref,
                                                   'status', named.job_status, 'attempt', named.attempt, 'failure', named.failure),
                       'deployment', named.deployment)
              from receiver join named on named.type = any (receiver.events)
                and (receiver.app is null or receiver.app = named.app)
                and named.at > greatest(receiver.since, receiver.noted_until - interval '10 minutes')
              where not exists (select from webhook_delivery d where d.webhook = receiver.id and d.event_id = named.event_id)
              order by named.at, named.subject
              on conflict do nothing
              returning 1
            ), moved as (
              update webhook set noted_until = now() from receiver
              where webhook.id = receiver.id and receiver.noted_until < now() - interval '1 minute'
            )
            select count(*) from noted
            """)
        .query(Integer.class)
        .single();
  }
}
