package dev.slipway.bench.deploy;

import java.io.IOException;

/** How far a machine's agent has come with a build, as its folder shows. */
enum Step {
  TOLD,
  UNPACKING,
  UNPACKED,
  SWITCHED,
  STARTED;

  /** Whether a machine has come so far, or further. */
  boolean isReached(Host host, long build) throws IOException {
    return switch (this) {
      case TOLD -> host.knows(build);
      case UNPACKING -> host.unpacks(build);
      case UNPACKED -> host.holds(build);
      case SWITCHED -> host.hasSwitchedTo(build);
      case STARTED -> host.hasStarted(build);
    };
  }

  /** The last that a machine has reached; {@link #TOLD} where it is none. */
  static Step of(Host host, long build) throws IOException {
    var last = TOLD;
    for (var step : values()) {
      if (step.isReached(host, build)) {
        last = step;
      }
    }
    return last;
  }
}
