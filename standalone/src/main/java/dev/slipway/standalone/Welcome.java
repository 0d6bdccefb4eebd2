package dev.slipway.standalone;

import java.io.IOException;

/**
 * Tells where everything is and what to do next. The admin's token is shown at the first start
 * only.
 */
final class Welcome {
  private final Standalone standalone;
  private final Teller teller;

  Welcome(Standalone standalone, Teller teller) {
    this.standalone = standalone;
    this.teller = teller;
  }

  void tell() throws IOException {
    var keyFile = standalone.data().resolve("keys/admin");
    teller.line(
        """

        Console   %s   (sign in with the admin's token)
        Webhooks  %s/webhooks/{github|gitlab|gitea|bitbucket}
        API       %s/openapi and %s/openapi
        Token     %s

        Sign in, then add an app in its clone, which tells what to enter at the forge:
          slipway login %s < %s
          slipway app init

        Ctrl-C stops everything.\
        """
            .formatted(
                standalone.console(),
                standalone.queue(),
                standalone.console(),
                standalone.queue(),
                standalone.isFirstStart()
                    ? standalone.adminToken()
                    : "as printed at the first start; kept in " + keyFile,
                standalone.console(),
                keyFile));
  }
}
