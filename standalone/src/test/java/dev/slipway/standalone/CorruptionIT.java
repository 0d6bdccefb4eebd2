package dev.slipway.standalone;

import static dev.slipway.standalone.TestInstallation.EAST;
import static dev.slipway.standalone.TestInstallation.WEST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.machine.MachineId;
import dev.slipway.common.region.RegionName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A region whose bytes have changed under its hands: nobody runs them. */
@NullMarked
@ExtendWith(TestInstallation.Shared.class)
class CorruptionIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();

  private final TestInstallation installation;

  CorruptionIT(TestInstallation installation) {
    this.installation = installation;
  }

  @BeforeAll
  static void listen() {
    Metrics.addRegistry(METERS);
  }

  @AfterAll
  static void stopListening() {
    Metrics.removeRegistry(METERS);
  }

  @Test
  void corrupted_bytes_are_run_by_no_machine_and_good_ones_by_all() throws Exception {
    var app = installation.app("guarded");
    var marks = installation.folder("marks");
    var build = app.replicated(push(app, marks));
    var sha256 = app.queue().get("/api/v1/jobs/" + build).path("sha256").asString();
    var copies = copiesIn(EAST, sha256);
    for (var copy : copies) {
      corrupt(copy);
    }

    var refusals = refusals();
    app.journey().pressDeploy(build);
    Wait.until("the other region", PATIENCE, () -> app.runsIn(WEST, build) ? build : null);
    Wait.until(
        "a refusal",
        PATIENCE,
        () -> {
          assertNothingAltered(app, build, marks);
          return refusals() > refusals ? build : null;
        });
    Wait.until(
        "the region to heal",
        PATIENCE,
        () -> {
          assertNothingAltered(app, build, marks);
          return app.runsIn(EAST, build) ? build : null;
        });

    assertThat(marksIn(marks)).isEqualTo(genuineMarks(app, build));
    for (var copy : copies) {
      assertThat(copy).as("healed").content().contains("genuine").doesNotContain("altered");
    }
  }

  /** An app that leaves a mark of its bytes where it starts, so that nothing runs unnoticed. */
  private static String push(TestApp app, Path marks) throws IOException, InterruptedException {
    app.repository.write(
        "app.sh",
        "echo \"genuine $(pwd -P)\" >> %s/$SLIPWAY_BUILD-$PORT\nexec sleep 10000\n".formatted(marks)
            + "# so that it is more than one piece\n".repeat(20_000));
    return app.pushRecipe(
        """
        build:
          command: "true"
          artifact: app.sh
        run:
          start: exec sh {artifact}
          stop: {signal: TERM, within: 1s}
        """);
  }

  /** Every file of a region that holds the artifact: its agent's, and its bucket's. */
  private List<Path> copiesIn(RegionName region, String sha256) throws IOException {
    var data = installation.standalone().data();
    try (var cached = Files.walk(data.resolve("regions").resolve(region.value()));
        var stored = Files.walk(data.resolve("buckets").resolve(region.value()))) {
      var found =
          Stream.concat(cached, stored)
              .filter(file -> file.getFileName().toString().equals(sha256))
              .toList();
      assertThat(found).as("in the cache and in the bucket").hasSize(2);
      return found;
    }
  }

  /** Other bytes in their place, which would run as well. */
  private static void corrupt(Path file) throws IOException {
    var text = Files.readString(file);
    var altered = text.replace("genuine", "altered");
    assertThat(altered).isNotEqualTo(text).hasSameSizeAs(text);
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(altered.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** How often machines found that they were given something else than was signed. */
  private double refusals() {
    return METERS.find("slipway.machine.digest.mismatches").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private void assertNothingAltered(TestApp app, long build, Path marks)
      throws IOException, InterruptedException {
    assertThat(marksIn(marks)).allMatch(mark -> mark.startsWith("genuine "));
    for (var machine : app.machines(EAST)) {
      var id = new MachineId(machine.path("machine").asString());
      var unpacked = app.release(id, build).resolve("app.sh");
      if (Files.exists(unpacked)) {
        assertThat(unpacked).content().doesNotContain("altered");
      }
    }
  }

  private static Set<String> marksIn(Path folder) throws IOException {
    var marks = new TreeSet<String>();
    try (var files = Files.newDirectoryStream(folder)) {
      for (var file : files) {
        marks.add(Files.readString(file).strip());
      }
    }
    return marks;
  }

  private static Set<String> genuineMarks(TestApp app, long build)
      throws IOException, InterruptedException {
    var marks = new TreeSet<String>();
    for (var region : List.of(EAST, WEST)) {
      for (var machine : app.machines(region)) {
        var id = new MachineId(machine.path("machine").asString());
        marks.add("genuine " + app.release(id, build).toRealPath());
      }
    }
    return marks;
  }
}
