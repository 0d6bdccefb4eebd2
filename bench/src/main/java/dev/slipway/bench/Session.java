package dev.slipway.bench;

import dev.slipway.standalone.Ports;
import dev.slipway.standalone.Teller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One run of a program, from saying what will happen to printing what was found. Ctrl-C lets the
 * program end what it has started.
 */
final class Session {
  private static final int LONGEST_STOP_SECONDS = 120;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Program program;
  private final boolean quick;
  private final Map<String, String> settings;
  private final Ports ports;
  private final Teller teller;

  Session(
      Program program, boolean quick, Map<String, String> settings, Ports ports, Teller teller) {
    this.program = program;
    this.quick = quick;
    this.settings = settings;
    this.ports = ports;
    this.teller = teller;
  }

  /** Whether it ran whole and nothing was violated. */
  boolean run() throws Exception {
    var main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(main), "stop"));
    var folder = Files.createTempDirectory("slipway-bench");
    try {
      return run(folder);
    } catch (InterruptedException stopped) {
      teller.line("Stopped; nothing of it is left.");
      return false;
    } finally {
      delete(folder);
      ended.countDown();
    }
  }

  private boolean run(Path folder) throws Exception {
    teller.line("Machine: " + MachineInfo.line(folder));
    teller.line("Before:  " + MachineInfo.load());
    var run = new Run(quick, ports, folder, teller, new Results(), settings);
    teller.line(
        "%s takes about %d minutes on two idle cores%s. Ctrl-C stops it."
            .formatted(
                program.name(),
                program.expected(quick).toMinutes(),
                program.hasWarmUp()
                    ? ": %d rounds each, after one of warm-up".formatted(run.rounds())
                    : ""));
    program.run(run);
    teller.line("After:   " + MachineInfo.load());
    teller.line("");
    run.results().table().forEach(teller::line);
    teller.line("");
    run.results().figures().forEach(teller::line);
    run.results().violations().forEach(what -> teller.line("VIOLATED: " + what));
    return run.results().violations().isEmpty();
  }

  /** Lets the main thread end what it has started, and waits for it. */
  private void stop(Thread main) {
    if (ended.getCount() == 0) {
      return;
    }
    main.interrupt();
    try {
      if (!ended.await(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("slipway bench: it did not end in time; something may be left of it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
