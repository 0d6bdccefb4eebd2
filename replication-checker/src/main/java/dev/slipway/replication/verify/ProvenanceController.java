package dev.slipway.replication.verify;

import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.provenance.Provenance;
import dev.slipway.common.trace.TraceParent;
import io.swagger.v3.oas.annotations.Operation;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Shows what was sworn of how a build came about, out of any region that has a copy. */
@RestController
public class ProvenanceController {
  private static final Logger log = LoggerFactory.getLogger(ProvenanceController.class);

  private final ReplicaStore replicas;
  private final Judge.Buckets buckets;

  ProvenanceController(ReplicaStore replicas, Judge.Buckets buckets) {
    this.replicas = replicas;
    this.buckets = buckets;
  }

  /** A DSSE envelope, as it was signed; whoever reads it checks the signature. */
  @Operation(
      operationId = "getProvenance",
      summary = "Shows what was sworn of how a build came about")
  @Refuses(status = 404, codes = "not-found")
  @GetMapping(path = "/api/v1/jobs/{job}/provenance", produces = "application/jsonl")
  byte[] provenance(@PathVariable long job) {
    for (var copy : replicas.copiesOf(job)) {
      var found = read(copy);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw Problem.notFound("provenance of build #" + job + " in the region of any of its copies");
  }

  /** A bucket that cannot be read is as good as one without. */
  private Optional<byte[]> read(ReplicaStore.Place copy) {
    var name = ArtifactNames.provenanceOf(copy.manifest());
    try (var in = buckets.open(copy.bucket()).read(name, 0, Provenance.MAX_SIGNED_BYTES)) {
      return Optional.of(in.readAllBytes());
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException unreadable) {
      try (var _ = TraceParent.inLogs(copy.push())) {
        log.warn("{} cannot be read in {}", name, copy.bucket(), unreadable);
      }
      return Optional.empty();
    }
  }
}
