package dev.slipway.standalone.client;

import dev.slipway.standalone.Api;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which deploy-service is called, and as whom. */
final class Service {
  @Option(
      names = "--url",
      defaultValue = "http://127.0.0.1:8080",
      description = "deploy-service's address (default ${DEFAULT-VALUE}).")
  private URI url = URI.create("http://127.0.0.1:8080");

  @Option(
      names = "--token-file",
      defaultValue = ".slipway/keys/admin",
      description = "A file with your token (default ${DEFAULT-VALUE}).")
  private Path tokenFile = Path.of("");

  Api api() throws IOException {
    return new Api(url, Files.readString(tokenFile).strip());
  }
}
