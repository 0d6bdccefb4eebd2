package dev.slipway.common.etag;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.problem.Problem;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The version of something that callers read and then change.
 *
 * @param tag a strong entity tag, quotes included
 */
public record Version(String tag) {
  private static final int DIGITS = 32;

  /** The version of what is shown as this. */
  public static Version of(Object view) {
    var digest = Sha256.of(JsonMapper.shared().writeValueAsBytes(view)).value();
    return new Version("\"" + digest.substring(0, DIGITS) + "\"");
  }

  /**
   * Refuses a change by somebody who has not seen what is there.
   *
   * @param ifMatch the header of that name; none where the caller does not mind
   * @param now what is there; none where nothing is
   * @throws Problem 412 if it is another version
   */
  public static void mustMatch(@Nullable String ifMatch, @Nullable Object now) {
    if (ifMatch == null) {
      return;
    }
    var fits =
        now != null
            && (ifMatch.strip().equals("*")
                || Arrays.stream(ifMatch.split(","))
                    .anyMatch(tag -> tag.strip().equals(of(now).tag())));
    if (!fits) {
      throw new Problem(
          412, "changed-meanwhile", "it is not what If-Match names any more; read it again");
    }
  }
}
