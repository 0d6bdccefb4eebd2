package dev.slipway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.worker.checkout.CheckoutLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** Builds that mean harm, from the queue to their end. */
@NullMarked
class HostileBuildTest {
  @TempDir Path dir;
  private Path seen;
  private Repository repository;
  private TestWorker worker;

  @BeforeEach
  void open() throws Exception {
    seen = Files.createDirectory(dir.resolve("seen"));
    repository = new Repository(dir.resolve("repo"));
    open(DataSize.ofMegabytes(500));
  }

  private void open(DataSize room) throws IOException {
    var environment = new HashMap<>(System.getenv());
    environment.putAll(
        Map.of(
            "SPRING_DATASOURCE_PASSWORD", "hunter2-database",
            "SLIPWAY_WORKER_TOKEN", "hunter2-token",
            "GIT_SSH_COMMAND", "ssh -i hunter2-key"));
    var limits =
        new CheckoutLimits(
            room, DataSize.ofGigabytes(1), DataSize.ofGigabytes(1), Duration.ofDays(1));
    worker = new TestWorker(dir, environment, true, limits);
  }

  @AfterEach
  void close() throws IOException {
    worker.close();
  }

  @Test
  void what_detaches_itself_does_not_outlive_the_build() throws Exception {
    var ended =
        run(
            """
            (cd / && setsid sh -c 'echo $$ >%1$s/moved; sleep 1000 & wait' &)
            (setsid sh -c '(setsid sh -c "echo \\$\\$ >%1$s/twice; cd /tmp; exec sleep 1000" &)' &)
            (env -i setsid sh -c 'echo $$ >%1$s/bare; exec sleep 1000' >/dev/null 2>&1 &)
            until [ -s %1$s/moved ] && [ -s %1$s/twice ] && [ -s %1$s/bare ]; do :; done
            echo x > out
            """
                .formatted(seen));
    assertThat(ended.failure()).isEmpty();
    assertThat(ended.status()).isEqualTo("SUCCEEDED");
    for (var name : new String[] {"moved", "twice", "bare"}) {
      assertGone(name);
    }
  }

  @Test
  void what_ignores_signals_ends_with_its_time() throws Exception {
    repository.with(
        "slipway.yml",
        """
        build:
          command: |
            trap '' TERM INT HUP
            (trap '' TERM INT HUP; setsid sh -c 'trap "" TERM; echo $$ >%1$s/a; while :; do sleep 1; done' &)
            until [ -s %1$s/a ]; do :; done
            while :; do sleep 1; done
          timeout: 1s
          artifact: out
        """
            .formatted(seen));
    var ended = worker.build(repository);
    assertThat(ended.status()).isEqualTo("FAILED");
    assertThat(ended.failure()).isEqualTo("the build exceeded its time limit of 1s");
    assertThat(ended.attempt()).isOne();
    assertGone("a");
  }

  @Test
  void what_fills_the_disk_is_ended() throws Exception {
    worker.close();
    open(DataSize.ofMegabytes(20));
    var ended = run("while :; do head -c 1000000 /dev/zero; done >>\"$HOME/big\"");
    assertThat(ended.status()).isEqualTo("FAILED");
    assertThat(ended.failure())
        .isEqualTo(
            "the build's folder holds more than 20,971,520 bytes (slipway.worker.max-workspace-size)");
    assertThat(worker.folder()).isEmptyDirectory();
  }

  @Test
  void very_many_empty_files_are_too_much_as_well() throws Exception {
    worker.close();
    open(DataSize.ofMegabytes(20));
    var ended = run("n=0; while :; do n=$((n+1)); mkdir $n; (cd $n; seq 1000 | xargs touch); done");
    assertThat(ended.status()).isEqualTo("FAILED");
    assertThat(ended.failure()).contains("(slipway.worker.max-workspace-size)");
    assertThat(worker.folder()).isEmptyDirectory();
  }

  @Test
  void very_much_output_and_binary_junk_change_nothing_but_the_log() throws Exception {
    var ended =
        run("head -c 10000000 /dev/urandom; yes slipway: fine | head -c 90000000; echo x > out");
    assertThat(ended.failure()).isEmpty();
    assertThat(ended.status()).isEqualTo("SUCCEEDED");
    var log = worker.log(ended);
    assertThat(log.getBytes(StandardCharsets.UTF_8).length).isBetween(64 << 20, 65 << 20);
    assertThat(log.substring(log.length() - 200)).contains("at most 64 MiB; the build goes on");
  }

  @Test
  void a_build_sees_no_secret_of_the_worker() throws Exception {
    var ended =
        run(
            """
            env; cat /proc/self/environ | tr '\\0' '\\n'; cat .git/config; git config --list
            git remote -v; cat .git/objects/info/alternates; cat .git/FETCH_HEAD
            find "$HOME" "$TMPDIR" .git -type f | xargs cat; echo x > out
            """);
    assertThat(ended.failure()).isEmpty();
    assertThat(worker.log(ended)).contains("SLIPWAY_BUILD=").doesNotContain("hunter2");
  }

  @Test
  void a_folder_of_100_000_files_is_one_artifact() throws Exception {
    var ended = run("mkdir out; cd out; seq 100000 | xargs touch; echo x > y");
    assertThat(ended.failure()).isEmpty();
    assertThat(worker.manifest(ended).size()).isEqualTo((100_001 + 1 + 2) * 512L);
  }

  @Test
  void links_out_of_the_artifact_are_refused_by_name() throws Exception {
    var ended = run("mkdir out; ln -s /etc/passwd out/users; echo x > out/x");
    assertThat(ended.status()).isEqualTo("FAILED");
    assertThat(ended.failure())
        .isEqualTo("the artifact's users is a link that leaves it: /etc/passwd");
    assertThat(run("ln -s /etc out").failure())
        .isEqualTo("slipway.yml: build.artifact out is a link that leaves the checkout");
  }

  @Test
  void a_checkout_that_is_replaced_is_not_read() throws Exception {
    Files.writeString(seen.resolve("out"), "not the build's");
    var ended = run("cd ..; mv checkout away; ln -s %s checkout".formatted(seen));
    assertThat(ended.status()).isEqualTo("FAILED");
    assertThat(ended.failure()).isEqualTo("the build replaced its checkout by something else");
  }

  @Test
  void a_name_that_is_no_text_is_refused() throws Exception {
    var ended = run("mkdir out; echo x > \"out/a$(printf '\\377')b\"");
    assertThat(ended.status()).isEqualTo("FAILED");
    assertThat(ended.failure()).isEqualTo("the artifact's a\uFFFDb has a name that is not UTF-8");
  }

  @Test
  void a_network_that_cannot_be_kept_away_is_refused() throws Exception {
    repository.with(
        "slipway.yml",
        "build: {command: touch %s/ran, artifact: out, network: none}".formatted(seen));
    var ended = worker.build(repository);
    assertThat(ended.status()).isEqualTo("FAILED");
    assertThat(ended.failure())
        .isEqualTo("build.network is none, and this worker has no sandbox to keep it");
    assertThat(seen).isEmptyDirectory();
  }

  private TestWorker.Ended run(String command) throws Exception {
    repository
        .with("build.sh", command)
        .with("slipway.yml", "build: {command: sh build.sh, artifact: out}");
    return worker.build(repository);
  }

  private void assertGone(String file) throws Exception {
    var pid = Long.parseLong(Files.readString(seen.resolve(file)).strip());
    assertThat(Processes.isGone(pid)).as(file).isTrue();
  }
}
