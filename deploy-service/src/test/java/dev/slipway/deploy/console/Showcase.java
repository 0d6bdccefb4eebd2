package dev.slipway.deploy.console;

import dev.slipway.common.access.Role;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.job.JobRows;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A database with something in every state that the console shows. */
@NullMarked
final class Showcase {
  static final String ADMIN = "admin-token-for-tests-0123456789";
  static final String VIEWER = "viewer-token-for-tests-0123456789";
  static final String DEPLOYER = "deployer-token-for-tests-0123456789";
  static final String DEPARTING = "departing-token-for-tests-0123456789";
  static final String WORKER = "worker-token-for-tests-0123456789";
  static final String HOSTILE = "<script>alert('gotcha')</script>";

  private static final String PLAN =
      """
      {"steps": [{"regions": ["eu-west"], "machines": 50, "bake": "PT2M"},
                 {"regions": ["eu-west", "us-east", "ap-south"], "machines": 100, "bake": "PT0S"}],
       "maxFailed": 50, "rollback": true}
      """;
  private static final String BUILT = "b".repeat(64);

  final JdbcClient jdbc;
  final long ready;
  final long current;
  final long failed;
  final long running;
  final long rolling;
  final long search;

  Showcase(JdbcClient jdbc) {
    this.jdbc = jdbc;
    var rows = new JobRows(jdbc);
    var tokens = new TokenStore(jdbc);
    tokens.put("admin", Role.ADMIN, null, ADMIN);
    tokens.put("victoria", Role.VIEWER, null, VIEWER);
    tokens.put("dora", Role.DEPLOYER, null, DEPLOYER);
    tokens.put("departing", Role.VIEWER, null, DEPARTING);
    tokens.put("worker-1", Role.WORKER, null, WORKER);
    for (var region : List.of("ap-south", "eu-west", "us-east")) {
      jdbc.sql("insert into region (name, bucket) values (:name, 'file:///none')")
          .param("name", region)
          .update();
    }
    rows.app("checkout");
    rows.app("hello");
    rows.app("search");
    search = rows.replicated("search");
    jdbc.sql("update app set pinned_at = now(), pinned_by = 'ada' where name = 'search'").update();
    var first = rows.replicated("hello");
    current = rows.replicated("hello");
    failed = rows.running("hello", "worker-2");
    ready = rows.replicated("hello");
    var replicating = rows.succeeded("hello", BUILT, "AAAAAA==", 1_234_567_890L);
    var cancelled = rows.queued("hello");
    running = rows.running("hello", "worker-1");
    rows.queued("hello");
    jdbc.sql(
            "update job set status = 'FAILED', finished_at = now(), failure = 'slipway.yml, line 3: unknown key \"artefact\"; known are command, artifact, timeout, env, labels, network' where id = :id")
        .param("id", failed)
        .update();
    jdbc.sql(
            "update job set status = 'CANCELLED', finished_at = now(), failure = 'cancelled by anna' where id = :id")
        .param("id", cancelled)
        .update();
    jdbc.sql(
            """
            update job set commit_sha = encode(sha1, 'hex') from (
              select id as j, substring(sha256(convert_to(id::text, 'utf8')) from 1 for 20) as sha1 from job) s
            where job.id = s.j
            """)
        .update();
    jdbc.sql("update job set size_bytes = 987654321 where status = 'SUCCEEDED'").update();
    age(first, 90);
    age(current, 42);
    age(failed, 30);
    age(ready, 14);
    age(replicating, 5);
    copies(first, "VERIFIED", "VERIFIED", "VERIFIED");
    copies(current, "VERIFIED", "VERIFIED", "VERIFIED");
    copies(ready, "VERIFIED", "VERIFIED", "VERIFIED");
    copies(replicating, "VERIFIED", "CORRUPT", "WANTED");
    deployment(first, "hello", "AUTO", "SUCCEEDED", null);
    deployment(current, "hello", "PERSON", "SUCCEEDED", null);
    deployment(ready, "hello", "AUTO", "FAILED", "2 of 4 machines failed in wave 1");
    deployment(current, "hello", "ROLLBACK", "SUCCEEDED", null);
    rolling = deployment(ready, "hello", "PERSON", "ROLLING", null);
    fleet(first);
    log();
  }

  private void age(long build, int minutes) {
    jdbc.sql(
            """
            update job set created_at = now() - make_interval(mins => :m),
              started_at = now() - make_interval(mins => :m) + interval '3 seconds',
              finished_at = finished_at - make_interval(mins => :m) + interval '2 minutes 41 seconds',
              replicated_at = replicated_at - make_interval(mins => :m) + interval '3 minutes 8 seconds'
            where id = :id
            """)
        .param("m", minutes)
        .param("id", build)
        .update();
  }

  private void copies(long build, String... states) {
    var regions = List.of("ap-south", "eu-west", "us-east");
    for (var i = 0; i < states.length; i++) {
      jdbc.sql(
              """
              insert into replica (job, region, status, present_at, verified_at, moved_bytes, problem)
              values (:job, :region, :status, now(), now(), 987654321, case when :status = 'CORRUPT' then 'CRC32C is 1a2b3c, should be 4d5e6f' end)
              on conflict (job, region) do update set moved_bytes = excluded.moved_bytes
              """)
          .param("job", build)
          .param("region", regions.get(i))
          .param("status", states[i])
          .update();
    }
  }

  private long deployment(
      long build, String app, String cause, String status, @Nullable String reason) {
    return jdbc.sql(
            """
            insert into deployment (app, job, cause, requested_by, status, plan, reason, started_at, finished_at, wave, wave_started_at)
            values (:app, :build, :cause, 'ada', :status, cast(:plan as jsonb), :reason, now() - interval '40 seconds',
                    case when :status <> 'ROLLING' then now() end, case when :status = 'ROLLING' then 1 else 0 end, now())
            returning id
            """)
        .param("build", build)
        .param("app", app)
        .param("cause", cause)
        .param("status", status)
        .param("plan", PLAN)
        .param("reason", reason)
        .query(Long.class)
        .single();
  }

  private void fleet(long old) {
    var revision = 1;
    for (var region : List.of("ap-south", "eu-west", "us-east")) {
      jdbc.sql(
              "insert into target (region, app, job, share, previous, revision, deployment) values (:region, 'hello', :job, 100, :old, :revision, :deployment)")
          .param("region", region)
          .param("job", ready)
          .param("old", current)
          .param("revision", revision++)
          .param("deployment", rolling)
          .update();
    }
    jdbc.sql("update target_revision set revision = 3").update();
    machine("eu-west", "eu-west-1", 0, ready, "RUNNING", 2, 0, null);
    machine("eu-west", "eu-west-2", 0, ready, "RUNNING", 2, 0, null);
    machine("eu-west", "eu-west-3", 0, current, "ACTIVATING", 2, 987_654_321, null);
    machine(
        "eu-west",
        "eu-west-4",
        0,
        current,
        "FAILED",
        2,
        987_654_321,
        "GET http://localhost:9004/health answered 503 for 60 s; went back to #" + current);
    machine("us-east", "us-east-1", 0, current, "DOWNLOADING", 3, 612_345_678, null);
    machine("us-east", "us-east-2", 0, current, "DOWNLOADING", 3, 31_234_567, null);
    machine("us-east", "us-east-3", 0, current, "RUNNING", 0, 0, null);
    machine("us-east", "us-east-4", 340, old, "RUNNING", 0, 0, null);
    machine("ap-south", "ap-south-1", 0, null, "DOWNLOADING", 1, 1_234_567, null);
    jdbc.sql(
            "insert into machine (region, id, zone, seen_at) values ('ap-south', 'ap-south-2', 'b', now() + interval '1 hour')")
        .update();
  }

  private void machine(
      String region,
      String id,
      int silent,
      @Nullable Long running,
      String state,
      long revision,
      long bytes,
      @Nullable String detail) {
    // those that are heard stay so for longer than any test takes
    jdbc.sql(
            """
            insert into machine (region, id, zone, seen_at)
            values (:region, :id, 'a', now() - case when :silent = 0 then interval '-1 hour' else make_interval(secs => :silent) end)
            """)
        .param("region", region)
        .param("id", id)
        .param("silent", silent)
        .update();
    jdbc.sql(
            """
            insert into machine_app (region, machine, app, build, running, state, revision, bytes_done, bytes_total, detail, changed_at)
            values (:region, :id, 'hello', :build, :running, :state, :revision, :bytes, 987654321, :detail, now() - interval '12 seconds')
            """)
        .param("region", region)
        .param("id", id)
        .param("build", revision == 0 ? running : Long.valueOf(ready))
        .param("running", running)
        .param("state", state)
        .param("revision", revision)
        .param("bytes", bytes)
        .param("detail", detail)
        .update();
  }

  /** A deployment of another app that one machine has failed. */
  long rollsWithAFailure() {
    var rows = new JobRows(jdbc);
    rows.app("orders");
    var build = rows.replicated("orders");
    var deployment = deployment(build, "orders", "PERSON", "ROLLING", null);
    jdbc.sql(
            """
            with next as (update target_revision set revision = revision + 1 returning revision)
            insert into target (region, app, job, share, revision, deployment)
            select 'eu-west', 'orders', :job, 100, next.revision, :deployment from next
            """)
        .param("job", build)
        .param("deployment", deployment)
        .update();
    jdbc.sql(
            """
            insert into machine_app (region, machine, app, build, state, revision, changed_at)
            select 'eu-west', 'eu-west-4', 'orders', :job, 'FAILED', revision, now() from target where app = 'orders'
            """)
        .param("job", build)
        .update();
    return deployment;
  }

  /** A machine that is there runs a build of another app. */
  void runs(String region, String machine, String app, long build) {
    jdbc.sql(
            """
            insert into machine_app (region, machine, app, build, running, state, revision, changed_at)
            values (:region, :machine, :app, :build, :build, 'RUNNING', 1, now())
            """)
        .param("region", region)
        .param("machine", machine)
        .param("app", app)
        .param("build", build)
        .update();
  }

  /** Every text that comes from elsewhere and has no bound of its own is this one. */
  void says(String text) {
    jdbc.sql("update machine_app set detail = :text where app = 'hello'")
        .param("text", text)
        .update();
    jdbc.sql("update machine set zone = :text").param("text", text).update();
    jdbc.sql("update app set pinned_at = now(), pinned_by = :text where name = 'hello'")
        .param("text", text)
        .update();
    jdbc.sql("update deployment set reason = :text, requested_by = :text where app = 'hello'")
        .param("text", text)
        .update();
  }

  void ended(long deployment) {
    jdbc.sql("update deployment set status = 'ABORTED', finished_at = now() where id = :id")
        .param("id", deployment)
        .update();
  }

  private void log() {
    print(
        running,
        "slipway: building on worker-1\n$ ./mvnw -q package\n\u001b[1;34m[INFO]\u001b[m Compiling 214 source files\n");
    print(
        running,
        "\u001b[33m[WARNING]\u001b[0m deprecated API\nfetching 10%\rfetching 100%\n"
            + HOSTILE
            + "\n\u001b[1;31m[ERR");
    print(
        running,
        "OR]\u001b[0m 2 tests are flaky, tried again\n\u001b]0;title\u0007\u001b[32mTests run: 412\u001b[0m\n");
  }

  /** A build's log is in this bucket. */
  void archived(long build, URI bucket, long bytes) {
    jdbc.sql("insert into log_archive (job, attempt, bucket, bytes) values (?, 1, ?, ?)")
        .params(build, bucket.toString(), bytes)
        .update();
  }

  /** Adds a part to a build's log. */
  void print(long build, String text) {
    jdbc.sql(
            """
            insert into job_log (job, attempt, start, content)
            select :job, 1, coalesce(sum(octet_length(content)), 0), :text
            from job_log where job = :job and attempt = 1
            """)
        .param("job", build)
        .param("text", text)
        .update();
  }
}
