package dev.slipway.region;

import org.apache.coyote.http11.Http11NioProtocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * HTTP/1.1 with buffers for small requests and answers: every machine that waits holds a set of
 * them, and ten thousand of the usual sets fill a gigabyte. Artifacts are not slower for it: what
 * is larger than a buffer passes it by, and the socket's is as large as ever.
 */
public final class PollProtocol extends Http11NioProtocol {
  /** An address with a {@code PieceWish} and a token are half of it. */
  private static final int REQUEST_HEAD = 4 << 10;

  private static final int RESPONSE_HEAD = 2 << 10;
  private static final int RESPONSE_BODY = 2 << 10;

  @Override
  public int getDesiredBufferSize() {
    return RESPONSE_BODY;
  }

  /** Has a web server speak it. */
  static WebServerFactoryCustomizer<TomcatServletWebServerFactory> customizer() {
    return factory -> {
      factory.setProtocol(PollProtocol.class.getName());
      factory.addConnectorCustomizers(connector -> {
        if (connector.getProtocolHandler() instanceof PollProtocol protocol) {
          protocol.setMaxHttpRequestHeaderSize(REQUEST_HEAD);
          protocol.setMaxHttpResponseHeaderSize(RESPONSE_HEAD);
          connector.setProperty("socket.appReadBufSize", String.valueOf(REQUEST_HEAD));
        }
      });
    };
  }
}
