package dev.slipway.region;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/** Where this agent's own HTTP server is: for machines, and for the engine in this process. */
public final class OwnAddress implements ApplicationListener<WebServerInitializedEvent> {
  private final @Nullable URI configured;
  private volatile int port;

  /**
   * @param configured where machines reach it; none: on this host
   */
  public OwnAddress(@Nullable URI configured) {
    this.configured =
        configured == null ? null : URI.create(configured.toString().replaceAll("/+$", ""));
  }

  @Override
  public void onApplicationEvent(WebServerInitializedEvent event) {
    // the management port, where it is apart, has a server of its own
    if (event.getApplicationContext().getServerNamespace() == null) {
      port = event.getWebServer().getPort();
    }
  }

  /** Where machines reach it, without a slash at the end. */
  public URI address() {
    return configured != null ? configured : loopback();
  }

  /** Where this process itself reaches it. */
  public URI loopback() {
    if (port == 0) {
      throw new IllegalStateException("the web server is not up yet");
    }
    return URI.create("http://127.0.0.1:" + port);
  }
}
