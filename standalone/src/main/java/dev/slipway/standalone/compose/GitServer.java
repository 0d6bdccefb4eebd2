package dev.slipway.standalone.compose;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.standalone.Shell;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves the git repositories of a folder by HTTP, to clone and to push, with git's own {@code
 * http-backend} behind the JDK's server. Who reaches it may do both: it is there to be tried with.
 */
final class GitServer implements AutoCloseable {
  static final int PORT = 8000;

  private static final int LONGEST_LINE = 8192;

  private final Path root;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private GitServer(Path root, InetSocketAddress address) throws IOException {
    this.root = root;
    this.server = HttpServer.create(address, 0);
  }

  /** Starts it; it serves until it is closed. */
  static GitServer start(Path root, InetSocketAddress address)
      throws IOException, InterruptedException {
    try (var folders = Files.list(root)) {
      for (var repository : folders.filter(f -> f.toString().endsWith(".git")).toList()) {
        Shell.run(repository, "git", "config", "http.receivepack", "true");
      }
    }
    var git = new GitServer(root, address);
    git.server.setExecutor(git.threads);
    git.server.createContext("/", git::answer);
    git.server.start();
    return git;
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var backend = backend(exchange).start();
      try {
        try (var request = backend.getOutputStream()) {
          exchange.getRequestBody().transferTo(request);
        }
        pass(new BufferedInputStream(backend.getInputStream()), exchange);
      } finally {
        backend.destroy();
      }
    }
  }

  /** The program as RFC 3875 says how to call it. */
  private ProcessBuilder backend(HttpExchange exchange) {
    var builder = new ProcessBuilder("git", "http-backend");
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    var headers = exchange.getRequestHeaders();
    var uri = exchange.getRequestURI();
    var environment = builder.environment();
    environment.putAll(
        Map.of(
            "GIT_PROJECT_ROOT", root.toString(),
            "GIT_HTTP_EXPORT_ALL", "1",
            "REQUEST_METHOD", exchange.getRequestMethod(),
            "PATH_INFO", uri.getPath(),
            "QUERY_STRING", Objects.toString(uri.getRawQuery(), ""),
            "CONTENT_TYPE", Objects.toString(headers.getFirst("Content-Type"), "")));
    Map.of(
            "Content-Length", "CONTENT_LENGTH",
            "Content-Encoding", "HTTP_CONTENT_ENCODING",
            "Git-Protocol", "GIT_PROTOCOL")
        .forEach((header, variable) -> {
          var value = headers.getFirst(header);
          if (value != null) {
            environment.put(variable, value);
          }
        });
    return builder;
  }

  private static void pass(InputStream answer, HttpExchange exchange) throws IOException {
    var status = 200;
    for (var line = line(answer); !line.isEmpty(); line = line(answer)) {
      var parts = line.split(": ", 2);
      if (parts[0].equalsIgnoreCase("Status")) {
        status = Integer.parseInt(parts[1].substring(0, 3));
      } else {
        exchange.getResponseHeaders().add(parts[0], parts[1]);
      }
    }
    exchange.sendResponseHeaders(status, 0);
    answer.transferTo(exchange.getResponseBody());
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (var next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (line.size() == LONGEST_LINE) {
        throw new IOException("git http-backend answers a header without end");
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
