package dev.slipway.common.rate;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class TokenBucketTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void a_reader_waits_for_what_it_drew_beyond_the_rate() {
    var bucket = new TokenBucket(1_000, 0, 0);
    assertThat(bucket.draw(500, 0)).isEqualTo(SECOND / 2);
    assertThat(bucket.draw(500, 0)).as("behind the one before").isEqualTo(SECOND);
    assertThat(bucket.draw(1_000, SECOND)).isEqualTo(SECOND);
    assertThat(bucket.draw(0, 10 * SECOND)).isZero();
  }

  @Test
  void unused_tokens_are_kept_for_the_burst_only() {
    var bucket = new TokenBucket(1_000, SECOND / 10, 0);
    assertThat(bucket.draw(100, 0)).isZero();
    assertThat(bucket.draw(100, 0)).isEqualTo(SECOND / 10);
    // an hour later
    assertThat(bucket.draw(100, 3_600 * SECOND)).isZero();
    assertThat(bucket.draw(100, 3_600 * SECOND)).isEqualTo(SECOND / 10);
  }

  @Test
  void a_token_that_is_not_there_is_not_drawn() {
    var bucket = new TokenBucket(10, SECOND / 5, 0);
    assertThat(bucket.drawIfThere(0)).isZero();
    assertThat(bucket.drawIfThere(0)).isZero();
    assertThat(bucket.drawIfThere(0)).isEqualTo(SECOND / 10);
    assertThat(bucket.drawIfThere(0)).as("it costs nothing to be refused").isEqualTo(SECOND / 10);
    assertThat(bucket.drawIfThere(SECOND / 10)).isZero();
    assertThat(bucket.drawIfThere(SECOND / 10)).isEqualTo(SECOND / 10);
  }
}
