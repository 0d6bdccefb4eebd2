package dev.slipway.common.blob;

import java.util.Map;
import org.jspecify.annotations.NullMarked;
import tools.jackson.databind.json.JsonMapper;

/** What the fake answers. */
@NullMarked
@SuppressWarnings("ArrayRecordComponent") // never compared
record FakeGcsReply(int status, Map<String, String> headers, byte[] body) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static FakeGcsReply empty(int status, Map<String, String> headers) {
    return new FakeGcsReply(status, headers, new byte[0]);
  }

  static FakeGcsReply json(int status, Object value) {
    return new FakeGcsReply(
        status,
        Map.of("Content-Type", "application/json; charset=UTF-8"),
        JSON.writeValueAsBytes(value));
  }

  /** A refusal, thrown from wherever it is found out. */
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;

    Refusal(int status, String message) {
      super(message);
      this.status = status;
    }

    FakeGcsReply reply() {
      var text = String.valueOf(getMessage());
      return json(status, Map.of("error", Map.of("code", status, "message", text)));
    }
  }
}
