package dev.slipway.common.schema;

import java.time.Duration;

/** The schema lacks migrations that this version needs, and nobody has applied them in time. */
final class SchemaBehind extends RuntimeException {
  private static final long serialVersionUID = 1;

  SchemaBehind(String missing, Duration waited) {
    super(
        "the schema lacks the migrations %s; waited %d s for them"
            .formatted(missing, waited.toSeconds()));
  }
}
