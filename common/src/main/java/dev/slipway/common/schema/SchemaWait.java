package dev.slipway.common.schema;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes nothing: waits until the schema has every migration that this version knows. One that has
 * later ones as well is welcome, as services of the version before run on while a new one comes.
 */
final class SchemaWait {
  private static final long LOOK_MILLIS = 1000;
  private static final Logger log = LoggerFactory.getLogger(SchemaWait.class);

  private final Duration longest;

  /**
   * @param longest how long it waits; zero for one look
   */
  SchemaWait(Duration longest) {
    this.longest = longest;
  }

  /**
   * Returns when nothing is missing.
   *
   * @throws SchemaBehind when something still is after the longest wait
   * @throws org.flywaydb.core.api.FlywayException when the database cannot be read, or what was
   *     applied is not what this version knows
   */
  void await(Flyway flyway) {
    var started = System.nanoTime();
    var missing = missing(flyway);
    if (!missing.isEmpty()) {
      log.info("Waiting for the migrations {} to be applied", missing);
    }
    while (!missing.isEmpty()) {
      if (System.nanoTime() - started >= longest.toNanos()) {
        throw new SchemaBehind(missing, longest);
      }
      pause();
      missing = missing(flyway);
    }
    flyway.validate();
  }

  private static String missing(Flyway flyway) {
    return Arrays.stream(flyway.info().pending())
        .map(MigrationInfo::getVersion)
        .map(version -> "V" + version)
        .collect(Collectors.joining(", "));
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while it waited for the schema", e);
    }
  }
}
