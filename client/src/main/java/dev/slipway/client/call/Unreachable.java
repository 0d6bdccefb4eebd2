package dev.slipway.client.call;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/** A service that cannot be reached; the message says which, where, and why. */
public final class Unreachable extends IOException {
  private static final long serialVersionUID = 1;

  Unreachable(String service, Object address, IOException cause) {
    super("%s cannot be reached at %s: %s".formatted(service, address, why(cause)), cause);
  }

  private static String why(IOException cause) {
    // the client wraps it once or twice
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof UnresolvedAddressException) {
        return "there is no host of that name";
      }
    }
    return switch (cause) {
      case ConnectException _ -> "nothing listens there; is it running, and is the address right?";
      case HttpTimeoutException _ -> "it does not answer in time";
      case SSLException tls -> "TLS failed, " + tls.getMessage();
      default -> cause.getMessage() == null ? "the connection broke off" : cause.getMessage();
    };
  }
}
