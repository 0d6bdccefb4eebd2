package dev.slipway.deploy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The database of an instance that stops before one of its statements, whatever that one is, so
 * that others act between what it has read and what it is about to write; then it goes on, or is
 * dead.
 */
@NullMarked
final class StoppingDataSource extends DelegatingDataSource {
  private @Nullable Stop next;

  StoppingDataSource(DataSource target) {
    super(target);
  }

  /** It was killed while it stood still. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** A stop to come. */
  static final class Stop {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final boolean deadly;
    private int statements;

    private Stop(int statements, boolean deadly) {
      this.statements = statements;
      this.deadly = deadly;
    }

    boolean isReached() {
      return reached.getCount() == 0;
    }

    void end() {
      over.countDown();
    }

    private void pass() {
      if (--statements != 0) {
        return;
      }
      reached.countDown();
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (deadly) {
        throw new Killed();
      }
    }
  }

  /**
   * It stops before its statement of that number, counted from now.
   *
   * @param deadly whether it does not go on from there
   */
  synchronized Stop stopBefore(int statement, boolean deadly) {
    var stop = new Stop(statement, deadly);
    next = stop;
    return stop;
  }

  private synchronized @Nullable Stop next() {
    return next;
  }

  @Override
  public Connection getConnection() throws SQLException {
    var connection = super.getConnection();
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              var stop = next();
              if (method.getName().equals("prepareStatement") && stop != null) {
                stop.pass();
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
