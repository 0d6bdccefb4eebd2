package dev.slipway.deploy.audit;

import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.deploy.audit.AuditTrailStore.Line;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.MediaType;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Who did what, for whoever keeps it elsewhere. */
@RestController
public class AuditController {
  private static final int MOST = 10_000;

  private final AuditTrailStore trail;
  private final TransactionTemplate transaction;

  AuditController(AuditTrailStore trail, TransactionTemplate transaction) {
    this.trail = trail;
    this.transaction = transaction;
  }

  /**
   * A JSON object a line, in order.
   *
   * @param after the last id that the caller has
   * @param limit lines, 1 to 10,000; fewer come only at the end
   * @param newest the last lines there are instead, whatever {@code after} says: for people, who do
   *     not mind that a line which was begun before may appear later
   */
  @Operation(
      operationId = "exportAudit",
      summary = "Exports the audit trail as JSON lines, page by page")
  @Refuses(status = 503, codes = "busy")
  @GetMapping(path = "/api/v1/audit", produces = MediaType.APPLICATION_NDJSON_VALUE)
  byte[] export(
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "1000") @Schema(minimum = "1", maximum = "10000") int limit,
      @RequestParam(defaultValue = "false") boolean newest) {
    InvalidInput.unless(limit >= 1 && limit <= MOST, "limit", "must be 1 to " + MOST);
    var found = newest ? trail.newest(limit) : read(after, limit);
    return lines(found).getBytes(StandardCharsets.UTF_8);
  }

  private List<Line> read(long after, int limit) {
    var found = transaction.execute(t -> trail.after(after, limit));
    return found == null ? List.of() : found;
  }

  private static String lines(List<Line> lines) {
    return lines.stream()
        .map(line -> JsonMapper.shared().writeValueAsString(line) + "\n")
        .collect(Collectors.joining());
  }
}
