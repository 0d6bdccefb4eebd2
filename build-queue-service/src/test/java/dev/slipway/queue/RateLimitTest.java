package dev.slipway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Role;
import dev.slipway.common.database.TestDatabase;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Callers that ask too much, over HTTP. */
@NullMarked
class RateLimitTest {
  @Test
  void who_asks_too_much_is_told_when_to_come_again() {
    var queue =
        new TestQueue(
            TestDatabase.create(),
            url -> url,
            // a token comes back once in a test
            "--slipway.rate.per-second=1",
            "--slipway.rate.burst=3",
            "--slipway.rate.anonymous-per-second=1",
            "--slipway.rate.anonymous-burst=1");
    try {
      var answer = queue.get(Role.VIEWER, "/api/v1/jobs");
      for (var calls = 1; answer.status() == 200 && calls < 100; calls++) {
        answer = queue.get(Role.VIEWER, "/api/v1/jobs");
      }
      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.text("code")).isEqualTo("rate-limited");
      assertThat(answer.raw().headers().firstValue("Retry-After")).isPresent();

      var strange = queue.send(queue.request("/api/v1/jobs").GET());
      for (var calls = 1; strange.status() == 401 && calls < 100; calls++) {
        strange = queue.send(queue.request("/api/v1/jobs").GET());
      }
      assertThat(strange.status()).as("without a token").isEqualTo(429);
      assertThat(queue.get(Role.DEPLOYER, "/api/v1/jobs").status())
          .as("others are not held up")
          .isEqualTo(200);
      for (var calls = 0; calls < 20; calls++) {
        assertThat(queue.get(Role.WORKER, "/api/v1/jobs").status())
            .as("a worker is not counted, only refused")
            .isEqualTo(403);
        assertThat(queue.send(queue.request("/actuator/health").GET()).status()).isEqualTo(200);
      }
    } finally {
      queue.stop();
    }
  }
}
