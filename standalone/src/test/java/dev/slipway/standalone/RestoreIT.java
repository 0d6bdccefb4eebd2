package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The database is backed up, goes on, is lost, and comes back as it was at an earlier moment, while
 * buckets, regions and machines are where they had come to.
 */
@NullMarked
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ExtendWith(TestInstallation.Shared.class)
class RestoreIT {
  private final TestInstallation installation;
  private final int port;
  private final Path postgres;
  private final JdbcClient jdbc;
  private String binaries = "";

  RestoreIT(TestInstallation installation) {
    this.installation = installation;
    this.port = installation.standalone().ports().database();
    this.postgres = installation.standalone().data().resolve("postgres");
    var database = new PGSimpleDataSource();
    database.setUrl("jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port));
    database.setUser("postgres");
    this.jdbc = JdbcClient.create(database);
  }

  @BeforeAll
  static void look() {
    Ops.assumeClient();
  }

  @Test
  void an_installation_catches_up_with_what_was_lost() throws Exception {
    var archive = installation.folder("archive");
    switchArchivingOn(archive);
    var app = installation.app("restore");
    var first = app.repository.push("Say hello");
    var build = app.replicated(first);
    app.journey().pressDeploy(build);
    app.journey().awaitMachines(build, first);
    Ops.run(client(), "backup.sh", archive.toString(), "1");

    // after the base backup, before the moment
    app.repository.replace("slipway.yml", "auto: false", "auto: true");
    var second = app.repository.push("Deploy by itself");
    var kept = app.replicated(second);
    app.journey().awaitMachines(kept, second);
    var moment = text("select clock_timestamp()");

    // lost
    app.repository.write("lost.txt", "found again");
    var third = app.repository.push("Push what will be lost");
    var lost = app.replicated(third);
    app.journey().awaitMachines(lost, third);
    var revision = number("select revision from target_revision");
    archiveAll();

    installation.restart(() -> restore(archive, "--time", moment));

    assertThat(
            text(
                "select string_agg(id::text, ',' order by id) from job where app = 'restore' and id <= "
                    + lost))
        .isEqualTo(build + "," + kept);
    assertThat(number("select count(*) from audit where action = 'database-restore'")).isOne();
    // machines go on with what the database knows nothing of
    for (var machine = 0; machine < installation.standalone().size().machines(); machine++) {
      var at = Services.local(installation.standalone().appPort(machine, app.name));
      Wait.until("the app at " + at, () -> Fleet.answers(at, third) ? third : null);
    }
    // branches are compared, and what they have is built, under a number that nobody had
    var again = app.replicated(third);
    assertThat(again).isGreaterThan(lost + 1_000);
    assertThat(text("select found_by from job where id = " + again)).isEqualTo("RECONCILIATION");
    // not before somebody says so
    assertThat(number("select count(*) from deployment where app = 'restore' and id > 1000"))
        .isZero();
    liftFreeze();
    app.journey().awaitMachines(again, third);
    assertThat(number("select min(revision) from target where app = 'restore'"))
        .isGreaterThan(revision);
    assertThat(
            number(
                "select count(*) from machine_app where app = 'restore' and revision > "
                    + revision))
        .isEqualTo(installation.standalone().size().machines());
    // what was there before still is
    assertThat(app.log(build)).contains("slipway: published");
  }

  private void switchArchivingOn(Path archive) throws Exception {
    jdbc.sql("alter system set archive_mode = on").update();
    jdbc.sql(
            "alter system set archive_command = 'sh \"%s\" %%p %%f \"%s\"'"
                .formatted(Ops.script("archive-wal.sh"), archive))
        .update();
    installation.restart();
  }

  /** What an operator has in their environment. */
  private Map<String, String> client() {
    return Map.of("PGHOST", "127.0.0.1", "PGPORT", String.valueOf(port), "PGUSER", "postgres");
  }

  private String binaries() throws IOException {
    var pid = Files.readAllLines(postgres.resolve("postmaster.pid")).getFirst().strip();
    var command = ProcessHandle.of(Long.parseLong(pid)).orElseThrow().info().command();
    return Path.of(command.orElseThrow()).resolveSibling("").toString();
  }

  /** In the accident of this test the last of the log is saved. */
  private void archiveAll() throws IOException, InterruptedException {
    binaries = binaries();
    var last = text("select pg_walfile_name(pg_switch_wal())");
    Wait.until(
        "the log to be archived",
        Duration.ofMinutes(1),
        () ->
            number(
                        "select count(*) from pg_stat_archiver where last_archived_wal >= '"
                            + last
                            + "'")
                    == 1
                ? last
                : null);
  }

  private void restore(Path archive, String... moment) throws IOException, InterruptedException {
    Files.move(postgres, installation.folder("lost").resolve("postgres"));
    var environment = Map.of("PGBIN", binaries, "PGDATABASE", "postgres", "PGUSER", "postgres");
    // a moment that nobody has archived is said, and leaves nothing that could be taken for a
    // database
    assertThatThrownBy(() ->
            Ops.runAsNobodySpecial(
                environment,
                "restore.sh",
                archive.toString(),
                postgres.toString(),
                "--time",
                "2001-01-01"))
        .hasMessageContaining("no base backup in");
    var arguments = new ArrayList<>(List.of(archive.toString(), postgres.toString()));
    arguments.addAll(List.of(moment));
    assertThat(Ops.runAsNobodySpecial(environment, "restore.sh", arguments.toArray(String[]::new)))
        .contains("is ready");
    assertThat(postgres.resolve("postgresql.auto.conf"))
        .content()
        .doesNotContain("restore_command");
  }

  private void liftFreeze() throws IOException, InterruptedException {
    var standalone = installation.standalone();
    var freeze = text("select id from freeze_window where created_by = 'restore'");
    var request =
        HttpRequest.newBuilder(standalone.console().resolve("/api/v1/freezes/" + freeze))
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Bearer " + standalone.adminToken())
            .DELETE()
            .build();
    try (var http = HttpClient.newHttpClient()) {
      assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(204);
    }
  }

  private String text(String query) {
    return jdbc.sql(query).query((row, n) -> row.getString(1)).single();
  }

  private long number(String query) {
    return jdbc.sql(query).query(Long.class).single();
  }
}
