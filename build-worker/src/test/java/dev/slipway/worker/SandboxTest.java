package dev.slipway.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.common.problem.InvalidInput;
import dev.slipway.worker.build.BuildCommand;
import dev.slipway.worker.build.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds in a real sandbox; skipped where bubblewrap is missing or may do nothing. */
@NullMarked
class SandboxTest {
  @TempDir Path folder;
  private Path dir;
  private Path key;
  private Path secrets;
  private Repository repository;
  private @Nullable TestWorker worker;

  @BeforeEach
  void a_worker_with_a_sandbox() throws Exception {
    dir = folder.toRealPath();
    key = Files.writeString(dir.resolve("key"), "hunter2-key");
    secrets = Files.createDirectory(dir.resolve("secrets"));
    Files.writeString(secrets.resolve("netrc"), "hunter2-home");
    Files.createDirectories(dir.resolve("work/workspaces"));
    repository = new Repository(dir.resolve("repo"));
    Sandbox sandbox;
    try {
      sandbox = Sandbox.open(dir.resolve("work"), List.of(secrets, key));
    } catch (InvalidInput missing) {
      System.err.println("NO SANDBOX IS TESTED: " + missing.getMessage());
      assumeTrue(false, missing.getMessage());
      return;
    }
    var command = new BuildCommand(System.getenv(), sandbox);
    worker = new TestWorker(dir, System.getenv(), true, Limits.USUAL, command);
  }

  @AfterEach
  void close() throws IOException {
    if (worker != null) {
      worker.close();
    }
  }

  @Test
  void a_build_works_as_outside() throws Exception {
    var log = succeed("git log --oneline; git status --short; pwd; java -version 2>&1");
    assertThat(log).contains("test", "/checkout");
    assertThat(run("echo oops; exit 7").failure())
        .isEqualTo("the build command ended with exit code 7");
  }

  @Test
  void nothing_of_the_worker_is_there_to_be_read() throws Exception {
    var others = Files.createDirectories(dir.resolve("work/workspaces/99-1"));
    Files.writeString(others.resolve("file"), "hunter2-other");
    var log =
        succeed(
            """
            cat %1$s/key %1$s/secrets/* %1$s/work/workspaces/99-1/* %1$s/work/worker.lock 2>&1
            echo "folders: $(ls %1$s/work) of $(ls %1$s/work/workspaces | wc -l)"
            echo "processes: $(ls /proc | grep -c '^[0-9]*$')"
            cat /proc/[0-9]*/cmdline | tr '\\0' ' '
            """
                .formatted(dir));
    assertThat(log).doesNotContain("hunter2").contains("of 1\n").doesNotContain("surefire");
    assertThat(log).containsPattern("processes: [1-9]\n");
  }

  @Test
  void only_the_workspace_is_written() throws Exception {
    var log =
        succeed(
            """
            for f in /etc /usr /var /proc/sys/kernel /dev %s/repo /sys; do
              (echo x > $f/slipway-test) 2>/dev/null && echo "wrote $f"
            done
            (cd "$(cat .git/objects/info/alternates)" && echo x > x) 2>/dev/null && echo "wrote mirror"
            echo x > /tmp/slipway-test && test -e "$TMPDIR/slipway-test" && echo private
            echo x > "$HOME/x"
            """
                .formatted(dir));
    assertThat(log).startsWith("private\n");
    assertThat(Path.of("/tmp/slipway-test")).doesNotExist();
  }

  @Test
  void the_network_is_the_hosts_or_none() throws Exception {
    var here = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    assertThat(succeed("readlink /proc/self/ns/net")).startsWith(here + "\n");
    repository.with("slipway.yml", "build: {command: sh build.sh, artifact: out, network: none}");
    var ended = worker().build(repository);
    assertThat(ended.failure()).isEmpty();
    assertThat(worker().log(ended)).startsWith("net:[").doesNotContain(here);
  }

  @Test
  void what_hides_from_the_worker_ends_with_the_sandbox() throws Exception {
    var log =
        succeed(
            """
            (cd / && env -i /usr/bin/setsid /bin/sh -c 'echo x >%1$s; exec sleep 1000.4711' >/dev/null 2>&1 &)
            until [ -s %1$s ]; do :; done; echo hidden
            """
                .formatted("/tmp/started"));
    assertThat(log).startsWith("hidden\n");
    Await.until(() -> ProcessHandle.allProcesses().noneMatch(SandboxTest::isHidden));
  }

  private static boolean isHidden(ProcessHandle process) {
    try {
      var line = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/cmdline"));
      return new String(line, StandardCharsets.UTF_8).contains("1000.4711");
    } catch (IOException gone) {
      return false;
    }
  }

  private String succeed(String command) throws Exception {
    var ended = run(command + "\necho x > out\n");
    assertThat(ended.failure()).isEmpty();
    return worker().log(ended);
  }

  private TestWorker.Ended run(String command) throws Exception {
    repository
        .with("build.sh", command)
        .with("slipway.yml", "build: {command: sh build.sh, artifact: out}");
    return worker().build(repository);
  }

  private TestWorker worker() {
    return Objects.requireNonNull(worker);
  }
}
