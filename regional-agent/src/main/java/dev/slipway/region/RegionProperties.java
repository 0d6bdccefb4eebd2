package dev.slipway.region;

import dev.slipway.common.machine.Limits;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.replica.AgentName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What a regional agent is told.
 *
 * @param name the region's
 * @param agent this agent's name, which no other one of the region has; 1 to 64 letters, digits,
 *     dots, hyphens and underscores; default: the host's
 * @param url where machines reach this agent; default {@code http://127.0.0.1:<port>}
 * @param dir this agent's own folder, for its targets and its cache; not shared with another agent
 * @param bucket the region's, {@code file:///folder} or {@code gs://name}, to read and write
 * @param homeBucket where workers publish to, to read
 * @param replicationUrl replication-checker's
 * @param deployUrl deploy-service's
 * @param token of this region, role REGION
 * @param machineSecret what machines' tokens are derived from; at least 32 characters, the same for
 *     all agents of the region
 * @param adminToken with it an administrator makes tokens that machines register with; at least 32
 *     characters; without it nobody does
 * @param swarmSecret what the certificates of the swarm's peers are derived from; at least 32
 *     characters, the same for all regional agents of the installation; without it peers do not
 *     speak TLS
 * @param trustedKeyFiles PEM files with the public keys whose manifests are believed
 * @param swarmHost the address that the peer listens on; default all
 * @param swarmPort the port; 0 takes a free one; default 6881
 * @param publicSwarmHost where machines reach the peer; default: the host of {@code url}
 * @param cacheSize the most bytes of artifacts kept and shared on this agent's disk; default 20 GB
 * @param copies artifacts copied at a time, 1 to 64; default 4
 * @param originReaders how many read the home bucket at a time, 1 to 64; default 4
 * @param stall the longest time without a byte from the swarm, before the home bucket is read
 *     directly; default 30 s
 * @param machineReaders how many machines read artifacts of this agent by HTTP at a time, 1 to
 *     10,000; default 100
 * @param machineRate bytes a second that they read together; default 500 MB
 * @param prefetchRate bytes a second that each machine fetches ahead at most; default 20 MB
 * @param machineDownloadLimit bytes a second that each machine receives at most, from peers and as
 *     much from this agent; at least 64 KB; default none
 * @param machineUploadLimit bytes a second that each machine sends to peers at most; at least 64
 *     KB; default none
 * @param machines the most that are remembered; default 20,000
 */
@Validated
@ConfigurationProperties("slipway.region")
public record RegionProperties(
    @NotNull RegionName name,
    @NotNull AgentName agent,
    @Nullable URI url,
    @NotNull Path dir,
    @NotNull URI bucket,
    @NotNull URI homeBucket,
    @NotNull URI replicationUrl,
    @NotNull URI deployUrl,
    @NotBlank String token,
    @NotNull String machineSecret,
    @Nullable String adminToken,
    @Nullable String swarmSecret,
    @NotEmpty List<Path> trustedKeyFiles,
    @DefaultValue("0.0.0.0") String swarmHost,
    @DefaultValue("6881") @Min(0) @Max(65_535) int swarmPort,
    @Nullable String publicSwarmHost,
    @DefaultValue("20GB") DataSize cacheSize,
    @DefaultValue("4") @Min(1) @Max(64) int copies,
    @DefaultValue("4") @Min(1) @Max(64) int originReaders,
    @DefaultValue("30s") Duration stall,
    @DefaultValue("100") @Min(1) @Max(10_000) int machineReaders,
    @DefaultValue("500MB") DataSize machineRate,
    @DefaultValue("20MB") DataSize prefetchRate,
    @Nullable DataSize machineDownloadLimit,
    @Nullable DataSize machineUploadLimit,
    @DefaultValue("20000") @Min(1) int machines) {
  public RegionProperties {
    // not by an annotation: what is refused by one is printed with its value
    InvalidInput.unless(
        machineSecret == null || machineSecret.length() >= 32,
        "slipway.region.machine-secret",
        "must be at least 32 characters");
    InvalidInput.unless(
        adminToken == null || adminToken.length() >= 32,
        "slipway.region.admin-token",
        "must be at least 32 characters");
    InvalidInput.unless(
        swarmSecret == null || swarmSecret.length() >= 32,
        "slipway.region.swarm-secret",
        "must be at least 32 characters");
    InvalidInput.unless(
        machineRate == null || machineRate.toMegabytes() >= 1,
        "slipway.region.machine-rate",
        "must be at least 1MB");
    InvalidInput.unless(
        prefetchRate == null || prefetchRate.toMegabytes() >= 1,
        "slipway.region.prefetch-rate",
        "must be at least 1MB");
    checkLimit(machineDownloadLimit, "slipway.region.machine-download-limit");
    checkLimit(machineUploadLimit, "slipway.region.machine-upload-limit");
  }

  private static void checkLimit(@Nullable DataSize limit, String name) {
    InvalidInput.unless(
        limit == null || bytes(limit) >= Limits.LEAST, name, "must be at least 64KB");
  }

  /** What each machine is told to keep to. */
  Limits machineLimits() {
    return new Limits(bytes(machineDownloadLimit), bytes(machineUploadLimit));
  }

  private static long bytes(@Nullable DataSize limit) {
    return limit == null ? 0 : limit.toBytes();
  }

  @Override
  public String toString() {
    return "RegionProperties[" + name + "]";
  }
}
