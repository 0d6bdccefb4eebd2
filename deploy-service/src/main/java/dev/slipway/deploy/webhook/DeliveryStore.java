package dev.slipway.deploy.webhook;

import dev.slipway.common.trace.TraceParent;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What is sent, has been sent and was given up. One event at a time goes to a receiver, in the
 * order in which they were noted.
 */
final class DeliveryStore {
  private final JdbcClient jdbc;

  DeliveryStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * An event that somebody is about to send.
   *
   * @param claim who tries: a later try has a higher one
   * @param tries with this one
   * @param overdue whether it has been tried for as long as it is
   * @param trace that of the build it is about; none of builds that have no trace
   */
  record Due(
      long id,
      long webhook,
      URI url,
      Kind kind,
      String secret,
      String eventId,
      String event,
      long claim,
      int tries,
      boolean overdue,
      @Nullable TraceParent trace) {}

  /**
   * Takes the first event that waits for some receiver, for so long. Whoever dies with it leaves it
   * to be sent again then, under the same id.
   */
  Optional<Due> claim(Duration hold, Duration giveUpAfter) {
    return jdbc.sql(
            """
            update webhook_delivery d
            set next_try_at = now() + :hold * interval '1 second', claim = d.claim + 1, tries = d.tries + 1
            from webhook
            where webhook.id = d.webhook and d.id = (
              select head.id from webhook_delivery head join webhook w on w.id = head.webhook
              where head.state = 'WAITING' and w.disabled_at is null and head.next_try_at <= now()
                and not exists (select from webhook_delivery before
                                where before.webhook = head.webhook and before.state = 'WAITING' and before.id < head.id)
              order by head.next_try_at limit 1
              for update of head skip locked)
            returning d.*, webhook.url, webhook.kind, webhook.secret,
              d.created_at < now() - :giveUp * interval '1 second' as overdue,
              (select trace_parent from job where id = (d.event #>> '{build,id}')::bigint) as trace_parent
            """)
        .param("hold", hold.toSeconds())
        .param("giveUp", giveUpAfter.toSeconds())
        .query((row, n) ->
            new Due(
                row.getLong("id"),
                row.getLong("webhook"),
                URI.create(row.getString("url")),
                Kind.valueOf(row.getString("kind")),
                row.getString("secret"),
                row.getString("event_id"),
                row.getString("event"),
                row.getLong("claim"),
                row.getInt("tries"),
                row.getBoolean("overdue"),
                TraceParent.parse(row.getString("trace_parent")).orElse(null)))
        .optional();
  }

  /** It was taken. */
  void delivered(Due due, Reply reply) {
    jdbc.sql(
            """
            with done as (
              update webhook_delivery
              set state = 'DELIVERED', delivered_at = now(), last_status = :status, problem = null
              where id = :id and claim = :claim and state = 'WAITING'
            )
            update webhook set failing_since = null where id = :webhook and failing_since is not null
            """)
        .param("status", reply.status())
        .param("id", due.id())
        .param("claim", due.claim())
        .param("webhook", due.webhook())
        .update();
  }

  /** It was not taken, and is sent again after the pause. */
  void postpone(Due due, Reply reply, Duration pause) {
    failed(due, reply, "WAITING", pause);
  }

  /** It was not taken, and is not sent again. */
  void giveUp(Due due, Reply reply) {
    failed(due, reply, "GIVEN_UP", Duration.ZERO);
  }

  private void failed(Due due, Reply reply, String state, Duration pause) {
    jdbc.sql(
            """
            with mine as (
              update webhook_delivery
              set state = :state, next_try_at = now() + :pause * interval '1 millisecond', last_status = :status,
                problem = left(:problem, 1000)
              where id = :id and claim = :claim and state = 'WAITING'
            )
            update webhook set failing_since = now() where id = :webhook and failing_since is null
            """)
        .param("state", state)
        .param("pause", pause.toMillis())
        .param("status", reply.status())
        .param("problem", reply.problem())
        .param("id", due.id())
        .param("claim", due.claim())
        .param("webhook", due.webhook())
        .update();
  }

  /**
   * Tells a receiver no more that has taken nothing for so long, and gives up what waits for it.
   *
   * @return whether it was so
   */
  boolean disable(long webhook, Duration disableAfter) {
    return jdbc.sql(
                """
                with gone as (
                  update webhook set disabled_at = now(), disabled_reason = 'it has taken nothing since ' || failing_since
                  where id = :webhook and disabled_at is null
                    and failing_since < now() - :after * interval '1 second'
                  returning id
                ), left_over as (
                  update webhook_delivery set state = 'GIVEN_UP', problem = 'the webhook was disabled' from gone
                  where webhook = gone.id and state = 'WAITING'
                )
                select count(*) from gone
                """)
            .param("webhook", webhook)
            .param("after", disableAfter.toSeconds())
            .query(Integer.class)
            .single()
        == 1;
  }

  /** What was sent to a receiver of late, newest first: those below an id. */
  List<Delivery> list(long webhook, long before, int limit) {
    return jdbc.sql(
            """
            select * from webhook_delivery where webhook = :webhook and id < :before order by id desc limit :limit
            """)
        .param("webhook", webhook)
        .param("before", before)
        .param("limit", limit)
        .query(DeliveryStore::read)
        .list();
  }

  /** Forgets what ended a week ago. */
  void forget() {
    jdbc.sql(
            """
            delete from webhook_delivery where state <> 'WAITING' and created_at < now() - interval '7 days'
            """)
        .update();
  }

  private static Delivery read(ResultSet row, int n) throws SQLException {
    var state = row.getString("state");
    return new Delivery(
        row.getLong("id"),
        row.getString("event_id"),
        row.getString("type"),
        state,
        row.getInt("tries"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        state.equals("WAITING") ? instant(row, "next_try_at") : null,
        instant(row, "delivered_at"),
        row.getObject("last_status", Integer.class),
        row.getString("problem"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
