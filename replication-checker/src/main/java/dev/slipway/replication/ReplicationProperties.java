package dev.slipway.replication;

import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.replica.ReplicationMode;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code slipway.replication}.
 *
 * @param url where regional agents reach this service; goes into announce addresses
 * @param announceSecret signs announce addresses; at least 32 characters, the same on every
 *     instance
 * @param passInterval between looks for copies to judge when nothing woke the checker; 5 s by
 *     default
 * @param fullReads share of copies, in percent, that are read whole when they are new; the others
 *     by size and checksum; 5 by default
 * @param recheckInterval after which a verified copy is looked at again; 1 minute to 30 days, a day
 *     by default
 * @param mode how copies come into regions' buckets; by the swarm by default
 */
@ConfigurationProperties("slipway.replication")
public record ReplicationProperties(
    @DefaultValue("http://localhost:8083") URI url,
    String announceSecret,
    @DefaultValue("5s") Duration passInterval,
    @DefaultValue("5") int fullReads,
    @DefaultValue("24h") Duration recheckInterval,
    @DefaultValue("swarm") ReplicationMode mode) {
  private static final Duration SHORTEST_RECHECK = Duration.ofMinutes(1);
  private static final Duration LONGEST_RECHECK = Duration.ofDays(30);

  public ReplicationProperties {
    InvalidInput.unless(
        announceSecret != null && announceSecret.length() >= 32,
        "slipway.replication.announce-secret",
        "must be at least 32 characters");
    InvalidInput.unless(
        fullReads >= 0 && fullReads <= 100, "slipway.replication.full-reads", "must be 0 to 100");
    InvalidInput.unless(
        recheckInterval.compareTo(SHORTEST_RECHECK) >= 0
            && recheckInterval.compareTo(LONGEST_RECHECK) <= 0,
        "slipway.replication.recheck-interval",
        "must be 1m to 30d");
  }
}
