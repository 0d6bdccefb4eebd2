package dev.slipway.worker.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.recipe.BuildRecipe;
import dev.slipway.common.recipe.BuildRecipe.Network;
import dev.slipway.worker.Await;
import dev.slipway.worker.checkout.FolderLimit;
import dev.slipway.worker.checkout.Workspace;
import dev.slipway.worker.job.BuildFailed;
import dev.slipway.worker.job.ClaimedJob;
import dev.slipway.worker.job.Claims;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.unit.DataSize;

@NullMarked
class BuildCommandTest {
  private final TestDatabase database = TestDatabase.create();
  private final JdbcClient jdbc = database.jdbc();
  @TempDir Path dir;
  private Workspace workspace;
  private FolderLimit room;
  private ClaimedJob job;

  @BeforeEach
  void a_workspace() throws Exception {
    workspace = new Workspace(dir.toRealPath(), dir);
    Files.createDirectory(workspace.checkout());
    Files.createDirectory(workspace.home());
    Files.createDirectory(workspace.temporary());
    room = new FolderLimit(dir, DataSize.ofGigabytes(1), "too much");
    var rows = new JobRows(jdbc);
    rows.app("hello");
    rows.queued("hello");
    job = new Claims(database.dataSource()).claim("w1").orElseThrow();
  }

  @Test
  void nothing_of_the_workers_environment_leaks() throws Exception {
    var parent = Map.of("PATH", System.getenv("PATH"), "GITHUB_TOKEN", "secret", "HOME", "/root");
    run(parent, "env", Duration.ofMinutes(1), Map.of("LEVEL", "3", "CI", "yes"));
    assertThat(log().lines())
        .contains(
            "HOME=" + workspace.home(),
            "TMPDIR=" + workspace.temporary(),
            "CI=yes",
            "LANG=C.UTF-8",
            "LEVEL=3",
            "SLIPWAY_APP=" + new AppName("hello"),
            "SLIPWAY_COMMIT=" + new CommitSha("0".repeat(39) + "1"),
            "SLIPWAY_BUILD=" + job.claim().job(),
            "PATH=" + System.getenv("PATH"))
        .allMatch(line ->
            line.matches("(HOME|TMPDIR|CI|LANG|LEVEL|SLIPWAY_[A-Z]+|PATH|PWD|OLDPWD|SHLVL|_)=.*"));
  }

  @Test
  void the_command_runs_in_the_checkout_and_may_print_anything() throws Exception {
    Files.writeString(workspace.checkout().resolve("here"), "x");
    run("ls; printf 'gr\\303\\274n \\0 \\377 \\360\\237\\232\\242 end' >&2");
    assertThat(log()).isEqualTo("here\ngr\u00fcn \uFFFD \uFFFD \uD83D\uDEA2 end");
  }

  @Test
  void a_failing_command_fails_the_build() {
    assertThatThrownBy(() -> run("echo oops; exit 7"))
        .isInstanceOf(BuildFailed.class)
        .hasMessage("the build command ended with exit code 7");
    assertThat(log()).isEqualTo("oops\n");
  }

  @Test
  void the_time_limit_ends_grandchildren_too() throws Exception {
    var command =
        "(sleep 1000 & echo $! >a; wait) & setsid sleep 1000 & echo $! >b; trap '' TERM; sleep 1000";
    assertThatThrownBy(() -> run(System.getenv(), command, Duration.ofSeconds(1), Map.of()))
        .isInstanceOf(BuildFailed.class)
        .hasMessage("the build exceeded its time limit of 1s");
    assertGone("a");
    assertGone("b");
  }

  @Test
  void what_a_build_leaves_running_is_ended() throws Exception {
    run("sleep 1000 & echo $! >a; setsid sleep 1000 & echo $! >b; echo done");
    assertThat(log()).isEqualTo("done\n");
    assertGone("a");
    assertGone("b");
  }

  @Test
  void an_interrupt_ends_the_build() throws Exception {
    var thrown = new AtomicReference<Throwable>();
    var builder =
        Thread.ofVirtual()
            .start(() -> {
              try {
                run("sleep 1000 & echo $! >a; touch started; wait");
              } catch (Exception e) {
                thrown.set(e);
              }
            });
    Await.until(() -> Files.exists(workspace.checkout().resolve("started")));
    builder.interrupt();
    builder.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertGone("a");
  }

  private void run(String command) throws Exception {
    run(System.getenv(), command, Duration.ofMinutes(1), Map.of());
  }

  private void run(
      Map<String, String> parent, String command, Duration timeout, Map<String, String> env)
      throws Exception {
    try (var log = new LogStream(new LogStore(jdbc), job.claim(), new SimpleMeterRegistry())) {
      new BuildCommand(parent)
          .run(
              job,
              new BuildRecipe(command, "a", timeout, env, List.of(), Network.HOST),
              workspace,
              room,
              log);
    }
  }

  private String log() {
    return String.join(
        "", jdbc.sql("select content from job_log order by start").query(String.class).list());
  }

  private void assertGone(String file) throws Exception {
    var pid = Long.parseLong(Files.readString(workspace.checkout().resolve(file)).strip());
    Await.until(() -> ProcessHandle.of(pid).filter(p -> !isZombie(p)).isEmpty());
  }

  /** Nobody reaps orphans in some containers. */
  private static boolean isZombie(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/stat")).contains(") Z ");
    } catch (java.io.IOException gone) {
      return true;
    }
  }
}
