package dev.slipway.replication.retention;

import dev.slipway.common.loop.Loop;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tells what would be deleted, or has it deleted soon. */
@RestController
public class RetentionController {
  private final Retention retention;
  private final @Nullable Loop loop;

  RetentionController(Retention retention, ObjectProvider<RetentionLoop> loop) {
    this.retention = retention;
    var running = loop.getIfAvailable();
    this.loop = running == null ? null : running.loop();
  }

  /**
   * With {@code dry-run} it answers what a pass would do now and changes nothing; else a pass
   * begins, if one is not under way.
   */
  @Operation(
      operationId = "runRetention",
      summary = "Deletes what is not kept, or tells what would be")
  @Refuses(status = 409, codes = "retention-off")
  @PostMapping("/api/v1/retention")
  ResponseEntity<Retention.Report> run(
      @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun) throws IOException {
    if (dryRun) {
      return ResponseEntity.ok(retention.rehearse());
    }
    if (loop == null) {
      throw Problem.conflict(
          "retention-off", "slipway.retention.enabled is false: nothing is deleted");
    }
    loop.wake();
    return ResponseEntity.accepted().build();
  }
}
