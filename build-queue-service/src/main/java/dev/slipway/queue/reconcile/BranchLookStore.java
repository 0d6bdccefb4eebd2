package dev.slipway.queue.reconcile;

import dev.slipway.common.app.AppName;
import java.time.Duration;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** When each app's branch is due to be looked at. */
public final class BranchLookStore {
  /** A repository that does not answer is looked at less and less often, down to this. */
  private static final int SLOWEST = 16;

  private final JdbcClient jdbc;

  public BranchLookStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Gives new apps a time within the interval, so that they do not all come at once. */
  void addNew(Duration interval) {
    jdbc.sql(
            """
            insert into branch_look (app, next_at)
            select name, now() + (0.5 + random() / 2) * :millis * interval '1 millisecond' from app
            where not exists (select from branch_look where app = name)
            on conflict do nothing
            """)
        .param("millis", interval.toMillis())
        .update();
  }

  /** Takes the app that has been due for longest; nobody else does for {@code hold}. */
  Optional<AppName> claim(Duration hold) {
    return jdbc.sql(
            """
            update branch_look set next_at = now() + :hold * interval '1 millisecond'
            where app = (select app from branch_look where next_at <= now() order by next_at limit 1
                         for update skip locked)
            returning app
            """)
        .param("hold", hold.toMillis())
        .query((row, n) -> new AppName(row.getString("app")))
        .optional();
  }

  /** It answered: the next look is one interval away, less up to a fifth. */
  void answered(AppName app, Duration interval) {
    jdbc.sql(
            """
            update branch_look
            set looked_at = now(), failures = 0, next_at = now() + (1 - random() / 5) * :millis * interval '1 millisecond'
            where app = :app
            """)
        .param("millis", interval.toMillis())
        .param("app", app.value())
        .update();
  }

  /** It did not: the next look is twice as far away as the last time. */
  void failed(AppName app, Duration interval) {
    jdbc.sql(
            """
            update branch_look
            set failures = failures + 1,
              next_at = now() + (1 - random() / 5) * least(power(2, least(failures, 10)), :slowest) * :millis * interval '1 millisecond'
            where app = :app
            """)
        .param("slowest", SLOWEST)
        .param("millis", interval.toMillis())
        .param("app", app.value())
        .update();
  }

  /** How long ago the app that waits for longest was looked at; 0 without apps. */
  double oldestSeconds() {
    return jdbc.sql(
            "select coalesce(extract(epoch from now() - min(looked_at)), 0)::float8 from branch_look")
        .query(Double.class)
        .single();
  }
}
