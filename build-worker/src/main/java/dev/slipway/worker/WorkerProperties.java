package dev.slipway.worker;

import dev.slipway.common.job.Pool;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.provenance.Provenance;
import dev.slipway.worker.checkout.CheckoutLimits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings under {@code slipway.worker}.
 *
 * @param name what jobs and manifests call this worker, 1 to 200 characters; the host's name by
 *     default
 * @param dir the folder of mirrors and workspaces, this worker's alone
 * @param homeBucket where artifacts go: {@code gs://name} or {@code file:///folder}
 * @param signingKeyFile Ed25519 private key, PKCS #8 in PEM
 * @param publicKeyFile its public half, in PEM
 * @param reaperUrl heartbeat-reaper's address
 * @param token a WORKER's token
 * @param allowFileRepositories whether repositories may be folders on this machine; false by
 *     default
 * @param minFreeDisk below this free space on {@code dir}'s disk no job is taken; 2 GB by default
 * @param slots how many jobs are built at a time, 1 to 100; 1 by default
 * @param labels what {@code build.labels} this worker can serve: up to 6; none by default
 * @param drainGrace how long builds may take to end when the worker is asked to, before they are
 *     released for others; up to a day, 60 s by default
 * @param maxWorkspaceSize what one build's folder may hold; 50 GB by default
 * @param maxRepositorySize what is fetched of one repository; 5 GB by default
 * @param mirrorsMaxSize of all mirrors, but for those in use; 20 GB by default
 * @param mirrorsMaxAge since a mirror's last use, at least a minute; 30 days by default
 * @param builderId whom provenances name as their builder; machines trust some
 * @param provenanceKms what signs provenances instead of the file's key; none by default
 * @param sandbox whether builds are kept in one, which takes bubblewrap; off by default
 */
@ConfigurationProperties("slipway.worker")
public record WorkerProperties(
    String name,
    Path dir,
    URI homeBucket,
    Path signingKeyFile,
    Path publicKeyFile,
    URI reaperUrl,
    String token,
    @DefaultValue("false") boolean allowFileRepositories,
    @DefaultValue("2GB") DataSize minFreeDisk,
    @DefaultValue("1") int slots,
    @DefaultValue List<String> labels,
    @DefaultValue("60s") Duration drainGrace,
    @DefaultValue("50GB") DataSize maxWorkspaceSize,
    @DefaultValue("5GB") DataSize maxRepositorySize,
    @DefaultValue("20GB") DataSize mirrorsMaxSize,
    @DefaultValue("30d") Duration mirrorsMaxAge,
    @DefaultValue(Provenance.BUILDER) URI builderId,
    @Nullable Kms provenanceKms,
    @DefaultValue("off") boolean sandbox) {
  /**
   * A key in Cloud KMS.
   *
   * @param key {@code projects/…/cryptoKeyVersions/1}, of algorithm EC_SIGN_ED25519
   * @param publicKeyFile its public half, SubjectPublicKeyInfo in PEM
   */
  public record Kms(String key, Path publicKeyFile) {
    private static final Pattern KEY =
        Pattern.compile(
            "projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+/cryptoKeyVersions/\\d+");

    public Kms {
      given(key, "provenance-kms.key");
      given(publicKeyFile, "provenance-kms.public-key-file");
      InvalidInput.unless(
          KEY.matcher(key).matches(),
          "slipway.worker.provenance-kms.key",
          "must be projects/…/locations/…/keyRings/…/cryptoKeys/…/cryptoKeyVersions/N");
    }
  }

  public WorkerProperties {
    given(name, "name");
    given(dir, "dir");
    given(homeBucket, "home-bucket");
    given(signingKeyFile, "signing-key-file");
    given(publicKeyFile, "public-key-file");
    given(reaperUrl, "reaper-url");
    given(token, "token");
    InvalidInput.unless(
        !name.isBlank() && name.length() <= 200,
        "slipway.worker.name",
        "must be 1 to 200 characters");
    InvalidInput.unless(!token.isBlank(), "slipway.worker.token", "must not be empty");
    InvalidInput.unless(
        !minFreeDisk.isNegative(), "slipway.worker.min-free-disk", "must not be negative");
    InvalidInput.unless(slots >= 1 && slots <= 100, "slipway.worker.slots", "must be 1 to 100");
    labels = new Pool(labels).labels();
    InvalidInput.unless(
        !drainGrace.isNegative() && drainGrace.toDays() < 1,
        "slipway.worker.drain-grace",
        "must be 0 to 24h");
    InvalidInput.unless(
        builderId.isAbsolute(), "slipway.worker.builder-id", "must be a URI with a scheme");
    positive(maxWorkspaceSize, "max-workspace-size");
    positive(maxRepositorySize, "max-repository-size");
    positive(mirrorsMaxSize, "mirrors-max-size");
    InvalidInput.unless(
        mirrorsMaxAge.compareTo(Duration.ofMinutes(1)) >= 0,
        "slipway.worker.mirrors-max-age",
        "must be at least a minute");
  }

  private static void positive(DataSize size, String key) {
    InvalidInput.unless(size.toBytes() > 0, "slipway.worker." + key, "must be above 0");
  }

  /** How much of the disk checkouts and mirrors may take. */
  public CheckoutLimits limits() {
    return new CheckoutLimits(maxWorkspaceSize, maxRepositorySize, mirrorsMaxSize, mirrorsMaxAge);
  }

  /** Binding leaves what is not configured null. */
  private static void given(Object value, String key) {
    InvalidInput.unless(value != null, "slipway.worker." + key, "must be set");
  }

  @Override
  public String toString() {
    return "WorkerProperties[" + name + "]";
  }
}
