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

  /** Read at once; longer requests are read in parts. */
  private static final int READ = 1 << 10;

  /** Written at once, of what is larger. */
  private static final int WRITE = 4 << 10;

  /** What follows a body that came in chunks: nothing that anybody here sends. */
  private static final int TRAILER = 256;

  /** Closed connections whose buffers are kept for new ones. */
  private static final int POOL = 100;

  private static final int RESPONSE_HEAD = 2 << 10;
  private static final int RESPONSE_BODY = 1 << 10;

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
          protocol.setMaxTrailerSize(TRAILER);
          connector.setProperty("socket.bufferPool", String.valueOf(POOL));
          connector.setProperty("socket.appReadBufSize", String.valueOf(READ));
          connector.setProperty("socket.appWriteBufSize", String.valueOf(WRITE));
        }
      });
    };
  }
}
