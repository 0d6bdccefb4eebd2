package dev.slipway.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Reads what the fleet call answers, and asks the apps themselves. */
final class Fleet {
  private Fleet() {}

  /** How many machines run a build. */
  static long running(JsonNode fleet, long build) {
    return Journey.each(fleet).filter(m -> isRunning(m, build)).count();
  }

  /** One line: how many of each region's machines are in which state. */
  static String counts(JsonNode fleet, long build) {
    return Journey.each(fleet)
        .collect(
            Collectors.groupingBy(
                m -> m.path("region").asString(),
                TreeMap::new,
                Collectors.groupingBy(m -> state(m, build), TreeMap::new, Collectors.counting())))
        .entrySet()
        .stream()
        .map(region -> region.getKey() + " " + joined(region.getValue()))
        .collect(Collectors.joining(" · "));
  }

  private static String joined(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(e -> e.getValue() + " " + e.getKey())
        .collect(Collectors.joining(", "));
  }

  private static String state(JsonNode machine, long build) {
    if (isRunning(machine, build)) {
      return "running";
    }
    return machine.path("build").asLong(0) == build
        ? machine.path("state").asString("waiting").toLowerCase(Locale.ROOT)
        : "waiting";
  }

  private static boolean isRunning(JsonNode machine, long build) {
    return machine.path("running").asLong(0) == build
        && "RUNNING".equals(machine.path("state").asString(""));
  }

  /** Whether the app at an address says that it is of a commit. */
  static boolean answers(URI address, String commit) throws InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(5)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body().contains(commit);
    } catch (IOException notYet) {
      return false;
    }
  }
}
