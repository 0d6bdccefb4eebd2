package dev.slipway.bench.workers;

import dev.slipway.bench.Jars;
import dev.slipway.common.access.Role;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.reaper.HeartbeatReaperApplication;
import dev.slipway.worker.BuildWorkerApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The workers and their reaper, each a process of its own. */
final class Crew implements AutoCloseable {
  /** After which a worker that is not heard of is lost. */
  static final Duration TIMEOUT = Duration.ofSeconds(6);

  private static final List<String> JVM =
      List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

  private final Path folder;
  private final String database;
  private final int reaperPort;
  private final String token = Secrets.random();
  private final SigningKey.PemPair keys = SigningKey.generate();
  private final Member reaper;
  private final List<Member> workers = new ArrayList<>();

  /** Starts them; they are ready a while later. */
  Crew(Path folder, JdbcClient jdbc, String database, int reaperPort, int count)
      throws IOException {
    this.folder = Files.createDirectories(folder);
    this.database = database;
    this.reaperPort = reaperPort;
    new TokenStore(jdbc).put("drill", Role.WORKER, null, token);
    Files.writeString(folder.resolve("key"), keys.privateKey());
    Files.writeString(folder.resolve("key.pub"), keys.publicKey());
    reaper = member("reaper", HeartbeatReaperApplication.class, reaperSettings());
    for (var n = 0; n < count; n++) {
      var name = "worker-" + n;
      workers.add(member(name, BuildWorkerApplication.class, workerSettings(name, 1 + n % 3)));
    }
  }

  private List<String> reaperSettings() {
    return List.of(
        "--server.port=" + reaperPort,
        "--slipway.reaper.heartbeat-interval=1s",
        "--slipway.reaper.timeout=" + TIMEOUT.toSeconds() + "s",
        "--slipway.reaper.pass-interval=500ms");
  }

  private List<String> workerSettings(String name, int slots) {
    return List.of(
        "--server.port=0",
        "--slipway.worker.name=" + name,
        "--slipway.worker.slots=" + slots,
        "--slipway.worker.dir=" + folder.resolve(name),
        "--slipway.worker.home-bucket=" + bucket().toUri(),
        "--slipway.worker.signing-key-file=" + folder.resolve("key"),
        "--slipway.worker.public-key-file=" + folder.resolve("key.pub"),
        "--slipway.worker.reaper-url=http://127.0.0.1:" + reaperPort,
        "--slipway.worker.token=" + token,
        "--slipway.worker.allow-file-repositories=true",
        "--slipway.worker.drain-grace=5s",
        "--slipway.worker.min-free-disk=1MB");
  }

  private Member member(String name, Class<?> application, List<String> settings)
      throws IOException {
    var arguments =
        new ArrayList<>(
            List.of(
                "--spring.datasource.url=" + database, "--spring.datasource.username=postgres"));
    arguments.addAll(settings);
    var command = Jars.command(application, JVM, arguments);
    return new Member(name, command, folder.resolve(name + ".log"));
  }

  Path bucket() {
    return folder.resolve("bucket");
  }

  String publicKey() {
    return keys.publicKey();
  }

  Member reaper() {
    return reaper;
  }

  List<Member> workers() {
    return workers;
  }

  /** Starts again whoever is not there. */
  void ensure() throws IOException {
    reaper.ensure();
    for (var worker : workers) {
      worker.ensure();
    }
  }

  /** Ends all, in good order where they can. */
  @Override
  public void close() throws IOException {
    try {
      for (var worker : workers) {
        if (worker.isFrozen()) {
          worker.thaw();
        }
        worker.ask();
      }
      for (var worker : workers) {
        worker.end();
      }
      if (reaper.isFrozen()) {
        reaper.thaw();
      }
      reaper.ask();
      reaper.end();
    } catch (InterruptedException stopped) {
      for (var worker : workers) {
        worker.abandon();
      }
      reaper.abandon();
      Thread.currentThread().interrupt();
    }
  }
}
