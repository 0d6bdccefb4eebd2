package dev.slipway.standalone;

import java.io.IOException;
import java.net.URI;

/** Where Slipway answers, be it on this machine or elsewhere: what its callers need to know. */
public interface Reach {
  /** How much of everything there is. */
  Size size();

  /** What may do everything. */
  String adminToken() throws IOException;

  /** The console and deploy-service. */
  URI console();

  /** build-queue-service: webhooks, apps, jobs. */
  URI queue();

  /** replication-checker. */
  URI replication();

  /** Where an app answers on a machine, counted over all regions. */
  URI app(int machine, String app) throws IOException;
}
