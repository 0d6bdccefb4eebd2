package dev.slipway.region;

import static dev.slipway.region.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.Limits;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.machine.PollAnswer;
import dev.slipway.common.swarm.LibtorrentSwarm;
import dev.slipway.common.swarm.Torrent;
import dev.slipway.common.target.Ahead;
import dev.slipway.common.target.Group;
import dev.slipway.common.target.Release;
import dev.slipway.common.target.Target;
import dev.slipway.region.cache.ArtifactCache;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One agent, and machines that call it. Each test has apps of its own, where targets matter. */
@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MachinesTest {
  private final Home home;
  private final FakeCentre centre;
  private final Region region;
  private final Home.Build build;
  private final Path folder;
  private long revision;

  MachinesTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    home = new Home(folder);
    centre = new FakeCentre();
    region =
        new Region(
            "eu", folder, home, centre.address(), "slipway.region.machine-download-limit=5MB");
    build = home.publish(7, Home.bytes(500_000, 1));
  }

  @BeforeAll
  void replicate() throws Exception {
    centre.want("eu", build);
    eventually("the build is here", () -> centre.isClaimed("eu", 7));
  }

  @AfterAll
  void stop() {
    region.close();
    centre.close();
  }

  private static Poll poll(String app, long after, int wait) {
    return new Poll("z1", List.of(new AppName(app)), List.of(), 1, after, wait);
  }

  private long target(
      String app, int share, Release release, @org.jspecify.annotations.Nullable Release previous) {
    centre.target(new Target(new AppName(app), ++revision, release, share, previous, null));
    return revision;
  }

  private PollAnswer await(String machine, String app, long atLeast) throws Exception {
    eventually(
        "revision " + atLeast, () -> region.poll(machine, poll(app, 0, 0)).revision() >= atLeast);
    return region.poll(machine, poll(app, 0, 0));
  }

  private static <T> FutureTask<T> meanwhile(Callable<T> call) {
    var task = new FutureTask<T>(call);
    Thread.startVirtualThread(task);
    return task;
  }

  @Test
  void a_waiting_poll_is_answered_when_a_target_arrives() throws Exception {
    var known = region.poll("m1", poll("long", 0, 0));
    assertThat(known.assignments()).isEmpty();
    var waiting = meanwhile(() -> region.poll("m1", poll("long", known.revision(), 30)));
    var at = target("long", 100, build.release(), null);
    var answer = waiting.get();
    assertThat(answer.revision()).isGreaterThanOrEqualTo(at);
    assertThat(answer.assignments())
        .singleElement()
        .satisfies(assignment -> {
          assertThat(assignment.app()).isEqualTo(new AppName("long"));
          assertThat(assignment.revision()).isEqualTo(at);
          assertThat(assignment.release()).isEqualTo(build.release());
          assertThat(assignment.manifest())
              .isEqualTo(region.address().resolve("/api/v1/manifests/long/7-1.json"));
          assertThat(assignment.provenance())
              .isEqualTo(region.address().resolve("/api/v1/provenance/long/7-1.intoto.jsonl"));
          assertThat(assignment.artifact())
              .isEqualTo(region.address().resolve("/artifacts/long/" + build.sha256()));
        });
    assertThat(region.poll("m1", poll("long", answer.revision(), 0)).assignments()).isEmpty();
  }

  @Test
  void only_a_machine_that_waits_keeps_its_connection() throws Exception {
    var token = Region.tokenOf("m1");
    var news = region.poll("m1", token, poll("long", 0, 0));
    assertThat(news.headers().firstValue("Connection")).contains("close");
    var waits = region.poll("m1", token, poll("long", 0, 1));
    assertThat(waits.headers().firstValue("Connection").orElse("")).isNotEqualTo("close");
  }

  @Test
  void a_target_of_an_app_that_a_machine_does_not_host_does_not_concern_it() throws Exception {
    var at = target("other", 100, build.release(), null);
    assertThat(await("m1", "mine", at).assignments()).isEmpty();
    var any = new Poll("z1", List.of(), List.of(), 2, at - 1, 0);
    assertThat(region.poll("m1", any).assignments()).hasSize(1);
  }

  @Test
  void each_answer_tells_the_limits() throws Exception {
    assertThat(region.poll("m1", poll("limits", Long.MAX_VALUE, 0)).limits())
        .isEqualTo(new Limits(5 << 20, 0));
  }

  @Test
  void what_to_have_ahead_is_told_to_whom_the_app_concerns_and_taken_back() throws Exception {
    var app = new AppName("ahead");
    var at = target("ahead", 100, build.release(), null);
    await("m1", "ahead", at);
    var waiting = meanwhile(() -> region.poll("m1", poll("ahead", at, 30)));
    var next = new Release(9, new Sha256("c".repeat(64)), 10, "manifests/ahead/9-1.json");
    centre.target(new Target(app, at, build.release(), 100, null, new Ahead(++revision, next)));
    assertThat(waiting.get().ahead())
        .singleElement()
        .satisfies(ahead -> {
          assertThat(ahead.app()).isEqualTo(app);
          assertThat(ahead.revision()).isGreaterThan(at);
          assertThat(ahead.bytesPerSecond()).isEqualTo(20 << 20);
          assertThat(Objects.requireNonNull(ahead.release()).release()).isEqualTo(next);
          assertThat(Objects.requireNonNull(ahead.release()).artifact())
              .isEqualTo(region.address().resolve("/artifacts/ahead/" + next.sha256()));
        });
    assertThat(region.poll("m2", poll("else", at, 0)).ahead()).isEmpty();
    centre.target(new Target(app, at, build.release(), 100, null, new Ahead(++revision, null)));
    assertThat(await("m1", "ahead", revision).ahead())
        .singleElement()
        .satisfies(ahead -> assertThat(ahead.release()).isNull());
  }

  @Test
  void machines_outside_the_share_keep_the_release_before() throws Exception {
    var before = new Release(3, new Sha256("b".repeat(64)), 10, "manifests/share/3-1.json");
    var at = target("share", 40, build.release(), before);
    await("m0", "share", at);
    var builds = IntStream.range(0, 50).mapToObj(i -> assigned("m" + i)).toList();
    assertThat(builds).contains(3L, 7L);
    for (var i = 0; i < 50; i++) {
      var slot = Target.slot(new AppName("share"), new MachineId("m" + i));
      assertThat(builds.get(i)).isEqualTo(slot < 40 ? 7L : 3L);
    }
  }

  @Test
  void machines_take_a_release_by_their_labels_and_an_app_is_told_to_those_it_is_for()
      throws Exception {
    var before = new Release(3, new Sha256("b".repeat(64)), 10, "manifests/group/3-1.json");
    var app = new AppName("group");
    var at = ++revision;
    centre.target(
        new Target(
            app,
            at,
            build.release(),
            0,
            before,
            new Ahead(++revision, build.release()),
            null,
            Labels.of("web"),
            List.of(new Group(Labels.of("canary"), 100))));
    await("m0", "other", revision);
    assertThat(toldTo("canary", "web")).containsExactly(7L);
    assertThat(toldTo("web")).containsExactly(3L);
    assertThat(toldTo("canary")).isEmpty();
    assertThat(toldTo()).isEmpty();
    var others = region.poll("m1", labelled(app)).ahead();
    assertThat(others).as("nor to be had ahead").isEmpty();
  }

  private List<Long> toldTo(String... labels) throws Exception {
    return region.poll("m1", labelled(new AppName("group"), labels)).assignments().stream()
        .map(assignment -> assignment.release().build())
        .toList();
  }

  private static Poll labelled(AppName app, String... labels) {
    return new Poll("z1", List.of(app), List.of(), 1, 0, 0, Labels.of(labels));
  }

  private long assigned(String machine) {
    try {
      return region.poll(machine, poll("share", 0, 0)).assignments().getFirst().release().build();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_machine_that_has_nothing_to_keep_is_told_nothing() throws Exception {
    var at = target("fresh", 0, build.release(), null);
    assertThat(await("m1", "fresh", at).assignments()).isEmpty();
  }

  @Test
  void a_wrong_token_is_refused_and_so_is_another_machines() throws Exception {
    var nobody = region.poll("m1", "m1:0000", poll("hello", 0, 0));
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(nobody.body()).contains("\"code\":\"unauthenticated\"");
    var other = region.poll("m1", Region.tokenOf("m2"), poll("hello", 0, 0));
    assertThat(other.statusCode()).isEqualTo(403);
    assertThat(other.body()).contains("\"code\":\"forbidden\"");
    for (var path :
        List.of(
            "/artifacts/hello/" + build.sha256(),
            "/api/v1/manifests/hello/7-1.json",
            "/api/v1/provenance/hello/7-1.intoto.jsonl")) {
      assertThat(region.get(region.address().resolve(path), "m1:0000").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void a_report_goes_up_and_an_overtaken_one_does_not() throws Exception {
    report("m77", 5, AppState.RUNNING);
    report("m77", 4, AppState.DOWNLOADING);
    report("m78", 1, AppState.ACTIVATING);
    eventually(
        "m78 is reported",
        () -> centre.reports.stream().anyMatch(r -> r.id().value().equals("m78")));
    assertThat(centre.reports)
        .filteredOn(r -> r.id().value().equals("m77"))
        .isNotEmpty()
        .allSatisfy(r -> {
          assertThat(r.zone()).isEqualTo("z1");
          assertThat(r.silentMillis()).isBetween(0L, 10_000L);
          assertThat(r.apps().getFirst().state()).isEqualTo(AppState.RUNNING);
        });
  }

  private void report(String machine, long sequence, AppState state) throws Exception {
    var word = new AppReport(Home.APP, 7, 7L, state, 1, 10, 10, null, null);
    region.poll(machine, new Poll("z1", List.of(Home.APP), List.of(word), sequence, 0, 0));
  }

  @Test
  void an_artifact_is_served_whole_and_in_ranges() throws Exception {
    var uri = region.address().resolve("/artifacts/hello/" + build.sha256());
    var token = Region.tokenOf("m1");
    var bytes = build.bytes();
    var whole = region.get(uri, token);
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo(bytes);
    assertThat(whole.headers().firstValue("ETag")).contains("\"" + build.sha256() + "\"");
    for (var source : List.of("cache", "bucket")) {
      assertThat(region.bean(ArtifactCache.class).file(build.sha256()).isPresent())
          .isEqualTo(source.equals("cache"));
      assertRange(uri, "bytes=100-199", 100, 200, bytes);
      assertRange(uri, "bytes=499990-", 499_990, 500_000, bytes);
      assertRange(uri, "bytes=499990-999999999", 499_990, 500_000, bytes);
      assertRange(uri, "bytes=-10", 499_990, 500_000, bytes);
      region.bean(ArtifactCache.class).drop(build.sha256());
    }
    for (var wrong :
        List.of(
            "bytes=500000-",
            "bytes=20-10",
            "bytes=-0",
            "bytes=-",
            "bytes=9223372036854775807-",
            "bytes=99999999999999999999-",
            "bytes=" + "9".repeat(100) + "-" + "9".repeat(100))) {
      var refused = region.get(uri, token, "Range", wrong);
      assertThat(refused.statusCode()).isEqualTo(416);
      assertThat(refused.headers().firstValue("Content-Range")).contains("bytes */500000");
    }
    // not one range of bytes: as if there were none
    for (var ignored :
        List.of(
            "bytes=0-1,5-6",
            "bytes=0-0" + ",0-0".repeat(500),
            "bytes=--1",
            "bytes=1-2-3",
            "bytes=0x1-0x2",
            "items=0-1",
            "bytes=0-" + "9".repeat(101))) {
      var answer = region.get(uri, token, "Range", ignored);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(bytes);
    }
    assertThat(region.get(uri, token, "Range", "bytes=0-1", "If-Range", "\"other\"").body())
        .isEqualTo(bytes);
    assertThat(region.get(uri, token, "If-None-Match", "\"" + build.sha256() + "\"").statusCode())
        .isEqualTo(304);
  }

  private void assertRange(URI uri, String range, int from, int to, byte[] bytes) throws Exception {
    var answer = region.get(uri, Region.tokenOf("m1"), "Range", range);
    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(bytes, from, to));
    assertThat(answer.headers().firstValue("Content-Range"))
        .contains("bytes " + from + "-" + (to - 1) + "/500000");
  }

  @Test
  void what_the_region_does_not_have_is_not_found_and_hostile_names_are_refused() throws Exception {
    var token = Region.tokenOf("m1");
    var unknown = region.address().resolve("/artifacts/hello/" + "c".repeat(64));
    assertThat(region.get(unknown, token).statusCode()).isEqualTo(404);
    var otherApp = region.address().resolve("/artifacts/elsewhere/" + build.sha256());
    assertThat(region.get(otherApp, token).statusCode()).isEqualTo(404);
    assertThat(
            region
                .get(region.address().resolve("/api/v1/manifests/hello/9-1.json"), token)
                .statusCode())
        .isEqualTo(404);
    for (var hostile :
        List.of(
            "/artifacts/Hello/" + build.sha256(),
            "/artifacts/hello/xyz",
            "/artifacts/%2e%2e/" + build.sha256(),
            "/artifacts/hello/..%2f..%2fetc%2fpasswd",
            "/artifacts/hello%2f..%2f..%2f/" + build.sha256(),
            "/api/v1/manifests/hello/..%2f7-1.json",
            "/api/v1/manifests/hello/7-1.json%00",
            "/api/v1/provenance/hello/7-1.json",
            "/api/v1/provenance/hello/.intoto.jsonl7-1")) {
      var answer = region.get(URI.create(region.address() + hostile), token);
      assertThat(answer.statusCode()).as(hostile).isBetween(400, 404);
      assertThat(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8))
          .doesNotContain("Exception");
    }
  }

  @Test
  void an_answer_that_cannot_be_ended_is_cut_and_not_taken_for_whole() throws Exception {
    var torn = home.publish(11, Home.bytes(1_000_000, 11));
    centre.want("eu", torn);
    eventually("it is here", () -> centre.isClaimed("eu", 11));
    var file = region.bean(ArtifactCache.class).file(torn.sha256()).orElseThrow();
    Files.write(file, Arrays.copyOf(torn.bytes(), 600_000));
    var uri = region.address().resolve("/artifacts/hello/" + torn.sha256());
    assertThatThrownBy(() -> region.get(uri, Region.tokenOf("m1"))).isInstanceOf(IOException.class);
  }

  @Test
  void a_poll_that_is_too_large_is_refused() throws Exception {
    var apps = "{\"app\":\"hello\"},".repeat(50_000);
    var request =
        HttpRequest.newBuilder(region.address().resolve("/api/v1/machines/m1/poll"))
            .header("Authorization", "Bearer " + Region.tokenOf("m1"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"apps\":[" + apps))
            .build();
    var answer = Region.HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("524288");
  }

  @Test
  void a_manifest_is_served_as_it_was_signed() throws Exception {
    var answer =
        region.get(
            region.address().resolve("/api/v1/manifests/hello/7-1.json"), Region.tokenOf("m1"));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(Files.readAllBytes(home.folder.resolve(build.manifest())));
    assertThat(home.trusted().verify(answer.body()).job()).isEqualTo(7);
  }

  @Test
  void a_provenance_is_served_as_it_was_signed() throws Exception {
    var address = region.address().resolve("/api/v1/provenance/hello/7-1.intoto.jsonl");
    var answer = region.get(address, Region.tokenOf("m1"));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(Files.readAllBytes(home.folder.resolve("provenance/hello/7-1.intoto.jsonl")));
    var none = region.address().resolve("/api/v1/provenance/hello/7-2.intoto.jsonl");
    assertThat(region.get(none, Region.tokenOf("m1")).statusCode()).isEqualTo(404);
  }

  @Test
  void the_origin_serves_only_the_process_itself() throws Exception {
    var uri = region.address().resolve("/origin/artifacts/hello/" + build.sha256());
    assertThat(region.get(uri, Region.tokenOf("m1")).statusCode()).isEqualTo(403);
    assertThat(region.get(uri, "").statusCode()).isEqualTo(403);
  }

  @Test
  void a_forged_announce_is_refused() throws Exception {
    var uri = URI.create(region.address() + "/announce/abc.def?info_hash=x");
    assertThat(region.get(uri, Region.tokenOf("m1")).statusCode()).isEqualTo(403);
  }

  @Test
  void a_machine_gets_a_target_by_the_swarm_from_the_regions_own_bucket() throws Exception {
    var bytes = Home.bytes(2_000_000, 9);
    var other = home.publish(9, bytes);
    var own = new FolderBlobStore(region.bucket);
    own.create(ArtifactNames.artifact(Home.APP, other.sha256()), out -> out.write(bytes));
    own.create(
        other.manifest(),
        out -> out.write(Files.readAllBytes(home.folder.resolve(other.manifest()))));
    var at = target("hello", 100, other.release(), null);
    var assignment = await("m5", "hello", at).assignments().getFirst();
    eventually(
        "the agent shares it", () -> region.bean(ArtifactCache.class).shares(other.sha256()));
    var manifest =
        home.trusted().verify(region.get(assignment.manifest(), Region.tokenOf("m5")).body());
    try (var peer = LibtorrentSwarm.start("127.0.0.1", 0);
        var member =
            peer.join(
                Torrent.parse(Base64.getDecoder().decode(manifest.torrentInfo())),
                Files.createDirectories(folder.resolve("m5")),
                region.meeting("m5", assignment))) {
      member.await(Duration.ofSeconds(10));
      assertThat(folder.resolve("m5").resolve(other.sha256().value())).hasBinaryContent(bytes);
    }
  }

  @Test
  void health_and_metrics_are_there_and_the_api_is_described() throws Exception {
    for (var path :
        List.of(
            "/actuator/health/readiness", "/actuator/health/liveness", "/actuator/prometheus")) {
      assertThat(region.get(region.address().resolve(path), "x").statusCode()).isEqualTo(200);
    }
    var openapi =
        new String(
            region.get(region.address().resolve("/openapi"), "x").body(),
            java.nio.charset.StandardCharsets.UTF_8);
    assertThat(openapi).contains("/api/v1/machines/{id}/poll").doesNotContain("/origin/");
  }
}
