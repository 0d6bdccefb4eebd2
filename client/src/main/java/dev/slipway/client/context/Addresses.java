package dev.slipway.client.context;

import dev.slipway.common.problem.InvalidInput;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the four services listen. */
public record Addresses(URI deploy, URI queue, URI reaper, URI replication) {
  /** The embedded default's. */
  static final Addresses LOCAL = counted(URI.create("http://127.0.0.1:8080"));

  public Addresses {
    for (var address : List.of(deploy, queue, reaper, replication)) {
      check(address);
    }
  }

  private static void check(URI address) {
    InvalidInput.unless(
        address.getHost() != null
            && List.of("http", "https").contains(String.valueOf(address.getScheme()))
            && address.getUserInfo() == null
            && address.getQuery() == null
            && address.getFragment() == null,
        String.valueOf(address),
        "must be an address as https://slipway.example.com:8080");
  }

  /** From deploy-service's alone: the others at the ports after it, as {@code slipway up} does. */
  static Addresses counted(URI deploy) {
    return of(deploy, null, null, null);
  }

  /** From what was given; what was not is counted from deploy-service's port. */
  static Addresses of(
      URI deploy, @Nullable URI queue, @Nullable URI reaper, @Nullable URI replication) {
    check(deploy);
    return new Addresses(
        deploy,
        queue == null ? after(deploy, 1, "--queue") : queue,
        reaper == null ? after(deploy, 2, "--reaper") : reaper,
        replication == null ? after(deploy, 3, "--replication") : replication);
  }

  private static URI after(URI deploy, int ports, String option) {
    InvalidInput.unless(
        deploy.getPort() != -1,
        option,
        "must be given, as " + deploy + " has no port to count from");
    var host = deploy.getHost();
    return URI.create(deploy.getScheme() + "://" + host + ":" + (deploy.getPort() + ports));
  }
}
