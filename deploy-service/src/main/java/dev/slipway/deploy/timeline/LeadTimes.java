package dev.slipway.deploy.timeline;

import dev.slipway.deploy.timeline.Timeline.Outlook;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * Counts how long commits took from push to last machine, each once: by the first deployment that
 * brought its build everywhere.
 */
public final class LeadTimes {
  private static final Duration[] BOUNDS =
      Stream.of(1, 2, 5, 10, 15, 20, 25, 30, 40, 60, 120)
          .map(Duration::ofMinutes)
          .toArray(Duration[]::new);

  private final TimelineStore timelines;
  private final MeterRegistry meters;

  /**
   * @param meters gets the histogram {@code slipway.lead.time} by {@code app}, without the wait for
   *     somebody to press Deploy, and {@code slipway.lead.stage} by {@code stage}
   */
  public LeadTimes(TimelineStore timelines, MeterRegistry meters) {
    this.timelines = timelines;
    this.meters = meters;
    for (var stage : Stage.Name.values()) {
      stage(stage);
    }
  }

  /** Shows an app with nothing yet: what begins with its first value hides it from rates. */
  public void expect(String app) {
    of(app);
  }

  /** Counts a build if it was this deployment that brought it to its last machine. */
  public void count(long build, Instant deployed) {
    timelines
        .of(build)
        .filter(timeline -> timeline.outlook() == Outlook.DONE)
        .filter(timeline -> deployed.equals(timeline.stages().getLast().until()))
        .ifPresent(this::count);
  }

  private void count(Timeline timeline) {
    of(timeline.app()).record(duration(timeline.seconds()));
    for (var stage : timeline.stages()) {
      stage(stage.name()).record(duration(stage.spent()));
    }
  }

  private Timer stage(Stage.Name name) {
    return meters.timer("slipway.lead.stage", "stage", name.word());
  }

  private Timer of(String app) {
    return Timer.builder("slipway.lead.time")
        .tag("app", app)
        .serviceLevelObjectives(BOUNDS)
        .register(meters);
  }

  private static Duration duration(double seconds) {
    return Duration.ofMillis((long) (seconds * 1e3));
  }
}
