package dev.slipway.standalone;

import java.io.IOException;

/** Two commits of a sample app on their way from {@code git push} to every machine. */
final class Demo {
  private final Standalone standalone;
  private final Teller teller;

  Demo(Standalone standalone, Teller teller) {
    this.standalone = standalone;
    this.teller = teller;
  }

  void run() throws IOException, InterruptedException {
    var sample = Sample.register(standalone, standalone.data().resolve("sample"));
    var journey = new Journey(standalone, Sample.APP, teller);
    teller.line("\nFirst commit: somebody presses Deploy.");
    var first = sample.pushFirst();
    teller.tell(
        "pushed",
        "commit " + first.substring(0, 12) + " to master; the hook has called the webhook");
    var build = journey.awaitBuild(first);
    journey.awaitReplicas(build);
    journey.pressDeploy(build);
    journey.awaitMachines(build, first);
    teller.line("\nSecond commit: its slipway.yml says auto: true, so nobody has to.");
    var second = sample.pushNext("Hello again");
    teller.tell(
        "pushed",
        "commit " + second.substring(0, 12) + " to master; the hook has called the webhook");
    var next = journey.awaitBuild(second);
    journey.awaitReplicas(next);
    journey.awaitMachines(next, second);
    teller.line("\nWhere the seconds of the second commit went (build includes publishing):");
    journey.summarise(next);
  }
}
