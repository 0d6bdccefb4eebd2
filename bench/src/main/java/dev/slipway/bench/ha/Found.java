package dev.slipway.bench.ha;

import dev.slipway.bench.Results;
import dev.slipway.bench.Samples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a drill found. */
final class Found {
  /** From a primary's end until all works again. */
  static final double LONGEST_FAILOVER_SECONDS = 30;

  /** A call that takes longer hangs. */
  static final double LONGEST_CALL_SECONDS = 20;

  private final List<String> violations = new ArrayList<>();
  private final Map<String, Detail> details = new LinkedHashMap<>();
  private final Samples killed = new Samples();
  private final Samples frozen = new Samples();
  private final Samples calls = new Samples();
  private Samples near = new Samples();
  private Samples far = new Samples();
  private int pushes;
  private int lost;

  private record Detail(String unit, Samples samples) {}

  /** Something must be; where it is not, that is a violation. */
  void must(boolean fine, String otherwise) {
    if (!fine) {
      violations.add(otherwise);
    }
  }

  /** Takes how long a failover took until all works again. */
  void failedOver(boolean wasFrozen, double seconds) {
    (wasFrozen ? frozen : killed).add(seconds);
    must(
        seconds < LONGEST_FAILOVER_SECONDS,
        "all worked again only %.1f s after the primary was gone".formatted(seconds));
  }

  /** Takes one value of a thing that helps to understand. */
  void detail(String what, String unit, double value) {
    details.computeIfAbsent(what, _ -> new Detail(unit, new Samples())).samples().add(value);
  }

  /** Takes how long a call took at most. */
  void longestCall(double seconds) {
    calls.add(seconds);
    must(seconds < LONGEST_CALL_SECONDS, "a call was answered after %.1f s".formatted(seconds));
  }

  /** Takes how long after a target machines of a near and of a far region ran it. */
  void reached(Samples nearSeconds, Samples farSeconds) {
    near = nearSeconds;
    far = farSeconds;
  }

  void pushed(int count, int withoutJob) {
    pushes = count;
    lost = withoutJob;
    must(withoutJob == 0, withoutJob + " pushes were accepted and are lost");
  }

  List<String> violations() {
    return violations;
  }

  int pushes() {
    return pushes;
  }

  void report(Results results) {
    results.figure("drill_ha.violations", one(violations.size()), "", 1);
    results.figure("drill_ha.pushes", one(pushes), "");
    results.figure("drill_ha.jobs_lost", one(lost), "", 1);
    figure(results, "failover_s", killed, LONGEST_FAILOVER_SECONDS);
    figure(results, "frozen_failover_s", frozen, LONGEST_FAILOVER_SECONDS);
    figure(results, "longest_call_s", calls, LONGEST_CALL_SECONDS);
    if (far.count() > 0) {
      results.figure("drill_ha.near_region_s", near, "s");
      results.figure("drill_ha.slow_region_s", far, "s");
    }
    details.forEach((what, detail) -> results.detail(what, detail.samples(), detail.unit()));
    violations.forEach(results::violated);
  }

  /** None where its part came to nothing, which is a violation already. */
  private static void figure(Results results, String name, Samples samples, double below) {
    if (samples.count() > 0) {
      results.figure("drill_ha." + name, samples, "s", below);
    }
  }

  private static Samples one(int count) {
    var samples = new Samples();
    samples.add(count);
    return samples;
  }
}
