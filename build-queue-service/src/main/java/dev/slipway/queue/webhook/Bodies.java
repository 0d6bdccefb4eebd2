package dev.slipway.queue.webhook;

import dev.slipway.common.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** Reads request bodies as they came, up to a limit, whether their length was announced or not. */
final class Bodies {
  /**
   * 5 MB: more than any push that is of use; GitHub itself sends up to 25 MB, but of commit lists.
   */
  static final int LARGEST = 5_000_000;

  private Bodies() {}

  static byte[] read(HttpServletRequest request) throws IOException {
    if (request.getContentLengthLong() > LARGEST) {
      throw tooLarge();
    }
    var body = request.getInputStream().readNBytes(LARGEST + 1);
    if (body.length > LARGEST) {
      throw tooLarge();
    }
    return body;
  }

  private static Problem tooLarge() {
    return new Problem(413, "too-large", "the body must be at most " + LARGEST + " bytes");
  }
}
