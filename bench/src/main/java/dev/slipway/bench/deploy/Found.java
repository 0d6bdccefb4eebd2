package dev.slipway.bench.deploy;

import dev.slipway.bench.Results;
import dev.slipway.bench.Samples;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a drill found. */
final class Found {
  private static final double TARGET_SECONDS = 2;

  private final List<String> violations = new ArrayList<>();
  private final Map<Step, Integer> agentKills = new EnumMap<>(Step.class);
  private final Samples warmSwitch = new Samples();
  private final Samples rollback = new Samples();
  private final Samples backAfterVerdict = new Samples();
  private int serviceKills;
  private int deployments;

  /** Something must be; where it is not, that is a violation. */
  void must(boolean fine, String otherwise) {
    if (!fine) {
      violations.add(otherwise);
    }
  }

  /** An agent was killed when it had come that far. */
  void agentKilled(Step step) {
    agentKills.merge(step, 1, Integer::sum);
  }

  void serviceKilled() {
    serviceKills++;
  }

  void deployed(int count) {
    deployments = count;
  }

  /** Takes a round's way forth and back, both beyond the app's own start. */
  void timed(double forth, double back) {
    warmSwitch.add(forth);
    rollback.add(back);
  }

  /** Takes how long after a gate's verdict its machines ran the build before. */
  void wasBackAfter(double seconds) {
    backAfterVerdict.add(seconds);
  }

  List<String> violations() {
    return violations;
  }

  int serviceKills() {
    return serviceKills;
  }

  int agentKills() {
    return agentKills.values().stream().mapToInt(n -> n).sum();
  }

  void report(Results results) {
    results.figure("drill_deploy.violations", one(violations.size()), "", 1);
    results.figure("drill_deploy.deployments", one(deployments), "");
    results.figure("drill_deploy.service_kills", one(serviceKills), "");
    results.figure("drill_deploy.agent_kills", one(agentKills()), "");
    agentKills.forEach((step, count) ->
        results.detail(
            "that came so far: " + step.name().toLowerCase(Locale.ROOT), one(count), ""));
    results.detail("from a gate's verdict to its wave run as before", backAfterVerdict, "s");
    results.figure("drill_deploy.warm_switch_s", warmSwitch, "s", TARGET_SECONDS);
    results.figure("drill_deploy.rollback_s", rollback, "s", TARGET_SECONDS);
    violations.forEach(results::violated);
  }

  private static Samples one(int count) {
    var samples = new Samples();
    samples.add(count);
    return samples;
  }
}
