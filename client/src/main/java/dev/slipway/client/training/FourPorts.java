package dev.slipway.client.training;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/** Four ports in a row of this host that one handler answers, as those of an installation are. */
public final class FourPorts implements AutoCloseable {
  private static final int PORTS = 4;
  private static final int TRIES = 100;

  private final List<HttpServer> servers;

  private FourPorts(List<HttpServer> servers) {
    this.servers = servers;
  }

  /** Opens them, wherever four in a row are free. */
  public static FourPorts open(HttpHandler handler) throws IOException {
    for (var tries = 1; ; tries++) {
      var servers = new ArrayList<HttpServer>();
      try {
        var first = listen(0, handler);
        servers.add(first);
        for (var i = 1; i < PORTS; i++) {
          servers.add(listen(first.getAddress().getPort() + i, handler));
        }
        return new FourPorts(servers);
      } catch (BindException | IllegalArgumentException taken) {
        servers.forEach(server -> server.stop(0));
        if (tries == TRIES) {
          throw new IOException("no four free ports in a row", taken);
        }
      }
    }
  }

  private static HttpServer listen(int port, HttpHandler handler) throws IOException {
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", handler);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return server;
  }

  /** The first one's address. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + servers.getFirst().getAddress().getPort());
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
  }
}
