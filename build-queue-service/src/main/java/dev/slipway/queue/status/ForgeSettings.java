package dev.slipway.queue.status;

import dev.slipway.common.problem.InvalidInput;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A forge that is told how builds go.
 *
 * @param host as in its repositories' addresses, lower case, with the port where it is not the
 *     scheme's own
 * @param api its address for calls, https or http: {@code https://api.github.com}, else the forge's
 *     own
 * @param tokenFile holds a token that may write statuses; read before each call, so that it can be
 *     replaced. Without it the forge is told nothing
 */
public record ForgeSettings(String host, ForgeKind kind, URI api, @Nullable Path tokenFile) {
  private static final int LONGEST_TOKEN = 1_000;

  public ForgeSettings {
    // what is not set is bound as null
    present(host, "host");
    present(kind, "kind");
    present(api, "api");
    InvalidInput.unless(
        host.matches("[a-z0-9\\[][a-z0-9.:\\]-]{0,299}"),
        "slipway.queue.forges.host",
        "must be a host in lower case, with a port where it is not the usual one");
    InvalidInput.unless(
        api.getHost() != null
            && api.getScheme() != null
            && api.getScheme().matches("https?")
            && api.getUserInfo() == null
            && api.getQuery() == null
            && api.getFragment() == null,
        "slipway.queue.forges.api",
        "must be an https or http address without user and query");
  }

  private static void present(@Nullable Object value, String key) {
    InvalidInput.unless(value != null, "slipway.queue.forges." + key, "is missing");
  }

  /**
   * The token in the file.
   *
   * @throws IOException if it cannot be read
   * @throws InvalidInput if it is none; does not tell it
   */
  public String token() throws IOException {
    if (tokenFile == null) {
      throw new IllegalStateException(host + " has no token");
    }
    var token = Files.readString(tokenFile).strip();
    InvalidInput.unless(
        token.length() <= LONGEST_TOKEN && token.matches("[\\x21-\\x7e]+"),
        "slipway.queue.forges.token-file " + tokenFile,
        "must hold a token of 1 to 1000 ASCII characters without blanks");
    return token;
  }
}
