package dev.slipway.common.audit;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Adds to the audit trail. Call it in the transaction that changes what it tells about, so that
 * neither exists without the other.
 */
public final class AuditStore {
  private static final int LONGEST_DETAIL = 2_000;

  private final JdbcClient jdbc;

  public AuditStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Adds one line, with the address that the request comes from which this thread serves.
   *
   * @param actor the caller's name
   * @param action lower-case words joined by hyphens, as {@code job-cancel}
   * @param subject what it was done to, as {@code job 7}
   * @param outcome what came of it, as {@code CANCELLED}
   * @param detail never a secret; cut after 2,000 characters
   */
  public void record(
      String actor, String action, String subject, String outcome, @Nullable String detail) {
    jdbc.sql(
            """
            insert into audit (actor, address, action, subject, outcome, detail)
            values (:actor, :address, :action, :subject, :outcome, left(:detail, :longest))
            """)
        .param("address", CallerAddress.ofThisRequest())
        .param("actor", actor)
        .param("action", action)
        .param("subject", subject)
        .param("outcome", outcome)
        .param("detail", detail)
        .param("longest", LONGEST_DETAIL)
        .update();
  }
}
