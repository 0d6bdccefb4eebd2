package dev.slipway.deploy.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.app.AppName;
import dev.slipway.common.clock.TestClock;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.trace.LogLines;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.deploy.webhook.Receiver.Got;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

@NullMarked
class WebhookOutboxTest {
  private static final WebhookProperties SETTINGS =
      new WebhookProperties(
          URI.create("https://slipway.example/"),
          List.of("127.0.0.1"),
          Duration.ofHours(24),
          Duration.ofDays(3));
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final JdbcClient jdbc = TestDatabase.create().jdbc();
  private final JobRows rows = new JobRows(jdbc);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final WebhookStore webhooks = new WebhookStore(jdbc);
  private final DeliveryStore deliveries = new DeliveryStore(jdbc);
  private final Destinations destinations =
      new Destinations(SETTINGS.allowedHosts(), InetAddress::getAllByName);
  private final Sender sender = new Sender(destinations, TIMEOUT, new TestClock());
  private final WebhookOutbox outbox = outbox(sender);
  private final Receiver receiver = new Receiver();
  private final String secret = Signature.newSecret();

  WebhookOutboxTest() throws IOException {}

  private WebhookOutbox outbox(Sender with) {
    return new WebhookOutbox(new EventStore(jdbc), deliveries, with, SETTINGS, meters);
  }

  @BeforeEach
  void apps() {
    rows.app("hello");
    rows.app("other");
    jdbc.sql("insert into region (name, bucket) values ('eu', 'file:///none')").update();
  }

  @AfterEach
  void stop() throws IOException {
    receiver.close();
    sender.close();
  }

  private long webhook(URI url, Kind kind, @Nullable String app, List<EventType> events) {
    return webhooks
        .add(url, kind, app == null ? null : new AppName(app), events, secret, "ada")
        .orElseThrow()
        .id();
  }

  private long webhook() {
    return webhook(receiver.url(), Kind.JSON, null, EventType.all());
  }

  private void sendAll() throws InterruptedException {
    for (var passes = 0; outbox.runOnce(); passes++) {
      assertThat(passes).as("it comes to an end").isLessThan(100);
    }
  }

  /** What waits for its next try need not wait for its time. */
  private void later() {
    jdbc.sql("update webhook_delivery set next_try_at = now() where state = 'WAITING'").update();
  }

  private long deployment(long build, String status) {
    return jdbc.sql(
            """
            insert into deployment (app, job, cause, requested_by, plan, status, started_at, finished_at, wave_started_at, reason)
            values ('hello', :build, 'PERSON', 'ann', '{}', :status, now(),
                    case when :status in ('ROLLING', 'PAUSED') then null else now() end, now(), 'too many <failed>')
            returning id
            """)
        .param("build", build)
        .param("status", status)
        .query(Long.class)
        .single();
  }

  private List<Delivery> history(long webhook) {
    return deliveries.list(webhook, Long.MAX_VALUE, 100).reversed();
  }

  private double count(String outcome) {
    return meters.counter("slipway.webhook.deliveries", "outcome", outcome).count();
  }

  @Test
  void a_build_and_its_deployment_are_told_once_and_in_order() throws Exception {
    var webhook = webhook();
    var build = rows.replicated("hello");
    sendAll();
    var deployment = deployment(build, "SUCCEEDED");
    sendAll();
    sendAll();
    assertThat(receiver.types())
        .startsWith("build.started", "build.succeeded", "build.replicated")
        .hasSize(6)
        .contains("deployment.created", "deployment.started", "deployment.succeeded");
    assertThat(receiver.got()).extracting(Got::id).doesNotHaveDuplicates();
    var last = receiver.got().getLast().json();
    assertThat(last.path("app").asString()).isEqualTo("hello");
    assertThat(last.path("build").path("id").asLong()).isEqualTo(build);
    assertThat(last.path("build").path("commit").asString()).hasSize(40);
    assertThat(last.path("deployment").path("requestedBy").asString()).isEqualTo("ann");
    assertThat(last.path("at").asString()).matches("20.*T.*Z");
    assertThat(last.path("url").asString())
        .isEqualTo("https://slipway.example/deployments/" + deployment);
    assertThat(history(webhook)).extracting(Delivery::state).containsOnly("DELIVERED");
    assertThat(count("delivered")).isEqualTo(6);
  }

  @Test
  void what_is_sent_is_signed() throws Exception {
    webhook();
    rows.running("hello", "w");
    sendAll();
    var got = receiver.got().getFirst();
    assertThat(got.json().path("id").asString()).isEqualTo(got.id());
    var at = Instant.ofEpochSecond(got.timestamp());
    var bytes = got.body().getBytes(StandardCharsets.UTF_8);
    assertThat(got.signature()).isEqualTo(Signature.of(secret, got.id(), at, bytes));
    assertThat(got.signature())
        .isNotEqualTo(Signature.of(Signature.newSecret(), got.id(), at, bytes))
        .isNotEqualTo(Signature.of(secret, got.id(), at.plusSeconds(1), bytes));
  }

  @Test
  void the_signature_is_that_of_the_standard() {
    // the example of the specification of Standard Webhooks
    assertThat(
            Signature.of(
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Instant.ofEpochSecond(1614265330),
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void a_receiver_is_told_what_it_wants_to_know_since_it_was_added() throws Exception {
    rows.running("hello", "before");
    webhook(receiver.url(), Kind.JSON, "hello", List.of(EventType.BUILD_SUCCEEDED));
    rows.replicated("other");
    var build = rows.replicated("hello");
    sendAll();
    assertThat(receiver.types()).containsExactly("build.succeeded");
    assertThat(receiver.got().getFirst().json().path("build").path("id").asLong()).isEqualTo(build);
  }

  @Test
  void a_pause_is_told_once_and_the_next_one_again() throws Exception {
    webhook(receiver.url(), Kind.JSON, null, List.of(EventType.DEPLOYMENT_PAUSED));
    var deployment = deployment(rows.replicated("hello"), "PAUSED");
    sendAll();
    sendAll();
    assertThat(receiver.types()).hasSize(1);
    jdbc.sql("update deployment set wave_ill_at = now() where id = ?").param(deployment).update();
    sendAll();
    assertThat(receiver.types()).containsExactly("deployment.paused", "deployment.paused");
  }

  @Test
  void what_a_receiver_cannot_take_now_is_sent_again_and_the_rest_waits_behind_it()
      throws Exception {
    var webhook = webhook();
    receiver.status = 500;
    rows.replicated("hello");
    sendAll();
    assertThat(receiver.got()).as("the first alone was tried").hasSize(1);
    assertThat(history(webhook).getFirst().problem()).startsWith("it answered 500");
    assertThat(webhooks.find(webhook).orElseThrow().failingSince()).isNotNull();
    receiver.status = 200;
    later();
    sendAll();
    assertThat(receiver.types())
        .containsExactly("build.started", "build.started", "build.succeeded", "build.replicated");
    assertThat(receiver.got().get(1).id()).isEqualTo(receiver.got().get(0).id());
    assertThat(receiver.got().get(1).body()).isEqualTo(receiver.got().get(0).body());
    assertThat(webhooks.find(webhook).orElseThrow().failingSince()).isNull();
    assertThat(history(webhook).getFirst().tries()).isEqualTo(2);
  }

  @Test
  void what_a_receiver_does_not_want_is_given_up_after_five_tries() throws Exception {
    var webhook = webhook();
    receiver.status = 400;
    rows.running("hello", "w");
    var push = TraceParent.start(false);
    jdbc.sql("update job set trace_parent = :push").param("push", push.toString()).update();
    try (var log = new LogLines()) {
      for (var tries = 0; tries < 8; tries++) {
        sendAll();
        later();
      }
      assertThat(log.saying("does not take build.started"))
          .extracting(LogLines.Line::trace)
          .containsExactly(LogLines.of(push));
    }
    assertThat(receiver.got()).hasSize(5);
    assertThat(history(webhook)).extracting(Delivery::state).containsExactly("GIVEN_UP");
    receiver.status = 200;
    rows.running("hello", "w");
    sendAll();
    assertThat(receiver.got()).as("the next one goes on").hasSize(6);
  }

  @Test
  void what_nobody_takes_for_a_day_is_given_up() throws Exception {
    var webhook = webhook();
    receiver.status = 503;
    rows.running("hello", "w");
    sendAll();
    jdbc.sql("update webhook_delivery set created_at = created_at - interval '25 hours'").update();
    later();
    sendAll();
    assertThat(history(webhook).getFirst().state()).isEqualTo("GIVEN_UP");
    assertThat(count("given-up")).isEqualTo(1);
  }

  @Test
  void a_receiver_that_is_gone_slow_or_dies_in_the_middle_is_tried_again() throws Exception {
    try (var dying = new DyingReceiver()) {
      var gone = webhook(URI.create("http://127.0.0.1:1/"), Kind.JSON, null, EventType.all());
      var dies = webhook(dying.url("/dies"), Kind.JSON, null, EventType.all());
      var slow = webhook(dying.url("/slow"), Kind.JSON, null, EventType.all());
      var well = webhook();
      rows.running("hello", "w");
      try (var impatient = new Sender(destinations, Duration.ofSeconds(1), new TestClock())) {
        outbox(impatient).runOnce();
      }
      for (var failed : List.of(gone, dies, slow)) {
        assertThat(history(failed).getFirst().state()).isEqualTo("WAITING");
        assertThat(history(failed).getFirst().problem()).isNotEmpty();
        assertThat(history(failed).getFirst().lastStatus()).isNull();
      }
      assertThat(history(slow).getFirst().problem()).isEqualTo("it took too long");
      assertThat(receiver.got()).as("the others are told").hasSize(1);
      assertThat(history(well).getFirst().state()).isEqualTo("DELIVERED");
      assertThat(count("later")).isEqualTo(3);
    }
  }

  @Test
  void who_dies_between_sending_and_noting_it_sends_it_again_under_the_same_id() throws Exception {
    var webhook = webhook();
    rows.running("hello", "w");
    new EventStore(jdbc).note();
    var due = deliveries.claim(Duration.ofMinutes(1), Duration.ofHours(24)).orElseThrow();
    sender.send(due.url(), secret, due.eventId(), new byte[0]);
    // it dies; somebody else comes
    sendAll();
    assertThat(receiver.got()).as("it is held").hasSize(1);
    later();
    sendAll();
    assertThat(receiver.got()).extracting(Got::id).containsExactly(due.eventId(), due.eventId());
    // it was not dead after all
    deliveries.postpone(due, new Reply(500, "late"), Duration.ZERO);
    assertThat(history(webhook).getFirst().state()).isEqualTo("DELIVERED");
  }

  @Test
  void a_receiver_that_takes_nothing_for_days_is_told_no_more_until_somebody_enables_it()
      throws Exception {
    var webhook = webhook();
    receiver.status = 500;
    rows.replicated("hello");
    sendAll();
    jdbc.sql("update webhook set failing_since = now() - interval '4 days'").update();
    later();
    sendAll();
    var disabled = webhooks.find(webhook).orElseThrow();
    assertThat(disabled.disabledAt()).isNotNull();
    assertThat(disabled.disabledReason()).startsWith("it has taken nothing since");
    assertThat(history(webhook)).extracting(Delivery::state).containsOnly("GIVEN_UP");
    assertThat(webhooks.disabled()).isEqualTo(1);
    assertThat(count("disabled")).isEqualTo(1);
    receiver.status = 200;
    rows.running("hello", "meanwhile");
    sendAll();
    var before = receiver.got().size();
    assertThat(webhooks.enable(webhook)).isTrue();
    sendAll();
    assertThat(receiver.got()).as("what happened meanwhile is not told").hasSize(before);
    rows.running("hello", "w");
    sendAll();
    assertThat(receiver.got()).hasSize(before + 1);
  }

  @Test
  void redirects_are_not_followed() throws Exception {
    try (var elsewhere = new Receiver()) {
      var webhook = webhook();
      receiver.status = 307;
      receiver.location = elsewhere.url().toString();
      rows.running("hello", "w");
      sendAll();
      assertThat(elsewhere.got()).isEmpty();
      assertThat(history(webhook).getFirst().lastStatus()).isEqualTo(307);
    }
  }

  @Test
  void a_name_that_turns_to_a_private_address_is_not_sent_to() throws Exception {
    Queue<String> answers = new ArrayDeque<>(List.of("93.184.215.14"));
    var turning =
        new Destinations(
            List.of(),
            host -> InetAddress.getAllByName(answers.isEmpty() ? "127.0.0.1" : answers.poll()));
    var url = turning.check("http://rebind.example:" + receiver.url().getPort() + "/hook");
    var webhook = webhook(url, Kind.JSON, null, EventType.all());
    rows.running("hello", "w");
    try (var strict = new Sender(turning, TIMEOUT, new TestClock())) {
      outbox(strict).runOnce();
    }
    assertThat(receiver.got()).isEmpty();
    assertThat(history(webhook).getFirst().problem()).contains("private network");
  }

  @Test
  void slack_gets_a_line_without_markup_of_others() throws Exception {
    webhook(receiver.url(), Kind.SLACK, null, List.of(EventType.DEPLOYMENT_FAILED));
    var build = rows.replicated("hello");
    var deployment = deployment(build, "FAILED");
    sendAll();
    assertThat(receiver.got()).hasSize(1);
    assertThat(receiver.got().getFirst().json().path("text").asString())
        .isEqualTo(
            "hello: <https://slipway.example/deployments/%d|deployment %d of build #%d> failed (000000000000): too many &lt;failed&gt;"
                .formatted(deployment, deployment, build));
  }

  @Test
  void what_ended_a_week_ago_is_forgotten() throws Exception {
    var webhook = webhook();
    rows.running("hello", "w");
    sendAll();
    jdbc.sql("update webhook_delivery set created_at = now() - interval '8 days'").update();
    jdbc.sql("update job set started_at = now() - interval '8 days'").update();
    outbox.runOnce();
    assertThat(history(webhook)).isEmpty();
  }
}
