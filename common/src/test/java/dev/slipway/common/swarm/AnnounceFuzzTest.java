package dev.slipway.common.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.common.problem.InvalidInput;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.NullMarked;

@NullMarked
class AnnounceFuzzTest {
  private static final int MOST = 50;

  @FuzzTest(maxDuration = "2m")
  void a_query_is_refused_or_bounded(byte[] query) {
    try {
      var announce = Announce.parse(new String(query, StandardCharsets.ISO_8859_1), MOST);
      assertThat(announce.port()).isBetween(1, 65_535);
      assertThat(announce.wanted()).isBetween(0, MOST);
    } catch (InvalidInput refused) {
      assertThat(refused.getMessage()).hasSizeLessThan(200);
    }
  }
}
