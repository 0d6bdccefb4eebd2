package dev.slipway.replication;

import dev.slipway.common.problem.InvalidInput;
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
 * @param fullReads share of copies, in percent, that are read whole; the others by size, checksum
 *     and generation; 5 by default
 */
@ConfigurationProperties("slipway.replication")
public record ReplicationProperties(
    @DefaultValue("http://localhost:8083") URI url,
    String announceSecret,
    @DefaultValue("5s") Duration passInterval,
    @DefaultValue("5") int fullReads) {
  public ReplicationProperties {
    InvalidInput.unless(
        announceSecret != null && announceSecret.length() >= 32,
        "slipway.replication.announce-secret",
        "must be at least 32 characters");
    InvalidInput.unless(
        fullReads >= 0 && fullReads <= 100, "slipway.replication.full-reads", "must be 0 to 100");
  }
}
