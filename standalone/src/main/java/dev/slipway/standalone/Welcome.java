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

        Add an app:
          curl -X PUT %s/api/v1/apps/NAME -H "Authorization: Bearer $(cat %s)" \\
               -H 'Content-Type: application/json' -d '{"repository": "https://…/NAME.git"}'
        It answers with the webhook's secret: enter both at the forge, then push to master.

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
                standalone.queue(),
                keyFile));
  }
}
