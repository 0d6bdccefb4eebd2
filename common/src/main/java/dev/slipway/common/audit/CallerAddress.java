package dev.slipway.common.audit;

import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Where the request that this thread serves comes from. */
final class CallerAddress {
  private static final int LONGEST = 100;

  private CallerAddress() {}

  /**
   * The address, as the server sees it: behind a proxy the proxy's, unless {@code
   * server.forward-headers-strategy} says that the proxy is to be believed. None on a thread that
   * serves no request.
   */
  static @Nullable String ofThisRequest() {
    if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes served) {
      var address = String.valueOf(served.getRequest().getRemoteAddr());
      return address.substring(0, Math.min(address.length(), LONGEST));
    }
    return null;
  }
}
