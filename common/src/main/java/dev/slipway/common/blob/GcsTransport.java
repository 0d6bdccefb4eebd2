package dev.slipway.common.blob;

import com.google.api.client.http.HttpRequestInitializer;
import com.google.cloud.ServiceOptions;
import com.google.cloud.http.HttpTransportOptions;
import java.time.Duration;

/** The client's transport, every wait of which has an end. */
final class GcsTransport extends HttpTransportOptions {
  private static final long serialVersionUID = 1;
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final Duration patience;

  /**
   * @param patience how long it waits for an answer, and for a byte of a body to be taken
   */
  GcsTransport(Duration patience) {
    super(
        HttpTransportOptions.newBuilder()
            .setConnectTimeout((int) CONNECT.toMillis())
            .setReadTimeout((int) patience.toMillis()));
    this.patience = patience;
  }

  @Override
  public HttpRequestInitializer getHttpRequestInitializer(ServiceOptions<?, ?> options) {
    var initializer = super.getHttpRequestInitializer(options);
    return request -> {
      initializer.initialize(request);
      request.setInterceptor(new StallGuard(request.getInterceptor(), patience));
    };
  }
}
