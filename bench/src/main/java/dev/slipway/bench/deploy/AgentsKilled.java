package dev.slipway.bench.deploy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Every machine's agent is killed in the middle of its deployment: as soon as it has come to some
 * step of it, or at any moment.
 */
final class AgentsKilled {
  private static final List<Step> STEPS = List.of(Step.values());
  private static final int LONGEST_MILLIS = 2_000;
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private AgentsKilled() {}

  static void run(Scene scene, int rounds) throws Exception {
    for (var round = 0; round < rounds; round++) {
      var build = scene.builds().plain();
      var deployment = scene.deployments().press(build);
      killAll(scene, build, round);
      scene.mustEndWell(deployment, build);
      scene.teller().tell("agents", "round %d of %d: all were killed".formatted(round + 1, rounds));
    }
    for (var host : scene.hosts()) {
      scene
          .found()
          .must(
              host.starts().stream().allMatch(Start::alone),
              host.id() + " had two processes of its app at a time");
    }
  }

  private static void killAll(Scene scene, long build, int round) throws Exception {
    var hosts = scene.hosts();
    try (var killers = Executors.newVirtualThreadPerTaskExecutor()) {
      var kills = new ArrayList<Future<Step>>();
      for (var host : hosts) {
        var turn = (kills.size() + round * hosts.size()) % (STEPS.size() + 1);
        kills.add(killers.submit(() -> kill(host, build, turn)));
      }
      for (var kill : kills) {
        scene.found().agentKilled(kill.get());
      }
    } catch (ExecutionException failed) {
      throw new IOException("an agent could not be killed", failed);
    }
  }

  /**
   * Kills and starts an agent.
   *
   * @param turn the step that is waited for; after the last of them a random while
   * @return how far it had come
   */
  private static Step kill(Host host, long build, int turn)
      throws IOException, InterruptedException {
    if (turn < STEPS.size()) {
      await(STEPS.get(turn), host, build);
    } else {
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(LONGEST_MILLIS));
    }
    host.killAgent();
    var step = Step.of(host, build);
    host.ensure();
    return step;
  }

  /** By looking all the time: a step takes few milliseconds. */
  private static void await(Step step, Host host, long build)
      throws IOException, InterruptedException {
    var begun = System.nanoTime();
    while (!step.isReached(host, build)) {
      if (System.nanoTime() - begun > LONGEST.toNanos()) {
        throw new IOException(host.id() + " has not come to " + step + " of build " + build);
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }
}
