package dev.slipway.common.notice;

import java.util.Collection;
import java.util.List;
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
    send(List.of(channel));
  }

  /** Sends to several channels in one statement. */
  public void send(Collection<Channel> channels) {
    jdbc.sql("select pg_notify(channel, '') from unnest(:channels::text[]) as channel")
        .param("channels", channels.stream().map(Channel::id).toArray(String[]::new))
        .query((row, n) -> true)
        .list();
  }
}
