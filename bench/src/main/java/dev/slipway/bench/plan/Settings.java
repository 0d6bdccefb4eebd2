package dev.slipway.bench.plan;

import dev.slipway.bench.business.Curve;
import dev.slipway.common.problem.InvalidInput;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What is planned for. Rates are what is left for artifacts, in Mbit/s; sizes in GB of 10^9 bytes.
 *
 * @param regions one bucket and one leading agent each
 * @param machines of each region
 * @param zones of each region, with as many machines each
 * @param artifactGb of the build that is followed
 * @param machineMbit of each machine's link, each way
 * @param agentMbit of each regional agent's link inside its region
 * @param wideMbit of each region's link to the others, each way
 * @param homeMbit at which the home bucket gives
 * @param pushes of a day
 * @param shortestMin of a build; they are spread evenly up to the longest
 * @param startS of an app on a machine, until it says that it is well
 * @param usualGb of the mean build, of which the day's bytes are made
 * @param widePrice of a GiB between regions, in dollars
 * @param zonePrice of a GiB between two zones of a region
 * @param fanoutMib what {@code bench fanout} sent around when it was measured
 */
record Settings(
    int regions,
    int machines,
    int zones,
    double artifactGb,
    double machineMbit,
    double agentMbit,
    double wideMbit,
    double homeMbit,
    int pushes,
    Curve curve,
    double shortestMin,
    double longestMin,
    double startS,
    double usualGb,
    double widePrice,
    double zonePrice,
    int fanoutMib) {
  /** Where the measured figures are read from, in the place of docs/benchmarks.md. */
  static final String MEASURED = "measured";

  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("regions", "10"),
          Map.entry("machines", "10000"),
          Map.entry("zones", "3"),
          Map.entry("artifact-gb", "10"),
          Map.entry("machine-mbit", "1000"),
          Map.entry("agent-mbit", "10000"),
          Map.entry("wide-mbit", "1000"),
          Map.entry("home-mbit", "10000"),
          Map.entry("pushes", "5000"),
          Map.entry("curve", "business"),
          Map.entry("shortest-min", "10"),
          Map.entry("longest-min", "20"),
          Map.entry("start-s", "30"),
          Map.entry("usual-gb", "1"),
          Map.entry("wide-price", "0.08"),
          Map.entry("zone-price", "0.01"),
          Map.entry("fanout-mib", "32"),
          Map.entry(MEASURED, ""));

  /** All that can be set. */
  static Set<String> keys() {
    return DEFAULTS.keySet();
  }

  /**
   * Reads what was set; the rest is what Slipway is built for.
   *
   * @throws InvalidInput which names the setting and its bounds
   */
  static Settings of(Map<String, String> set) {
    var all = new HashMap<>(DEFAULTS);
    all.putAll(set);
    var shortest = number(all, "shortest-min", 0.1, 1_440);
    return new Settings(
        whole(all, "regions", 1, 100),
        whole(all, "machines", 1, 20_000),
        whole(all, "zones", 1, 10),
        number(all, "artifact-gb", 0.01, 100),
        number(all, "machine-mbit", 1, 100_000),
        number(all, "agent-mbit", 1, 400_000),
        number(all, "wide-mbit", 1, 400_000),
        number(all, "home-mbit", 1, 400_000),
        whole(all, "pushes", 1, 50_000),
        curve(all.getOrDefault("curve", "")),
        shortest,
        number(all, "longest-min", shortest, 1_440),
        number(all, "start-s", 0, 3_600),
        number(all, "usual-gb", 0, 100),
        number(all, "wide-price", 0, 10),
        number(all, "zone-price", 0, 10),
        whole(all, "fanout-mib", 1, 1_024));
  }

  private static Curve curve(String text) {
    return switch (text) {
      case "business" -> Curve.BUSINESS;
      case "flat" -> Curve.FLAT;
      default -> {
        try {
          yield new Curve(Arrays.stream(text.split(",", -1)).map(Double::valueOf).toList());
        } catch (NumberFormatException notOne) {
          throw new InvalidInput("curve", "must be business, flat, or 24 weights");
        }
      }
    };
  }

  private static int whole(Map<String, String> all, String key, int least, int most) {
    var value = number(all, key, least, most);
    InvalidInput.unless(value == Math.rint(value), key, "must be a whole number");
    return (int) value;
  }

  private static double number(Map<String, String> all, String key, double least, double most) {
    try {
      var value = Double.parseDouble(all.getOrDefault(key, ""));
      InvalidInput.unless(
          value >= least && value <= most, key, "must be %s to %s".formatted(least, most));
      return value;
    } catch (NumberFormatException notOne) {
      throw new InvalidInput(key, "must be a number");
    }
  }
}
