package dev.slipway.common.idempotency;

import dev.slipway.common.problem.Problem;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Keys that callers gave, for a day. To be called in the transaction of the work. */
public final class IdempotencyStore {
  /** How many keys a caller may have at a time. */
  static final int MOST = 10_000;

  private static final int BATCH = 1_000;
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final JdbcClient jdbc;

  public IdempotencyStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** What a key stands for already. */
  record Known(String digest, KeptAnswer answer) {}

  /**
   * Takes a key. Whoever has it and is not done is waited for, at most three seconds.
   *
   * @return whether it was free
   * @throws Problem 409 when the wait was too long
   */
  boolean take(String caller, String key, String digest) {
    jdbc.sql("set local lock_timeout = '3s'").update();
    var taken = insert(caller, key, digest);
    // the work has its own patience
    jdbc.sql("set local lock_timeout to default").update();
    return taken;
  }

  private boolean insert(String caller, String key, String digest) {
    try {
      return jdbc.sql(
                  """
                  insert into idempotency_key (caller, key, digest) values (:caller, :key, :digest)
                  on conflict do nothing
                  """)
              .param("caller", caller)
              .param("key", key)
              .param("digest", digest)
              .update()
          == 1;
    } catch (DataAccessException e) {
      if (e.getMostSpecificCause() instanceof SQLException sql
          && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
        throw Problem.conflict(
            "idempotency-key-busy", "a call with this key is under way; try again");
      }
      throw e;
    }
  }

  /** Whether the caller has as many keys as may be. */
  boolean isFull(String caller) {
    return jdbc.sql("select count(*) from idempotency_key where caller = :caller")
            .param("caller", caller)
            .query(Integer.class)
            .single()
        >= MOST;
  }

  /** What a key that is taken stands for. */
  Optional<Known> find(String caller, String key) {
    return jdbc.sql("select * from idempotency_key where caller = :caller and key = :key")
        .param("caller", caller)
        .param("key", key)
        .query((row, n) -> {
          var body = row.getString("body");
          return new Known(
              row.getString("digest"),
              new KeptAnswer(
                  row.getInt("status"),
                  row.getString("content_type"),
                  body == null ? "" : body,
                  row.getBoolean("kept")));
        })
        .optional();
  }

  /** Keeps the answer of a key that was taken. */
  void keep(String caller, String key, KeptAnswer answer) {
    jdbc.sql(
            """
            update idempotency_key set status = :status, content_type = :type, body = :body, kept = :kept
            where caller = :caller and key = :key
            """)
        .param("status", answer.status())
        .param("type", answer.contentType())
        .param("body", answer.body())
        .param("kept", answer.kept())
        .param("caller", caller)
        .param("key", key)
        .update();
  }

  /**
   * Forgets some of the keys that are a day old.
   *
   * @return whether there may be more
   */
  public boolean forgetOld() {
    return jdbc.sql(
                """
                delete from idempotency_key where (caller, key) in (
                  select caller, key from idempotency_key where created_at < now() - interval '24 hours'
                  order by created_at limit :batch for update skip locked)
                """)
            .param("batch", BATCH)
            .update()
        == BATCH;
  }
}
