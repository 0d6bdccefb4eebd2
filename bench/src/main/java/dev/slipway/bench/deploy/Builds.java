package dev.slipway.bench.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.recipe.Recipe;
import dev.slipway.common.recipe.RecipeParser;
import dev.slipway.worker.job.ClaimedJob;
import dev.slipway.worker.job.Published;
import dev.slipway.worker.publish.Publisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Builds of the app, published as a worker does it, and replicated by the word of the database. */
final class Builds {
  static final AppName APP = new AppName("drill");

  /** Half of the machines of the first region, then the others, then the second region. */
  private static final Clock CLOCK = Clock.systemUTC();

  private static final String WAVES =
      """
      deploy:
        waves:
          - {regions: [%1$s], machines: 50%%, bake: 1s}
          - {regions: [%1$s]}
          - {regions: [%2$s]}
        rollback: true
      """
          .formatted(Drill.FIRST, Drill.SECOND);

  private static final String RUN = "run: {start: 'exec sh {artifact}/run.sh'}\n";
  private static final String RUN_AND_ASK =
      """
      run:
        start: exec sh {artifact}/run.sh
        health: {http: 'http://localhost:{port}/health', within: 2s}
      """;
  private static final String LIVES = "exec sleep 1000000\n";
  private static final String ENDS = "exit 3\n";
  private static final int FILES = 20;
  private static final int FILE_BYTES = 50_000;

  private final JdbcClient jdbc;
  private final JobRows rows;
  private final NoticeStore notices;
  private final Path folder;
  private final Publisher publisher;
  private final Random random = new Random(7);

  /**
   * Makes the bucket and a key, and registers the app.
   *
   * @param folder is made for it
   */
  Builds(JdbcClient jdbc, Path folder) throws IOException {
    this.jdbc = jdbc;
    this.rows = new JobRows(jdbc);
    this.notices = new NoticeStore(jdbc);
    this.folder = Files.createDirectories(folder);
    var pair = SigningKey.generate();
    Files.writeString(publicKey(), pair.publicKey());
    this.publisher =
        new Publisher(
            new FolderBlobStore(bucket()),
            SigningKey.of(TrustedKeys.idOf(pair.publicKey()), pair.privateKey()),
            CLOCK);
    rows.app(APP.value());
  }

  Path bucket() {
    return folder.resolve("bucket");
  }

  /** The file with the key that builds are checked with. */
  Path publicKey() {
    return folder.resolve("builds.pub.pem");
  }

  /** One for all machines at once. */
  long plain() throws Exception {
    return publish(RUN, LIVES);
  }

  /** One that machines fetch before it is deployed. */
  long ahead() throws Exception {
    return publish("deploy: {prefetch: true}\n" + RUN, LIVES);
  }

  /** One that is deployed in waves. */
  long inWaves() throws Exception {
    return publish(WAVES + RUN, LIVES);
  }

  /** One in waves, whose app ends at once. */
  long thatEnds() throws Exception {
    return publish(WAVES + RUN, ENDS);
  }

  /** One in waves, whose app lives and never says that it is well. */
  long thatIsNeverWell() throws Exception {
    return publish(WAVES + RUN_AND_ASK, LIVES);
  }

  private long publish(String deployAndRun, String life) throws Exception {
    var build = rows.replicated(APP.value());
    var recipe =
        RecipeParser.parse(
            "slipway.yml", "build: {command: 'true', artifact: app}\n" + deployAndRun);
    var published =
        publisher.publish(
            new ClaimedJob(
                new Claim(build, 1, "drill"),
                APP,
                new CommitSha("%040x".formatted(build)),
                "",
                "master",
                null),
            recipe,
            checkout(life),
            CLOCK.instant());
    enter(build, published, recipe);
    return build;
  }

  /** A script that notes its start, with some bytes that no build before it had. */
  private Path checkout(String life) throws IOException {
    var app = Files.createDirectories(folder.resolve("checkout/app"));
    Files.writeString(app.resolve("run.sh"), Start.SCRIPT + life);
    var bytes = new byte[FILE_BYTES];
    for (var file = 0; file < FILES; file++) {
      random.nextBytes(bytes);
      Files.write(app.resolve("bytes-" + file), bytes);
    }
    return folder.resolve("checkout").toRealPath();
  }

  private void enter(long build, Published published, Recipe recipe) {
    jdbc.sql(
            """
            update job set sha256 = :sha256, size_bytes = :size, manifest = :manifest, rollout = cast(:rollout as jsonb)
            where id = :build
            """)
        .param("sha256", published.sha256().value())
        .param("size", published.size())
        .param("manifest", published.manifest())
        .param("rollout", JsonMapper.shared().writeValueAsString(recipe.deploy()))
        .param("build", build)
        .update();
    notices.send(Channel.BUILD_REPLICATED);
  }
}
