package dev.slipway.standalone.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How KEDA counts builds. */
class ScalerTest {
  /** The scaler's query, as the scaler's role, on the schema as it is now. */
  @Test
  void the_scaler_counts_builds_that_wait_and_run_and_can_do_nothing_else() throws IOException {
    var view = View.ofFiles("control-plane");
    var metadata =
        view.find("ScaledObject", "build-worker").orElseThrow().spec().at("/triggers/0/metadata");
    var worker =
        view.find("StatefulSet", "build-worker").orElseThrow().ours().findFirst().orElseThrow();
    var slots = Settings.of(view, worker).property("slipway.worker.slots");
    assertThat(metadata.path("targetQueryValue").asString()).isEqualTo(slots == null ? "1" : slots);

    var database = TestDatabase.create();
    database
        .jdbc()
        .sql(Files.readString(View.FOLDER.resolve("components/keda/reader.sql")))
        .update();
    database
        .jdbc()
        .sql(
            """
            insert into app (name, repository, webhook_secret) values ('a', 'https://x/a', 'sixteen-letters-');
            insert into job (app, seq, commit_sha, ref, found_by, pool)
              select 'a', n, repeat(n::text, 40), 'master', 'PERSON', case n when 5 then 'large' else '' end
              from generate_series(1, 5) n;
            update job set status = 'RUNNING', worker = 'w', started_at = now(), last_heartbeat = now(), attempt = 1
              where seq = 2;
            update job set status = 'SUCCEEDED', worker = 'w', started_at = now(), last_heartbeat = now(), attempt = 1,
              finished_at = now(), binary_name = 'b', size_bytes = 1, sha256 = repeat('a', 64), crc32c = 'c', manifest = 'm'
              where seq = 3;
            update job set status = 'CANCELLED', failure = 'why', finished_at = now() where seq = 4;
            """)
        .update();
    var scaler = new PGSimpleDataSource();
    scaler.setUrl(database.url());
    scaler.setUser("slipway_scaler");
    var jdbc = JdbcClient.create(scaler);
    assertThat(jdbc.sql(metadata.path("query").asString()).query(Integer.class).single())
        .as("one waits, one runs")
        .isEqualTo(2);
    for (var more : List.of("select commit_sha from job", "select * from api_token")) {
      assertThat(refusal(() -> jdbc.sql(more).query().listOfRows())).contains("permission denied");
    }
    assertThat(refusal(() -> jdbc.sql("update job set pool = 'x'").update()))
        .contains("read-only transaction");
  }

  private static String refusal(Runnable what) {
    try {
      what.run();
      return "";
    } catch (DataAccessException refused) {
      return String.valueOf(refused.getMostSpecificCause().getMessage());
    }
  }
}
