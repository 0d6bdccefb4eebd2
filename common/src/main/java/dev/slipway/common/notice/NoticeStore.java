package dev.slipway.common.notice;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Sends notifications. Call it after the commit: PostgreSQL serialises the commits of transactions
 * that notify.
 */
public final class NoticeStore {
  private final JdbcClient jdbc;

  public NoticeStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  public void send(Channel channel) {
    jdbc.sql("select pg_notify(:channel, '')")
        .param("channel", channel.id())
        .query((row, n) -> true)
        .single();
  }
}
