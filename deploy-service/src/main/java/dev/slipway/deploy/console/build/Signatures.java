package dev.slipway.deploy.console.build;

import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Envelope;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.job.Job;
import dev.slipway.common.provenance.Provenance;
import dev.slipway.common.trace.TraceParent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads who signed a build's manifest and its provenance, for people. Nothing is trusted by it:
 * machines check the signatures themselves.
 */
final class Signatures {
  private static final Logger log = LoggerFactory.getLogger(Signatures.class);

  private final HomeBucket bucket;

  Signatures(HomeBucket bucket) {
    this.bucket = bucket;
  }

  /**
   * Who signed.
   *
   * @param keys the ids of the manifest's keys; none while they cannot be read
   * @param sworn the provenance; none where there is none
   * @param problem why they cannot; none where they were
   */
  public record Signed(List<String> keys, @Nullable Sworn sworn, @Nullable String problem) {
    static Signed unknown(String why) {
      return new Signed(List.of(), null, why);
    }

    public boolean isKnown() {
      return problem == null;
    }
  }

  /** A provenance's own digest, and the ids of its keys. */
  public record Sworn(Sha256 sha256, List<String> keys) {}

  /** Who signed a build's manifest and provenance. */
  Signed of(Job job) {
    var manifest = job.manifest();
    if (manifest == null) {
      return Signed.unknown("it is not published yet");
    }
    if (!bucket.isKnown(job.id())) {
      return Signed.unknown("it is read once the build's log is archived");
    }
    try {
      var envelope = bucket.read(job.id(), manifest, Manifest.MAX_SIGNED_BYTES);
      if (envelope.isEmpty()) {
        return Signed.unknown("its manifest is no longer there");
      }
      var sworn = provenance(job).map(line -> new Sworn(Sha256.of(line), keysOf(line)));
      return new Signed(keysOf(envelope.get()), sworn.orElse(null), null);
    } catch (IOException | JacksonException | NullPointerException unreadable) {
      try (var _ = TraceParent.inLogs(job.trace())) {
        log.warn("{} cannot be read", manifest, unreadable);
      }
      return Signed.unknown("the manifest cannot be read now");
    }
  }

  /** The provenance as it was signed; none where there is none. */
  Optional<byte[]> provenance(Job job) throws IOException {
    var manifest = job.manifest();
    return manifest == null
        ? Optional.empty()
        : bucket.read(job.id(), ArtifactNames.provenanceOf(manifest), Provenance.MAX_SIGNED_BYTES);
  }

  private static List<String> keysOf(byte[] envelope) {
    return JsonMapper.shared().readValue(envelope, Envelope.class).signatures().stream()
        .map(Envelope.Signature::keyid)
        .toList();
  }
}
