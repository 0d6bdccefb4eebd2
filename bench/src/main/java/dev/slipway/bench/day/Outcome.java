package dev.slipway.bench.day;

import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import dev.slipway.bench.fleet.Machines;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What became of a day. */
final class Outcome {
  private static final double MINUTE = 60;
  private static final double BUDGET_MIN = 30;
  private static final int MOST_TOLD = 20;

  private final Run run;
  private final Scale scale;
  private final Schedule schedule;
  private final Repositories repositories;
  private final Ledger ledger;
  private final Forge forge;
  private final Machines machines;

  Outcome(
      Run run,
      Scale scale,
      Schedule schedule,
      Repositories repositories,
      Ledger ledger,
      Forge forge,
      Machines machines) {
    this.run = run;
    this.scale = scale;
    this.schedule = schedule;
    this.repositories = repositories;
    this.ledger = ledger;
    this.forge = forge;
    this.machines = machines;
  }

  /** Counts it and hands it in. */
  void report(Hours hours) throws IOException, InterruptedException {
    var travels = ledger.travels(schedule.pushes(), repositories, hours.lostRegion());
    leads(Lead.of(travels.values(), hours.unnoticed(), hours.away()));
    counts(travels, hours);
    costs(hours);
  }

  private void leads(Collection<Lead> leads) {
    if (leads.isEmpty()) {
      run.results().violated("nothing came to its machines");
      return;
    }
    var whole = minutes(leads, Lead::seconds);
    var results = run.results();
    results.figure("day.lead_p50_min", Samples.of(whole.median()), "min");
    results.figure("day.lead_p99_min", Samples.of(whole.quantile(0.99)), "min", BUDGET_MIN);
    stage("queue", leads, Lead::queue);
    stage("build and publish", leads, Lead::build);
    stage("replicate and verify", leads, Lead::replicate);
    stage("its turn in the app's line", leads, Lead::turn);
    stage("deploy", leads, Lead::deploy);
    stage("attempts whose worker died", leads, Lead::lost);
    results.detail("most of all lead times", Samples.of(whole.most()), "min");
    var late = whole.values().stream().filter(minutes -> minutes > BUDGET_MIN).count();
    results.detail("share within 30 minutes", Samples.of(1 - (double) late / leads.size()), "");
  }

  private void stage(String name, Collection<Lead> leads, ToDoubleFunction<Lead> part) {
    var minutes = minutes(leads, part);
    run.results().detail(name + ", p50", Samples.of(minutes.median()), "min");
    run.results().detail(name + ", p99", Samples.of(minutes.quantile(0.99)), "min");
  }

  private static Samples minutes(Collection<Lead> leads, ToDoubleFunction<Lead> part) {
    var samples = new Samples();
    leads.forEach(lead -> samples.add(part.applyAsDouble(lead) / MINUTE));
    return samples;
  }

  private void counts(Map<String, Travel> travels, Hours hours)
      throws IOException, InterruptedException {
    var results = run.results();
    results.figure("day.pushes", Samples.of(scale.pushes()), "");
    results.detail(
        "deliveries again, all found their build", Samples.of((double) forge.again()), "");
    results.detail("webhook's answer, p99", Samples.of(forge.answerMillis().quantile(0.99)), "ms");
    results.detail("worker processes killed", Samples.of(scale.kills()), "");
    results.detail("attempts lost with them", Samples.of((double) ledger.attempts("LOST")), "");
    var lost = ledger.notThere(schedule.pushes(), repositories, travels.keySet());
    lost.stream().limit(MOST_TOLD).forEach(run.teller()::line);
    none("jobs_lost", lost.size(), "pushes did not come to their machines");
    var misplaced = ledger.outOfLine(schedule.pushes(), repositories);
    var overtaken = ledger.wentBack();
    var back = ledger.backInLine(machines.back());
    none(
        "order_violations",
        misplaced + overtaken + back,
        "out of order: %d builds, %d deployments, %d orders to machines"
            .formatted(misplaced, overtaken, back));
    none("machines_behind", ledger.behind(), "machines do not run what was deployed last");
    hours.failures().forEach(results::violated);
  }

  private void none(String what, long count, String meaning) {
    run.results().figure("day." + what, Samples.of((double) count), "", 1);
    if (count > 0) {
      run.results().violated(count + " " + meaning);
    }
  }

  private void costs(Hours hours) {
    var results = run.results();
    results.figure("day.statements_per_s", Samples.of(hours.statementsPerSecond()), "/s");
    var usage = hours.usage();
    for (var what : usage.all()) {
      cost(what, usage.cpuSeconds(what) / hours.seconds());
      if (List.of("workers", "build-queue-service").contains(what)) {
        cost(what + ": git, builds", usage.childSeconds(what) / hours.seconds());
      }
    }
    for (var what : usage.all()) {
      results.detail("memory, most: " + what, Samples.of(usage.peakMb(what)), "MB");
    }
  }

  private void cost(String what, double cores) {
    run.results().detail("CPU: " + what, Samples.of(cores * 100), "% of a core");
  }
}
