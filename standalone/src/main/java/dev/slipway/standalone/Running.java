package dev.slipway.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Starts an installation for a command, and stops it in order when the command ends or is
 * interrupted.
 */
final class Running {
  private static final int LONGEST_STOP_SECONDS = 30;
  private static final CountDownLatch STOPPING = new CountDownLatch(1);
  private static final CountDownLatch ENDED = new CountDownLatch(1);

  private Running() {}

  static Standalone start(Path data, Ports ports, Teller teller) throws Exception {
    var main = Thread.currentThread();
    var logFile = data.resolve("logs/slipway.log").toAbsolutePath();
    // read by logback.xml when the first class logs, which is after this
    System.setProperty("slipway.log", logFile.toString());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(main), "stop"));
    teller.line(
        "Starting PostgreSQL, the services, 3 regions and 12 machines (log: " + logFile + ") …");
    var standalone = Standalone.start(data, ports, Size.DEFAULT);
    teller.tell("ready", "console at " + standalone.console());
    return standalone;
  }

  /** Ctrl-C: lets the main thread close what it has opened, and waits for it. */
  private static void stop(Thread main) {
    if (ENDED.getCount() == 0) {
      return;
    }
    STOPPING.countDown();
    main.interrupt();
    try {
      // not for the thread's end: it comes to wait for this hook, in System.exit
      ENDED.await(LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** To be called when a command has closed all that it had opened. */
  static void ended() {
    ENDED.countDown();
  }

  /** Returns when the command is interrupted. */
  static void awaitStop() {
    try {
      STOPPING.await();
    } catch (InterruptedException stopped) {
      // that is what it waits for
    }
  }

  /** Removes a folder with all that is in it. */
  static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
