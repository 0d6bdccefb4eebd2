package dev.slipway.common.swarm;

import java.time.Duration;
import java.util.function.Consumer;
import org.libtorrent4j.alerts.Alert;
import org.libtorrent4j.alerts.Alerts;
import org.libtorrent4j.swig.alert_ptr_vector;
import org.libtorrent4j.swig.session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that takes a session's alerts. An alert is valid only while its listener has it. */
final class AlertPump {
  private static final Logger log = LoggerFactory.getLogger(AlertPump.class);
  private static final long WAIT_MILLIS = 200;
  private static final Duration STOP = Duration.ofSeconds(5);

  private final session engine;
  private final Consumer<Alert<?>> listener;
  private final Runnable betweenAlerts;
  private final Thread thread;
  private volatile boolean open = true;

  /**
   * @param betweenAlerts called several times a second; like the listener, must not block
   */
  AlertPump(session engine, Consumer<Alert<?>> listener, Runnable betweenAlerts) {
    this.engine = engine;
    this.listener = listener;
    this.betweenAlerts = betweenAlerts;
    // it waits in native code, which would pin a virtual thread's carrier
    this.thread = Thread.ofPlatform().name("swarm-alerts").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    var alerts = new alert_ptr_vector();
    while (open) {
      if (engine.wait_for_alert_ms(WAIT_MILLIS) != null) {
        engine.pop_alerts(alerts);
        for (var i = 0; i < alerts.size(); i++) {
          var alert = Alerts.cast(alerts.get(i));
          surviving(() -> listener.accept(alert));
        }
        alerts.clear();
      }
      surviving(betweenAlerts);
    }
    alerts.delete();
  }

  private static void surviving(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      log.warn("The engine's alerts go on after a failure", e);
    }
  }

  /**
   * Stops the thread and waits for it, also when interrupted: nobody may use the session when it
   * goes.
   *
   * @return whether it has ended, which it does within {@link #WAIT_MILLIS} and what a listener
   *     takes
   */
  boolean stop() {
    open = false;
    var end = System.nanoTime() + STOP.toNanos();
    var interrupted = false;
    while (thread.isAlive() && System.nanoTime() < end) {
      try {
        thread.join(STOP);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }
}
