package dev.slipway.common.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.machine.Labels;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.recipe.DeployRecipe.Order;
import dev.slipway.common.recipe.DeployRecipe.Wave;
import dev.slipway.common.region.RegionName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

@NullMarked
class RecipeParserTest {
  private static final RegionName EU = new RegionName("eu-west");
  private static final RegionName US = new RegionName("us-east");
  private static final String BUILD = "build: {command: make, artifact: out}\n";

  private static Recipe parse(String text) {
    return RecipeParser.parse("slipway.yml", text);
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> parse(text)).isInstanceOf(InvalidInput.class).hasMessage(message);
  }

  @Test
  void what_was_written_down_before_there_was_prefetch_is_read() {
    var old =
        """
        {"auto": true, "order": "EVERY", "regions": [], "waves": [], "maxFailed": 0, "rollback": false}
        """;
    assertThat(JsonMapper.shared().readValue(old, DeployRecipe.class))
        .isEqualTo(new DeployRecipe(true, Order.EVERY, List.of(), List.of(), 0, false, false));
  }

  @Test
  void the_keys_of_a_gate_are_read() {
    var recipe =
        parse(
            BUILD
                + """
                deploy:
                  pass-after: 2h
                  min-healthy: 95%
                  max-restarts: 3
                  within: 10m
                  analysis:
                    query: sum(rate(errors{build="{build}"}[1m]))
                    min: -1
                    max: 0.05
                    on-error: pass
                """);
    assertThat(recipe.deploy().passAfter()).isEqualTo(Duration.ofHours(2));
    assertThat(recipe.deploy().gate())
        .isEqualTo(
            new Gate(
                95,
                3,
                Duration.ofMinutes(10),
                new Gate.Analysis("sum(rate(errors{build=\"{build}\"}[1m]))", -1.0, 0.05, true)));
  }

  @Test
  void a_gate_that_makes_no_sense_is_refused() {
    var line = "slipway.yml:" + (BUILD.lines().count() + 1) + ": ";
    refused(BUILD + "deploy: {min-healthy: 101%}", line + "deploy.min-healthy must be 1% to 100%");
    refused(
        BUILD + "deploy: {max-restarts: -1}",
        line + "deploy.max-restarts must be a whole number, 0 to 1000");
    refused(BUILD + "deploy: {within: 10s}", line + "deploy.within must be 1m to 24h");
    refused(
        BUILD + "deploy: {analysis: {query: up}}",
        line + "deploy.analysis must have min, max or both");
    refused(
        BUILD + "deploy: {analysis: {query: up, min: 2, max: 1}}",
        line + "deploy.analysis must have a min that is not above its max");
    refused(BUILD + "deploy: {analysis: {max: 1}}", line + "deploy.analysis.query is missing");
    refused(
        BUILD + "deploy: {analysis: {query: up, max: many}}",
        line + "deploy.analysis.max must be a number as 0.05");
    refused(
        BUILD + "deploy: {analysis: {query: up, max: 1, on-error: explode}}",
        line + "deploy.analysis.on-error must be hold or pass");
  }

  @Test
  void every_key_is_read() {
    var recipe =
        parse(
            """
            build:
              command: ./mvnw -q -B package -DskipTests
              artifact: target/*.jar
              timeout: 45m
              env: {MAVEN_OPTS: -Xmx1g, LEVEL: 3}
              labels: [linux, gpu]
              network: none
            deploy:
              auto: true
              order: latest
              regions: [eu-west, us-east]
              waves:
                - {regions: [eu-west], machines: 10%, bake: 2m}
                - {regions: [eu-west, us-east]}
              max-failed: 5%
              rollback: true
              prefetch: true
            run:
              start: java -jar {artifact} --server.port={port}
              health: {http: "http://localhost:{port}/actuator/health", within: 90s}
              stop: {signal: INT, within: 1h}
              before-stop: {command: "./drain {port}", within: 5m}
              after-start: {command: ./warm-up}
            """);
    assertThat(recipe.build())
        .isEqualTo(
            new BuildRecipe(
                "./mvnw -q -B package -DskipTests",
                "target/*.jar",
                Duration.ofMinutes(45),
                Map.of("MAVEN_OPTS", "-Xmx1g", "LEVEL", "3"),
                List.of("gpu", "linux"),
                BuildRecipe.Network.NONE));
    assertThat(recipe.deploy())
        .isEqualTo(
            new DeployRecipe(
                true,
                Order.LATEST,
                List.of(EU, US),
                List.of(
                    new Wave(List.of(EU), 10, Duration.ofMinutes(2)),
                    new Wave(List.of(EU, US), 100, Duration.ZERO)),
                5,
                true,
                true));
    assertThat(recipe.run())
        .isEqualTo(
            new RunRecipe(
                "java -jar {artifact} --server.port={port}",
                new RunRecipe.Health(
                    "http://localhost:{port}/actuator/health", Duration.ofSeconds(90)),
                new RunRecipe.Stop("INT", Duration.ofHours(1)),
                new RunRecipe.Hook("./drain {port}", Duration.ofMinutes(5)),
                new RunRecipe.Hook("./warm-up", Duration.ofSeconds(30))));
  }

  @Test
  void what_is_left_out_has_its_default() {
    var recipe = parse(BUILD + "run: {start: ./app, health: {http: 'http://localhost:{port}/'}}");
    assertThat(recipe.build().timeout()).isEqualTo(Duration.ofMinutes(30));
    assertThat(recipe.build().env()).isEmpty();
    assertThat(recipe.deploy()).isEqualTo(DeployRecipe.BY_HAND);
    assertThat(recipe.run())
        .isEqualTo(
            new RunRecipe(
                "./app",
                new RunRecipe.Health("http://localhost:{port}/", Duration.ofSeconds(60)),
                new RunRecipe.Stop("TERM", Duration.ofSeconds(30))));
    assertThat(parse(BUILD).run()).isNull();
    assertThat(parse(BUILD + "deploy: {}").deploy()).isEqualTo(DeployRecipe.BY_HAND);
  }

  @Test
  void an_unknown_key_is_named_with_its_file_and_line() {
    refused(
        """
        # how we build

        build:
          artifact: out
          # a slip
          timeout: 1m
          comand: make
        """,
        "slipway.yml:7: build.comand is not a known key; known are command, artifact, timeout, env, labels, network");
    refused(
        BUILD + "deploi: {}",
        "slipway.yml:2: deploi is not a known key; known are build, deploy, run");
  }

  @Test
  void a_missing_or_doubled_key_is_named() {
    refused("", "slipway.yml:1: build is missing");
    refused("run: {start: x}", "slipway.yml:1: build is missing");
    refused("build:\n  command: make\n", "slipway.yml:2: build.artifact is missing");
    refused(BUILD + "run:\n  stop: {signal: TERM}", "slipway.yml:3: run.start is missing");
    refused(
        "build:\n  command: make\n  artifact: a\n  command: rm\n",
        "slipway.yml:4: build.command is there twice");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "artifact: /etc/passwd | must be a path below the checkout, not an absolute one",
        "artifact: a/../../b | must be a path below the checkout, without ..",
        "artifact: . | must name a file or a folder below the checkout, not the checkout",
        "artifact: [a] | must be a single value",
        "artifact: ''   | must not be empty",
      })
  void an_artifact_must_be_below_the_checkout(String line, String limit) {
    refused(
        "build:\n  command: make\n  " + line.strip() + "\n",
        "slipway.yml:3: build.artifact " + limit.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"30", "-1m", "1d", "1.5h", "soon", "m", "30 m", "9999999s"})
  void a_duration_needs_number_and_unit(String timeout) {
    refused(
        "build: {command: make, artifact: a, timeout: " + timeout + "}",
        "slipway.yml:1: build.timeout must be a duration as 90s, 30m or 1h");
  }

  @Test
  void a_duration_has_bounds() {
    refused(
        "build: {command: make, artifact: a, timeout: 25h}",
        "slipway.yml:1: build.timeout must be 1s to 24h");
    refused(
        "build: {command: make, artifact: a, timeout: 0s}",
        "slipway.yml:1: build.timeout must be 1s to 24h");
  }

  @Test
  void machines_are_chosen_by_labels() {
    var deploy =
        parse(
                BUILD
                    + """
                    deploy:
                      labels: [web]
                      waves:
                        - {labels: [canary], bake: 1m}
                        - {regions: [eu], machines: 10%}
                        - {}
                    """)
            .deploy();
    assertThat(deploy.labels()).isEqualTo(Labels.of("web"));
    assertThat(deploy.waves())
        .containsExactly(
            new Wave(List.of(), 100, Duration.ofMinutes(1), Labels.of("canary")),
            new Wave(List.of(new RegionName("eu")), 10, Duration.ZERO),
            new Wave(List.of(), 100, Duration.ZERO));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auto: yes | auto must be true or false",
        "auto: [] | auto must be a single value",
        "order: newest | order must be every or latest",
        "max-failed: 5 | max-failed must be a percentage as 10%",
        "max-failed: 101% | max-failed must be 0% to 100%",
        "regions: eu-west | regions must be a list",
        "regions: [] | regions must name at least one region; leave it out for all",
        "regions: [eu-west, eu-west] | regions[1] names eu-west a second time",
        "regions: [Europe] | regions[0] must be a region: 1 to 40 lower-case letters, digits and hyphens, starting with a letter",
        "waves: [{machines: 0%}] | waves[0].machines must be 1% to 100%",
        "waves: [{share: 1%}] | waves[0].share is not a known key; known are regions, labels, machines, bake",
        "waves: [{labels: [canary]}] | waves must end with all machines; the regions not named are left at 0%",
        "waves: [{labels: [canary]}, {machines: 50%}] | waves must end with all machines; the regions not named are left at 50%",
        "waves: [{labels: [a]}, {labels: [a, b]}, {machines: 100%}] | waves[1] must reach more machines than the waves before it",
        "waves: [{machines: 50%}, {labels: [a], machines: 20%}] | waves[1] must not go below the 50% of the other regions that a wave before it reached",
        "labels: [a, a] | labels[1] is there twice",
        "waves: [{machines: 10%}] | waves must end with all machines; the regions not named are left at 10%",
        "waves: [{machines: 20%}, {machines: 20%}] | waves[1] must reach more machines than the waves before it",
        "waves: [{regions: [a], machines: 20%}, {regions: [a], machines: 10%}] | waves[1] must not go below the 20% of a that a wave before it reached",
        "waves: [{machines: 20%}, {regions: [a], machines: 10%}] | waves[1] must not go below the 20% of a that a wave before it reached",
        "waves: [{regions: [a], machines: 20%}, {regions: [b]}] | waves must end with all machines; a is left at 20%",
      })
  void a_deploy_section_that_makes_no_sense_is_refused(String line, String message) {
    refused(BUILD + "deploy:\n  " + line.strip(), "slipway.yml:3: deploy." + message.strip());
  }

  @Test
  void waves_keep_to_the_deployments_regions() {
    refused(
        BUILD + "deploy:\n  regions: [eu]\n  waves:\n    - {regions: [us]}",
        "slipway.yml:5: deploy.waves[0] names us, which deploy.regions does not");
    refused(
        BUILD + "deploy:\n  regions: [eu, us]\n  waves:\n    - {regions: [us]}",
        "slipway.yml:5: deploy.waves must end with all machines; eu is left at 0%");
    var canary = BUILD + "deploy: {regions: [eu, us], waves: [{regions: [eu], machines: 1%}, {}]}";
    assertThat(parse(canary).deploy().waves()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/",
        "https://localhost/",
        "http://localhost.example.com:{port}/",
        "http://localhost@example.com/",
        "http://user@localhost/",
        "file:///etc/passwd",
        "localhost:{port}",
        "http://[",
      })
  void a_health_address_elsewhere_is_refused(String address) {
    refused(
        BUILD + "run:\n  start: x\n  health: {http: '" + address + "'}",
        "slipway.yml:4: run.health.http must be an http URL on localhost, as http://localhost:{port}/health");
  }

  @Test
  void a_stop_signal_is_one_of_a_few() {
    refused(
        BUILD + "run: {start: x, stop: {signal: SIGTERM}}",
        "slipway.yml:2: run.stop.signal must be one of TERM, INT, QUIT, HUP, USR1, USR2, WINCH, KILL");
  }

  @Test
  void a_hook_needs_its_command_and_is_bounded_in_time() {
    refused(
        BUILD + "run: {start: x, before-stop: {within: 5s}}",
        "slipway.yml:2: run.before-stop.command is missing");
    refused(
        BUILD + "run: {start: x, after-start: {command: y, within: 11m}}",
        "slipway.yml:2: run.after-start.within must be 1s to 10m");
    refused(
        BUILD + "run: {start: x, after-start: ./warm-up}",
        "slipway.yml:2: run.after-start must be a map of keys and values");
  }

  @Test
  void a_build_variable_has_a_plain_name_that_is_free() {
    refused(
        "build: {command: a, artifact: b, env: {A=B: c}}",
        "slipway.yml:1: build.env.A=B must be a name of letters, digits and _");
    refused(
        "build: {command: a, artifact: b, env: {SLIPWAY_APP: c}}",
        "slipway.yml:1: build.env.SLIPWAY_APP is set by Slipway; names that start with SLIPWAY_ are taken");
    refused(
        "build: {command: a, artifact: b, env: {X: }}",
        "slipway.yml:1: build.env.X must be a single value");
    refused(
        "build: {command: \"a\\0b\", artifact: b}",
        "slipway.yml:1: build.command must not hold a NUL character");
    refused(
        "build: {command: a, artifact: \"b\\uD800\"}",
        "slipway.yml:1: build.artifact must not hold half of a character");
  }

  @Test
  void a_value_of_the_wrong_type_is_refused() {
    refused(
        "build: {command: true, artifact: b}",
        "slipway.yml:1: build.command must be text; put it in quotes");
    refused("build: make", "slipway.yml:1: build must be a map of keys and values");
    refused("- build", "slipway.yml:1: the file must be a map of keys and values");
    refused("build:", "slipway.yml:1: build must be a map of keys and values");
    refused(
        "build: !!java.net.URL [x]",
        "slipway.yml:1: cannot be read: Global tag is not allowed: tag:yaml.org,2002:java.net.URL");
    refused(
        "build: {command: !local x, artifact: b}",
        "slipway.yml:1: build.command must be a single value");
    refused("build: {? [a] : b}", "slipway.yml:1: build must have plain words as keys");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "build: {",
        "a: b: c",
        "\tbuild: x",
        "--- {}\n--- {}",
        "build: \u0001",
        "build: *unknown",
        "%YAML 9.9\n---\n",
      })
  void what_is_not_yaml_is_refused_with_its_line(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InvalidInput.class)
        .hasMessageMatching("(?s)slipway.yml:[12]: cannot be read: .*");
  }

  @Test
  void bombs_are_refused_quickly() {
    var laughs = new StringBuilder("a0: &a0 [lol, lol]\n");
    for (int i = 1; i < 30; i++) {
      laughs.append("a%d: &a%d [*a%d, *a%d, *a%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
    }
    assertThatThrownBy(() -> parse(laughs.toString()))
        .hasMessageContaining("slipway.yml:1: cannot be read");
    assertThatThrownBy(() -> parse("[".repeat(30_000)))
        .hasMessageContaining("slipway.yml:1: cannot be read");
    assertThatThrownBy(() -> parse("#".repeat(RecipeParser.MAX_LENGTH + 1)))
        .hasMessage("slipway.yml must be at most 65536 characters");
    assertThatThrownBy(() -> parse("build: &a {build: *a}")).isInstanceOf(InvalidInput.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "labels: linux; slipway.yml:4: build.labels must be a list",
        "labels: [a, b, c, d, e, f, g]; slipway.yml:4: build.labels must have at most 6 items",
        "labels: [a, a]; slipway.yml:4: build.labels[1] is there twice",
        "labels: [Large]; slipway.yml:4: build.labels[0] must be 1 to 40 lower-case letters, digits, '.', '-' and '_', with a letter or digit first",
        "labels: ['a,b']; slipway.yml:4: build.labels[0] must be 1 to 40 lower-case letters, digits, '.', '-' and '_', with a letter or digit first",
        "labels: [[a]]; slipway.yml:4: build.labels[0] must be a single value",
        "network: some; slipway.yml:4: build.network must be host or none",
      },
      quoteCharacter = '"')
  void labels_and_network_are_refused_with_line_and_key(String line, String message) {
    refused("build:\n  command: make\n  artifact: out\n  " + line + "\n", message);
  }

  @Test
  void without_labels_any_worker_will_do_with_the_network_it_has() {
    assertThat(parse(BUILD).build().labels()).isEmpty();
    assertThat(parse(BUILD).build().network()).isEqualTo(BuildRecipe.Network.HOST);
  }

  @Test
  void a_long_key_is_cut_in_the_message() {
    assertThatThrownBy(() -> parse("k".repeat(1000) + ": 1"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("slipway.yml:1: " + "k".repeat(60) + "... is not a known key");
  }
}
