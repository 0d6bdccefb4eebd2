package dev.slipway.region;

import static dev.slipway.region.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a process of its own, and its sudden end at some byte of a copy. */
@NullMarked
class RegionalAgentProcessTest {
  private static final int SIZE = 48_000_000;
  private static final Pattern ORIGIN_BYTES =
      Pattern.compile("(?m)^slipway_origin_bytes_total(?:\\{[^}]*})? (\\S+)$");

  private final Path folder;
  private final Home home;
  private final FakeCentre centre;
  private final Path bucket;
  private final int port;
  private @Nullable Process agent;

  RegionalAgentProcessTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    home = new Home(folder);
    centre = new FakeCentre();
    bucket = Files.createDirectories(folder.resolve("bucket"));
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void stop() throws Exception {
    kill();
    centre.close();
  }

  @Test
  void killed_at_any_byte_the_next_one_completes_the_copy() throws Exception {
    var arriving = home.publish(1, Home.bytes(SIZE, 1));
    var from = ThreadLocalRandom.current().nextInt(1, SIZE);
    start();
    centre.want("eu", arriving);
    killWhen(arriving, from + " bytes have come", () -> originBytes() >= from);

    start();
    requireWhole(arriving);

    var written = home.publish(2, Home.bytes(SIZE, 2));
    var to = ThreadLocalRandom.current().nextInt(1, SIZE);
    centre.want("eu", written);
    killWhen(written, to + " bytes are written to the bucket", () -> uploaded() >= to);

    start();
    requireWhole(written);
  }

  private void start() throws IOException {
    agent =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RegionalAgentApplication.class.getName(),
                "--server.port=" + port,
                "--server.address=127.0.0.1",
                "--slipway.region.name=eu",
                "--slipway.region.dir=" + folder.resolve("agent"),
                "--slipway.region.bucket=" + bucket.toUri(),
                "--slipway.region.home-bucket=" + home.folder.toUri(),
                "--slipway.region.replication-url=" + centre.address(),
                "--slipway.region.deploy-url=" + centre.address(),
                "--slipway.region.token=" + FakeCentre.TOKEN,
                "--slipway.region.machine-secret=" + Region.SECRET,
                "--slipway.region.trusted-key-files=" + home.keyFile,
                "--slipway.region.swarm-host=127.0.0.1",
                "--slipway.region.swarm-port=0")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile()))
            .start();
  }

  private void kill() throws InterruptedException {
    if (agent != null) {
      agent.destroyForcibly().waitFor();
    }
  }

  private void killWhen(Home.Build build, String what, Callable<Boolean> condition)
      throws Exception {
    eventually(what, () -> condition.call() || centre.isClaimed("eu", build.job()));
    kill();
    var object = artifact(build);
    if (Files.exists(object)) {
      assertThat(object).as("killed when " + what).hasBinaryContent(build.bytes());
    } else {
      assertThat(centre.isClaimed("eu", build.job())).isFalse();
    }
  }

  private void requireWhole(Home.Build build) throws Exception {
    eventually("it is claimed", () -> centre.isClaimed("eu", build.job()));
    assertThat(artifact(build)).hasBinaryContent(build.bytes());
    assertThat(bucket.resolve(build.manifest()))
        .hasSameBinaryContentAs(home.folder.resolve(build.manifest()));
    assertThat(folder.resolve("agent/cache").resolve(build.sha256().value()))
        .hasBinaryContent(build.bytes());
  }

  private Path artifact(Home.Build build) {
    return bucket.resolve("artifacts/hello").resolve(build.sha256().value());
  }

  /** What the agent says that it has read at home; 0 while it does not answer. */
  private double originBytes() throws InterruptedException {
    try {
      var page =
          Region.HTTP
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + port + "/actuator/prometheus"))
                      .timeout(Duration.ofSeconds(10))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      var found = ORIGIN_BYTES.matcher(page);
      return found.find() ? Double.parseDouble(found.group(1)) : 0;
    } catch (IOException notYet) {
      return 0;
    }
  }

  /** Bytes of the largest object that is not whole yet. */
  private long uploaded() throws IOException {
    var uploads = bucket.resolve(".uploads");
    if (!Files.exists(uploads)) {
      return 0;
    }
    try (var files = Files.list(uploads)) {
      return files.toList().stream().mapToLong(file -> file.toFile().length()).max().orElse(0);
    }
  }
}
