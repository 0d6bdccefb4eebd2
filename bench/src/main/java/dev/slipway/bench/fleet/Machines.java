package dev.slipway.bench.fleet;

import dev.slipway.bench.Jars;
import dev.slipway.bench.Run;
import dev.slipway.bench.queue.PeerProcess;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Machines that obey in words only, in two {@link Crowd}s, half of the regions' agents and of the
 * machines each.
 */
public final class Machines implements AutoCloseable {
  private static final int PROCESSES = 2;
  private static final List<String> FLAGS = List.of("-Xmx700m", "-XX:+UseSerialGC");

  private final List<PeerProcess> crowds = new ArrayList<>();
  private final int count;

  private Machines(int count) {
    this.count = count;
  }

  /**
   * Starts them, which takes a second for a thousand.
   *
   * @param count in all; every region has as many
   */
  static Machines start(Run run, String secret, int count, List<URI> agents)
      throws IOException, InterruptedException {
    return start(run, secret, count, 1, agents);
  }

  /**
   * The same with labels.
   *
   * @param groups machines of a region are {@code group-0} and on, in turn; with 1 none has labels
   */
  public static Machines start(Run run, String secret, int count, int groups, List<URI> agents)
      throws IOException, InterruptedException {
    var machines = new Machines(count);
    try {
      for (var n = 0; n < PROCESSES; n++) {
        machines.crowds.add(crowd(run, secret, n, count / PROCESSES, groups, agents));
      }
      return machines;
    } catch (IOException | InterruptedException failed) {
      machines.close();
      throw failed;
    }
  }

  private static PeerProcess crowd(
      Run run, String secret, int n, int count, int groups, List<URI> agents)
      throws IOException, InterruptedException {
    var arguments = new ArrayList<>(List.of(secret, "" + n * count, "" + count, "" + groups));
    agents.forEach(agent -> arguments.add(agent.toString()));
    return PeerProcess.start(
        Jars.command(Crowd.class, FLAGS, arguments),
        run.folder(),
        run.folder().resolve("crowd-" + n + ".log"));
  }

  int count() {
    return count;
  }

  /** When each that was told to run a build was told, by {@link System#nanoTime}, in order. */
  List<Double> told(long build) throws IOException, InterruptedException {
    var all = new ArrayList<Double>();
    for (var crowd : crowds) {
      all.addAll(crowd.call("told", Math.toIntExact(build)));
    }
    all.sort(null);
    return all;
  }

  /** How many say that they run a build. */
  long running(long build) throws IOException, InterruptedException {
    return sum("running", 0, Math.toIntExact(build));
  }

  /** From one build to one with a lower number. */
  public record Back(long from, long to) {}

  /** Each time that a machine was told to go to a build of the app with a lower number. */
  public List<Back> back() throws IOException, InterruptedException {
    var all = new ArrayList<Back>();
    for (var crowd : crowds) {
      var numbers = crowd.call("back");
      for (var n = 0; n < numbers.size(); n += 2) {
        all.add(new Back(numbers.get(n).longValue(), numbers.get(n + 1).longValue()));
      }
    }
    return all;
  }

  /** What became of polls so far. */
  record Polls(long answered, long failed) {
    Polls since(Polls before) {
      return new Polls(answered - before.answered, failed - before.failed);
    }

    double failedShare() {
      return (double) failed / Math.max(1, answered + failed);
    }
  }

  Polls polls() throws IOException, InterruptedException {
    return new Polls(sum("polls", 0), sum("polls", 1));
  }

  private long sum(String command, int place, int... numbers)
      throws IOException, InterruptedException {
    var sum = 0L;
    for (var crowd : crowds) {
      sum += crowd.call(command, numbers).get(place).longValue();
    }
    return sum;
  }

  /** The processes that play them. */
  public List<ProcessHandle> handles() {
    return crowds.stream().map(PeerProcess::handle).toList();
  }

  @Override
  public void close() {
    crowds.forEach(PeerProcess::close);
  }
}
