package dev.slipway.common.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;

/**
 * What a service shows to those that it calls, and whom it believes: the SSL bundle {@value
 * #BUNDLE}, where there is one. When its files are renewed, later calls go by the new ones.
 */
public final class ClientTls {
  /** The bundle's name, below {@code spring.ssl.bundle}. */
  public static final String BUNDLE = "slipway-client";

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  private volatile @Nullable SSLContext context;

  private ClientTls() {}

  /** Shows nothing, and believes whom Java believes. */
  public static ClientTls none() {
    return new ClientTls();
  }

  /** As the bundle says, if there is one. */
  public static ClientTls of(SslBundles bundles) {
    var tls = new ClientTls();
    if (bundles.getBundleNames().contains(BUNDLE)) {
      tls.context = bundles.getBundle(BUNDLE).createSslContext();
      bundles.addBundleUpdateHandler(BUNDLE, renewed -> tls.context = renewed.createSslContext());
    }
    return tls;
  }

  /**
   * Makes requests.
   *
   * @param readTimeout of one try
   */
  ClientHttpRequestFactory requests(Duration readTimeout) {
    return new Requests(readTimeout);
  }

  /** A client that was made with some context; another context makes another client. */
  private record Client(@Nullable SSLContext context, JdkClientHttpRequestFactory http) {}

  private final class Requests implements ClientHttpRequestFactory {
    private final Duration readTimeout;
    private volatile Client client;

    Requests(Duration readTimeout) {
      this.readTimeout = readTimeout;
      this.client = client(context);
    }

    @Override
    public ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
      var wanted = context;
      if (!Objects.equals(client.context(), wanted)) {
        // what is under way goes on with the client before
        client = client(wanted);
      }
      return client.http().createRequest(uri, method);
    }

    private Client client(@Nullable SSLContext wanted) {
      var builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECT_TIMEOUT)
              .executor(Executors.newVirtualThreadPerTaskExecutor());
      if (wanted != null) {
        builder.sslContext(wanted);
      }
      var http = new JdkClientHttpRequestFactory(builder.build());
      http.setReadTimeout(readTimeout);
      return new Client(wanted, http);
    }
  }
}
