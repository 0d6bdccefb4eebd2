package dev.slipway.deploy.console;

import dev.slipway.deploy.DeploymentView.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A deployment's machines as the grid draws them, a letter each: {@code h} runs the build, {@code
 * f} failed, {@code u} is silent, {@code d} downloads, {@code a} starts it, {@code p} has not been
 * heard on it, {@code n} is not its turn yet.
 */
record Cells(List<Region> regions) {

  /**
   * A region.
   *
   * @param machines their names
   * @param states their letters, in the same order
   */
  public record Region(String name, List<String> machines, String states) {}

  static Cells of(long build, List<Counted> machines) {
    var names = new TreeMap<String, List<String>>();
    var states = new TreeMap<String, StringBuilder>();
    for (var counted : machines) {
      var region = counted.machine().region().value();
      names
          .computeIfAbsent(region, r -> new ArrayList<>())
          .add(counted.machine().machine().value());
      states.computeIfAbsent(region, r -> new StringBuilder()).append(letter(build, counted));
    }
    return new Cells(
        names.keySet().stream()
            .map(region ->
                new Region(
                    region,
                    names.getOrDefault(region, List.of()),
                    String.valueOf(states.get(region))))
            .toList());
  }

  private static char letter(long build, Counted counted) {
    return switch (counted.standing()) {
      case HEALTHY -> 'h';
      case FAILED -> 'f';
      case UNKNOWN -> 'u';
      case NOT_COVERED -> 'n';
      case PENDING -> pending(build, counted);
    };
  }

  private static char pending(long build, Counted counted) {
    var state = counted.machine().state();
    if (state == null || !Long.valueOf(build).equals(counted.machine().build())) {
      return 'p';
    }
    return switch (state) {
      case DOWNLOADING -> 'd';
      case ACTIVATING -> 'a';
      case RUNNING, FAILED -> 'p';
    };
  }

  /**
   * What has turned since: by region and letter the places of the cells. None when the machines
   * themselves are others, so that everything is to be drawn anew.
   */
  Optional<Map<String, Map<String, List<Integer>>>> turnedSince(Cells earlier) {
    if (!names().equals(earlier.names())) {
      return Optional.empty();
    }
    var turned = new TreeMap<String, Map<String, List<Integer>>>();
    for (var r = 0; r < regions.size(); r++) {
      var now = regions.get(r).states();
      var before = earlier.regions.get(r).states();
      for (var i = 0; i < now.length(); i++) {
        if (now.charAt(i) != before.charAt(i)) {
          turned
              .computeIfAbsent(regions.get(r).name(), name -> new TreeMap<>())
              .computeIfAbsent(now.substring(i, i + 1), letter -> new ArrayList<>())
              .add(i);
        }
      }
    }
    return Optional.of(turned);
  }

  private List<List<String>> names() {
    return regions.stream().map(Region::machines).toList();
  }
}
