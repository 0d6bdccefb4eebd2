package dev.slipway.bench.publish;

import dev.slipway.bench.Memory;
import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.blob.BlobStores;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.recipe.RecipeParser;
import dev.slipway.worker.job.ClaimedJob;
import dev.slipway.worker.publish.Publisher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process that publishes one file, as a worker does.
 *
 * @param seconds what that took, without the process's start
 * @param peakMb the most that was resident of the process, page cache apart
 */
record Publication(double seconds, double peakMb) {
  private static final String SAID = "PUBLISHED ";
  private static final List<String> FLAGS =
      List.of("-Xmx192m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

  /** What is published, in the folder that {@link #main} is given. */
  static final String FILE = "artifact";

  /**
   * Runs it in a process of its own.
   *
   * @param environment beside this process's
   */
  static Publication run(Path checkout, URI bucket, Map<String, String> environment)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Publication.class.getName(), checkout.toString(), bucket.toString()));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    var process = builder.start();
    try {
      return result(said(process));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String said(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    var said = text(process.getInputStream());
    if (process.waitFor() != 0) {
      throw new IOException("nothing was published: " + said);
    }
    return said;
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static Publication result(String said) {
    var words = said.substring(said.indexOf(SAID) + SAID.length()).strip().split(" ", -1);
    return new Publication(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
  }

  /** Publishes the file in a folder into a bucket. */
  static void main(String[] arguments) throws Exception {
    var pair = SigningKey.generate();
    var key = SigningKey.of(TrustedKeys.idOf(pair.publicKey()), pair.privateKey());
    var bucket = BlobStores.open(URI.create(arguments[1]), new SimpleMeterRegistry());
    var clock = Clock.systemUTC();
    var publisher = new Publisher(bucket, key, clock);
    var recipe =
        RecipeParser.parse(
            "slipway.yml", "build: {command: \"true\", artifact: %s}".formatted(FILE));
    var job =
        new ClaimedJob(
            new Claim(ProcessHandle.current().pid(), 1, "bench"),
            new AppName("bench"),
            new CommitSha("0".repeat(40)),
            "none",
            "master",
            null);
    var begun = System.nanoTime();
    publisher.publish(job, recipe, Path.of(arguments[0]), clock.instant());
    var seconds = (System.nanoTime() - begun) / 1e9;
    System.out.println(SAID + seconds + " " + Memory.ownPeakMb());
  }
}
