package dev.slipway.machine;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.NullMarked;

/** What the machines of these tests run: answers with its build and its process id. */
@NullMarked
final class TinyApp {
  private TinyApp() {}

  public static void main(String[] arguments) throws IOException {
    var server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
            10);
    var answer =
        (System.getenv("SLIPWAY_BUILD") + " " + ProcessHandle.current().pid())
            .getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.createContext("/hangs", exchange -> hang());
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /** Takes a request and never answers. */
  private static void hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A script that notes its start and becomes this app. */
  static String script() {
    return """
    #!/bin/sh
    echo "$SLIPWAY_BUILD" >> "$MARKER"
    exec %s/bin/java -Xmx32m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp %s %s "$1"
    """
        .formatted(
            System.getProperty("java.home"),
            TinyApp.class.getProtectionDomain().getCodeSource().getLocation().getPath(),
            TinyApp.class.getName());
  }
}
