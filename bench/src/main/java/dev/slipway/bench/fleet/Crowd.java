package dev.slipway.bench.fleet;

import dev.slipway.common.access.MachineTokens;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.machine.region.PollLoop;
import dev.slipway.machine.region.RegionHttp;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The process of many machines, which poll as a machine's agent does, by its own classes. It
 * answers a line with a line of numbers, as a {@code PeerProcess} does:
 *
 * <ul>
 *   <li>{@code told B}: when each machine that was told to run build B was told
 *   <li>{@code running B}: how many say that they run it
 *   <li>{@code back}: for each time that a machine was told to go to a build with a lower number,
 *       the build that it was told before, and that one
 *   <li>{@code polls}: how many polls were answered, and how many were not
 * </ul>
 */
public final class Crowd {
  /** Machines that start in a second. */
  private static final int STARTS = 500;

  private final List<Simulated> machines = new ArrayList<>();
  private final MeterRegistry meters = new SimpleMeterRegistry();

  private Crowd() {}

  /**
   * Runs until its input ends.
   *
   * @param arguments the regions' machine secret, the number of the first machine, how many there
   *     are, in how many groups those of a region are by their labels, and the addresses of the
   *     regional agents, which take turns
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var crowd = new Crowd();
    var addresses = Stream.of(arguments).skip(4).map(URI::create).toList();
    crowd.start(
        new MachineTokens(arguments[0]),
        Integer.parseInt(arguments[1]),
        Integer.parseInt(arguments[2]),
        Integer.parseInt(arguments[3]),
        addresses);
    System.out.println("ok");
    try (var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(crowd.answer(line.split(" ", -1)));
      }
    }
    System.exit(0);
  }

  private void start(MachineTokens tokens, int first, int count, int groups, List<URI> addresses)
      throws InterruptedException {
    var http = RegionHttp.client();
    for (var n = 0; n < count; n++) {
      var id = new MachineId("m-" + (first + n));
      var machine = new Simulated();
      machines.add(machine);
      new PollLoop(
              new PollLoop.Self(
                  id, "zone-" + n % 3, labels(n / addresses.size(), groups), List.of()),
              List.of(addresses.get(n % addresses.size())),
              new RegionHttp(http, tokens.tokenOf(id), meters),
              machine.board(),
              machine,
              Clock.systemUTC(),
              meters)
          .start();
      if (n % STARTS == STARTS - 1) {
        Thread.sleep(1_000);
      }
    }
  }

  private static Labels labels(int numberInRegion, int groups) {
    return groups > 1 ? Labels.of("group-" + numberInRegion % groups) : Labels.NONE;
  }

  private String answer(String[] command) {
    return switch (command[0]) {
      case "told" ->
          ok(
              machines.stream()
                  .flatMap(machine -> Stream.ofNullable(machine.toldAt(Long.parseLong(command[1]))))
                  .mapToLong(Long::longValue));
      case "running" ->
          ok(
              LongStream.of(
                  machines.stream().filter(m -> m.runs(Long.parseLong(command[1]))).count()));
      case "back" ->
          ok(
              machines.stream()
                  .flatMap(machine -> machine.back().stream())
                  .flatMapToLong(back -> LongStream.of(back.from(), back.to())));
      case "polls" -> ok(LongStream.of(polls(true), polls(false)));
      default -> "error there is no " + command[0];
    };
  }

  private long polls(boolean answered) {
    return (long)
        meters.find("slipway.machine.requests").counters().stream()
            .filter(counter -> "200".equals(counter.getId().getTag("outcome")) == answered)
            .mapToDouble(Counter::count)
            .sum();
  }

  private static String ok(LongStream numbers) {
    return numbers.mapToObj(Long::toString).collect(Collectors.joining(" ", "ok ", ""));
  }
}
