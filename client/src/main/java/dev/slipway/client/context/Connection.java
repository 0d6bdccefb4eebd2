package dev.slipway.client.context;

import dev.slipway.client.call.Service;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which installation is called, and as whom. */
public final class Connection {
  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "One of those that you are signed in to (default: the current one).")
  private @Nullable String context;

  @Option(
      names = "--url",
      description =
          "deploy-service's address instead; the other services' are counted from its port.")
  private @Nullable URI url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with the token to use instead.")
  private @Nullable Path tokenFile;

  private @Nullable Context chosen;

  /** deploy-service. */
  public Service deploy() throws IOException {
    return chosen().deployService();
  }

  /** build-queue-service. */
  public Service queue() throws IOException {
    return chosen().buildQueueService();
  }

  /** replication-checker. */
  public Service replication() throws IOException {
    return chosen().replicationChecker();
  }

  /** heartbeat-reaper. */
  public Service reaper() throws IOException {
    return chosen().heartbeatReaper();
  }

  private Context chosen() throws IOException {
    var known = chosen;
    if (known == null) {
      known = Contexts.ofUser().choose(context, url, tokenFile);
      chosen = known;
    }
    return known;
  }
}
