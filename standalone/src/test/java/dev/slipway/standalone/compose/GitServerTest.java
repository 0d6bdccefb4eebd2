package dev.slipway.standalone.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.access.Secrets;
import dev.slipway.standalone.HookedRepository;
import dev.slipway.standalone.Shell;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class GitServerTest {
  private static final InetSocketAddress FREE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final String SECRET = "only for this test";

  private @TempDir Path folder;

  /** What the webhook was told. */
  private record Delivery(String signature, String payload) {}

  @Test
  void a_push_by_http_is_told_to_the_webhook_and_can_be_cloned() throws Exception {
    var deliveries = new CopyOnWriteArrayList<Delivery>();
    var webhook = webhook(deliveries);
    var root = Files.createDirectory(folder.resolve("root"));
    var secret = Files.writeString(folder.resolve("secret"), SECRET);
    var registered = URI.create("http://git:8000/hello.git");
    HookedRepository.make(
        root.resolve("hello.git"),
        registered,
        URI.create("http://127.0.0.1:" + webhook.getAddress().getPort()),
        secret);
    try (var git = GitServer.start(root, FREE)) {
      var address = "http://127.0.0.1:" + git.port() + "/hello.git";
      var commit = push(address);

      Shell.run(folder, "git", "clone", "--quiet", "--depth", "1", address, "clone");
      assertThat(folder.resolve("clone/index.html")).hasContent("Hello");
      var delivery = deliveries.getFirst();
      assertThat(delivery.signature())
          .isEqualTo("sha256=" + Secrets.hmac(SECRET, delivery.payload()));
      var told = JsonMapper.shared().readTree(delivery.payload());
      assertThat(told.path("after").asString()).isEqualTo(commit);
      assertThat(told.path("repository").path("clone_url").asString())
          .isEqualTo(registered.toString());
    } finally {
      webhook.stop(0);
    }
  }

  @Test
  void a_repository_that_is_there_keeps_what_it_has() throws Exception {
    var bare = folder.resolve("root/hello.git");
    var secret = Files.writeString(folder.resolve("secret"), SECRET);
    var nobody = URI.create("http://127.0.0.1:1");
    HookedRepository.make(bare, nobody, nobody, secret);
    Files.writeString(bare.resolve("description"), "kept");
    HookedRepository.make(bare, nobody, URI.create("http://127.0.0.1:2"), secret);

    assertThat(bare.resolve("description")).hasContent("kept");
    assertThat(Files.readString(bare.resolve("hooks/post-receive")))
        .contains("'http://127.0.0.1:2'");
  }

  private String push(String address) throws IOException, InterruptedException {
    var work = Files.createDirectory(folder.resolve("work"));
    Shell.run(work, "git", "init", "--quiet", "-b", "master");
    Files.writeString(work.resolve("index.html"), "Hello");
    Shell.run(work, "git", "add", "--all");
    Shell.run(
        work,
        "git",
        "-c",
        "user.name=Ann Example",
        "-c",
        "user.email=ann@example.com",
        "commit",
        "--quiet",
        "-m",
        "Say hello");
    Shell.run(work, "git", "push", "--quiet", address, "HEAD:refs/heads/master");
    return Shell.run(work, "git", "rev-parse", "HEAD");
  }

  private static HttpServer webhook(List<Delivery> deliveries) throws IOException {
    var server = HttpServer.create(FREE, 0);
    server.createContext(
        "/",
        (HttpExchange exchange) -> {
          try (exchange) {
            var signature = exchange.getRequestHeaders().getFirst("X-Hub-Signature-256");
            var payload =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            deliveries.add(new Delivery(signature, payload));
            exchange.sendResponseHeaders(202, -1);
          }
        });
    server.start();
    return server;
  }
}
