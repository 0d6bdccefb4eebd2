package dev.slipway.standalone.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboards, rules and runbooks as they are in the repository. */
public final class Monitoring {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern METRIC = Pattern.compile("\\bslipway_[a-z_]+");
  private static final Pattern DOCUMENTED = Pattern.compile("`(slipway\\.[a-z_.]+)`");

  /** What Prometheus makes of a meter's name; the longest first. */
  private static final List<String> SUFFIXES =
      List.of(
          "_seconds_bucket",
          "_seconds_count",
          "_seconds_sum",
          "_seconds_max",
          "_seconds",
          "_bucket",
          "_count",
          "_sum",
          "_max",
          "_total");

  private Monitoring() {}

  /**
   * An expression and where it is.
   *
   * @param where the dashboard's title and the panel's
   */
  public record Expression(String where, String promql) {}

  public static Path root() {
    return ROOT;
  }

  /** The rule files of Prometheus. */
  public static List<Path> ruleFiles() {
    return files("prometheus/rules", ".yml");
  }

  /** What {@code promtool test rules} runs. */
  public static List<Path> ruleTests() {
    return files("prometheus/tests", ".yml");
  }

  /** All rules, those that record and those that alert. */
  public static List<Map<String, Object>> rules() {
    var rules = new ArrayList<Map<String, Object>>();
    for (var file : ruleFiles()) {
      Map<String, List<Map<String, Object>>> content = new Yaml().load(text(file));
      for (var group : content.getOrDefault("groups", List.of())) {
        rules.addAll(each(Objects.requireNonNull(group.get("rules"))));
      }
    }
    return rules;
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> each(Object rules) {
    return (List<Map<String, Object>>) rules;
  }

  /** The rules that alert. */
  public static List<Map<String, Object>> alerts() {
    return rules().stream().filter(rule -> rule.containsKey("alert")).toList();
  }

  /** Every dashboard. */
  public static List<JsonNode> dashboards() {
    return files("grafana/dashboards", ".json").stream()
        .map(file -> JsonMapper.shared().readTree(text(file)))
        .toList();
  }

  /** The panels of a dashboard that show something. */
  public static List<JsonNode> panels(JsonNode dashboard) {
    var panels = new ArrayList<JsonNode>();
    for (var panel : dashboard.path("panels")) {
      if (!"row".equals(panel.path("type").asString())) {
        panels.add(panel);
      }
    }
    return panels;
  }

  /** What the panels of all dashboards ask. */
  public static List<Expression> expressions() {
    var all = new ArrayList<Expression>();
    for (var dashboard : dashboards()) {
      for (var panel : panels(dashboard)) {
        for (var target : panel.path("targets")) {
          all.add(
              new Expression(
                  dashboard.path("title").asString() + " / " + panel.path("title").asString(),
                  target.path("expr").asString()));
        }
      }
    }
    return all;
  }

  /** The runbooks, without their index. */
  public static List<Path> runbooks() {
    return files("docs/runbooks", ".md").stream()
        .filter(file -> !file.endsWith("README.md"))
        .toList();
  }

  /** The names of Slipway's metrics in a text, as Prometheus writes them. */
  public static Set<String> metricsIn(String text) {
    var found = new TreeSet<String>();
    METRIC.matcher(text).results().forEach(name -> found.add(name.group()));
    return found;
  }

  /** Whether the table of metrics has a name that Prometheus gave. */
  public static boolean isDocumented(String metric) {
    var documented = documented();
    return documented.contains(metric)
        || SUFFIXES.stream()
            .filter(metric::endsWith)
            .anyMatch(s -> documented.contains(metric.substring(0, metric.length() - s.length())));
  }

  /** Whether it is the beginning of such a name, as people look for. */
  public static boolean isLookedFor(String metric) {
    return isDocumented(metric) || documented().stream().anyMatch(name -> name.startsWith(metric));
  }

  private static Set<String> documented() {
    var names = new HashSet<String>();
    DOCUMENTED
        .matcher(text(ROOT.resolve("docs/operating.md")))
        .results()
        .forEach(name -> names.add(name.group(1).replace('.', '_')));
    return names;
  }

  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(String folder, String end) {
    try (Stream<Path> all = Files.list(ROOT.resolve(folder))) {
      return all.filter(file -> file.toString().endsWith(end)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
