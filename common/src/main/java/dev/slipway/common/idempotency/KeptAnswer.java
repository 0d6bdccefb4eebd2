package dev.slipway.common.idempotency;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was answered to a call.
 *
 * @param kept whether {@code body} is what was sent; else it was too large, or held a secret
 */
record KeptAnswer(int status, @Nullable String contentType, String body, boolean kept) {
  private static final int LARGEST = 64 << 10;

  /** An answer as it may be kept. */
  static KeptAnswer of(int status, @Nullable String contentType, byte[] body) {
    var text = new String(body, StandardCharsets.UTF_8);
    var keeps = body.length <= LARGEST && !holdsSecret(contentType, text);
    return new KeptAnswer(status, contentType, keeps ? text : "", keeps);
  }

  /** By the names of its fields, so that a new call need not remember to say so. */
  private static boolean holdsSecret(@Nullable String contentType, String body) {
    if (contentType == null || !contentType.contains("json")) {
      return false;
    }
    try {
      return JsonMapper.shared()
          .readTree(body)
          .propertyStream()
          .anyMatch(field ->
              field.getKey().toLowerCase(Locale.ROOT).matches(".*(token|secret|password)")
                  && field.getValue().isString());
    } catch (JacksonException notJson) {
      return true;
    }
  }
}
