package dev.slipway.standalone.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Dashboards, rules and runbooks fit each other, and what services export. */
class MonitoringTest {
  private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
  private static final Pattern COMMAND = Pattern.compile("\\./slipway ([a-z-]+)");

  @Test
  void every_alert_says_what_is_wrong_how_grave_it_is_and_where_to_read_on() {
    var names = new HashSet<String>();
    for (var alert : Monitoring.alerts()) {
      var name = String.valueOf(alert.get("alert"));
      assertThat(names.add(name)).as("%s is there once", name).isTrue();
      assertThat(part(alert, "labels").get("severity")).as(name).isIn("critical", "warning");
      var annotations = part(alert, "annotations");
      assertThat(annotations).as(name).containsKeys("summary", "description", "runbook_url");
      var runbook = Monitoring.root().resolve(String.valueOf(annotations.get("runbook_url")));
      assertThat(runbook).as(name).isRegularFile();
    }
    assertThat(names).hasSizeGreaterThan(20);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> part(Map<String, Object> alert, String name) {
    return (Map<String, Object>) Objects.requireNonNull(alert.get(name));
  }

  @Test
  void every_runbook_is_some_alerts_and_says_what_to_do() {
    var linked =
        Monitoring.alerts().stream()
            .map(alert -> String.valueOf(part(alert, "annotations").get("runbook_url")))
            .map(address -> Monitoring.root().resolve(address))
            .collect(Collectors.toSet());
    assertThat(Monitoring.runbooks()).containsExactlyInAnyOrderElementsOf(linked);
    var index = Monitoring.text(Monitoring.root().resolve("docs/runbooks/README.md"));
    for (var runbook : Monitoring.runbooks()) {
      assertThat(Monitoring.text(runbook))
          .as("%s", runbook)
          .contains(
              "## What it means",
              "## What users see",
              "## First look",
              "## Likely causes",
              "## What to do",
              "## Over when");
      assertThat(index).contains("(" + runbook.getFileName() + ")");
    }
  }

  /** The line that operators are told to hand the rules on by. */
  @Test
  void the_documented_line_makes_each_runbook_a_link(@TempDir Path folder) throws Exception {
    var line =
        Monitoring.text(Monitoring.root().resolve("docs/operations.md"))
            .lines()
            .filter(text -> text.startsWith("sed 's|runbook_url: "))
            .findFirst()
            .orElseThrow();
    var rules = folder.resolve("alerts.yml");
    var process =
        new ProcessBuilder("sh", "-c", line.replaceFirst("> \\S+$", "> " + rules))
            .directory(Monitoring.root().toFile())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
    var base = line.replaceFirst(".*(https://[^|]+/)docs/\\|.*", "$1");
    var expected =
        Monitoring.text(Monitoring.root().resolve("prometheus/rules/alerts.yml"))
            .replace("runbook_url: ", "runbook_url: " + base);
    assertThat(base).startsWith("https://").endsWith("/");
    assertThat(rules).hasContent(expected);
  }

  @Test
  void runbooks_name_commands_that_there_are() {
    var commands = Monitoring.text(Monitoring.root().resolve("docs/cli.md"));
    for (var runbook : Monitoring.runbooks()) {
      COMMAND
          .matcher(Monitoring.text(runbook))
          .results()
          .forEach(command ->
              assertThat(commands)
                  .as("%s", runbook)
                  .containsPattern("(?m)^  " + command.group(1) + " "));
    }
  }

  @Test
  void what_is_asked_for_is_in_the_table_of_metrics() {
    var texts = new ArrayList<Path>(Monitoring.ruleFiles());
    texts.addAll(Monitoring.ruleTests());
    for (var text : texts) {
      assertThat(Monitoring.metricsIn(Monitoring.text(text)))
          .as("%s", text)
          .allMatch(Monitoring::isDocumented);
    }
    for (var runbook : Monitoring.runbooks()) {
      assertThat(Monitoring.metricsIn(Monitoring.text(runbook)))
          .as("%s", runbook)
          .allMatch(Monitoring::isLookedFor);
    }
    for (var expression : Monitoring.expressions()) {
      assertThat(Monitoring.metricsIn(expression.promql()))
          .as(expression.where())
          .allMatch(Monitoring::isDocumented);
    }
  }

  @Test
  void every_recorded_name_that_is_used_is_recorded() {
    var recorded =
        Monitoring.rules().stream()
            .filter(rule -> rule.containsKey("record"))
            .map(rule -> String.valueOf(rule.get("record")))
            .collect(Collectors.toSet());
    var used = Pattern.compile("slipway:[a-z_:0-9]+");
    Stream.concat(
            Monitoring.rules().stream().map(rule -> String.valueOf(rule.get("expr"))),
            Monitoring.expressions().stream().map(Monitoring.Expression::promql))
        .flatMap(text -> used.matcher(text).results().map(name -> name.group()))
        .forEach(name -> assertThat(recorded).contains(name));
  }

  @Test
  void every_panel_says_what_it_shows_and_in_which_unit() {
    var addresses = new HashSet<String>();
    for (var dashboard : Monitoring.dashboards()) {
      var title = dashboard.path("title").asString();
      assertThat(addresses.add(dashboard.path("uid").asString())).as(title).isTrue();
      assertThat(variables(dashboard)).as(title).first().isEqualTo("datasource");
      for (var panel : Monitoring.panels(dashboard)) {
        var where = title + " / " + panel.path("title").asString();
        assertThat(panel.path("title").asString("")).as(where).isNotBlank();
        assertThat(panel.path("description").asString("")).as(where).hasSizeGreaterThan(5);
        assertThat(panel.at("/fieldConfig/defaults/unit").asString("")).as(where).isNotBlank();
        assertThat(panel.at("/datasource/uid").asString("")).isEqualTo("${datasource}");
        assertThat(panel.path("targets").size()).as(where).isPositive();
      }
    }
    assertThat(addresses).hasSize(6);
  }

  private static List<String> variables(JsonNode dashboard) {
    var names = new ArrayList<String>();
    dashboard
        .at("/templating/list")
        .forEach(variable -> names.add(variable.path("name").asString()));
    return names;
  }

  /** Rules that nothing tests may never have been true. */
  @Test
  void every_alert_is_made_to_fire_by_a_test_of_rules() {
    var tests = Monitoring.ruleTests().stream().map(Monitoring::text).collect(Collectors.joining());
    for (var alert : Monitoring.alerts()) {
      assertThat(tests).contains("alertname=\"" + alert.get("alert") + "\"");
    }
  }

  @Test
  @SuppressWarnings("SystemOut")
  void promtool_accepts_the_rules_and_their_tests() throws Exception {
    if (!Files.isExecutable(PROMTOOL)) {
      System.err.println("TEST OF PROMETHEUS' RULES SKIPPED: " + PROMTOOL + " is not here");
    }
    Assumptions.assumeTrue(Files.isExecutable(PROMTOOL), "no promtool");
    run(List.of("check", "rules"), Monitoring.ruleFiles());
    run(List.of("test", "rules"), Monitoring.ruleTests());
  }

  private static void run(List<String> what, List<Path> files) throws Exception {
    var command = new ArrayList<>(List.of(PROMTOOL.toString()));
    command.addAll(what);
    files.forEach(file -> command.add(file.toString()));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
  }
}
