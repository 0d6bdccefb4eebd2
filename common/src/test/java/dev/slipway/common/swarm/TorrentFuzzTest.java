package dev.slipway.common.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.common.problem.InvalidInput;
import org.jspecify.annotations.NullMarked;

@NullMarked
class TorrentFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void bencoding_is_refused_or_is_the_only_one_of_its_torrent(byte[] info) {
    try {
      assertThat(Torrent.parse(info).info()).isEqualTo(info);
    } catch (InvalidInput refused) {
      assertThat(refused.getMessage()).hasSizeLessThan(200);
    }
  }
}
