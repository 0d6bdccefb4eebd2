package dev.slipway.client.context;

import dev.slipway.client.text.Output;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Signs in. */
@Command(
    name = "login",
    description = {
      "Signs in to an installation: asks for a token, tries it, and keeps it.",
      "The token is typed, unseen, or comes by standard input: slipway login URL < FILE"
    })
public final class Login implements Callable<Integer> {
  @Mixin private Output output = new Output();

  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "deploy-service's address (default ${DEFAULT-VALUE}).")
  private URI url = URI.create("http://127.0.0.1:8080");

  @Option(
      names = "--queue",
      paramLabel = "URL",
      description = "build-queue-service's (default: a port after URL's).")
  private @Nullable URI queue;

  @Option(
      names = "--reaper",
      paramLabel = "URL",
      description = "heartbeat-reaper's (default: two ports after).")
  private @Nullable URI reaper;

  @Option(
      names = "--replication",
      paramLabel = "URL",
      description = "replication-checker's (default: three ports after).")
  private @Nullable URI replication;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "What to call this installation, to be signed in to several.")
  private String name = "default";

  @Override
  public Integer call() throws IOException, InterruptedException {
    var addresses = Addresses.of(url, queue, reaper, replication);
    if (travelsInTheOpen(url)) {
      output.note("Mind: over http to another host everybody on the way can read the token.");
    }
    var context = new Context(addresses, TokenPrompt.ask(System.in));
    var you = context.deployService().get("/api/v1/installation").path("you");
    var contexts = Contexts.ofUser();
    contexts.put(name, context);
    output.line(
        "Signed in to %s as %s, %s; kept in %s."
            .formatted(
                url,
                you.path("name").asString(),
                you.path("role").asString().toLowerCase(Locale.ROOT),
                contexts.file()));
    return 0;
  }

  private static boolean travelsInTheOpen(URI url) {
    try {
      return "http".equals(url.getScheme())
          && !InetAddress.getByName(url.getHost()).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      // the call will say so
      return false;
    }
  }
}
