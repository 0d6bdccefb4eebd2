package dev.slipway.common.artifact;

import static org.assertj.core.api.Assertions.fail;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.slipway.common.problem.InvalidInput;
import java.util.List;
import org.jspecify.annotations.NullMarked;

@NullMarked
class EnvelopeFuzzTest {
  private final TrustedKeys trusted = new TrustedKeys(List.of(SigningKey.generate().publicKey()));

  @FuzzTest(maxDuration = "2m")
  void nothing_that_nobody_signed_is_believed(byte[] envelope) {
    try {
      fail("%s was believed", trusted.verify(envelope));
    } catch (InvalidInput refused) {
      // as it has to be
    }
  }
}
