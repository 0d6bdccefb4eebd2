package dev.slipway.common.notice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.database.DatabaseLink;
import dev.slipway.common.database.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

@NullMarked
class ListenerStoreTest {
  private final TestDatabase database = TestDatabase.create();
  private final int port = URI.create(database.url().substring("jdbc:".length())).getPort();
  private final Semaphore woken = new Semaphore(0);

  @Test
  void a_connection_on_which_nothing_comes_any_more_is_given_up_for_another() throws Exception {
    try (var link = new DatabaseLink(port);
        var listener = listener(new Ways(link.port()))) {
      assertThat(listener).isNotNull();
      assertWoken();
      link.freeze();
      // as after every new connection; a notification shows that this one is not frozen
      assertWoken();
      new NoticeStore(database.jdbc()).send(Channel.JOB_QUEUED);
      assertWoken();
    }
  }

  private ListenerStore listener(Ways ways) {
    return new ListenerStore(
        ways, Map.of(Channel.JOB_QUEUED, woken::release), new SimpleMeterRegistry());
  }

  private void assertWoken() throws InterruptedException {
    assertThat(woken.tryAcquire(2, TimeUnit.MINUTES)).isTrue();
  }

  /** The first connection goes over the link, all others directly, as after a failover. */
  private final class Ways extends AbstractDataSource {
    private final AtomicInteger made = new AtomicInteger();
    private final int first;

    private Ways(int first) {
      this.first = first;
    }

    @Override
    public Connection getConnection() throws SQLException {
      var way = new PGSimpleDataSource();
      way.setUrl(
          made.getAndIncrement() == 0
              ? database.url().replace(":" + port, ":" + first)
              : database.url());
      way.setUser("postgres");
      return way.getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      return getConnection();
    }
  }
}
