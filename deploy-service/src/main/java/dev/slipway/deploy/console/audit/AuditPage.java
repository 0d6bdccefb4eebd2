package dev.slipway.deploy.console.audit;

import dev.slipway.common.app.AppName;
import dev.slipway.deploy.audit.AuditTrailStore;
import dev.slipway.deploy.audit.AuditTrailStore.Line;
import dev.slipway.deploy.audit.Filter;
import dev.slipway.deploy.console.Page;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import tools.jackson.databind.json.JsonMapper;

/** Who did what, newest first: a page of it, or all of it as JSON lines. */
@Controller
class AuditPage {
  private static final int LINES = 100;
  private static final int EXPORTED_AT_ONCE = 1_000;

  private final AuditTrailStore trail;
  private final TransactionOperations transaction;

  AuditPage(AuditTrailStore trail, TransactionOperations transaction) {
    this.trail = trail;
    this.transaction = transaction;
  }

  /** What somebody asks for, as a form sends it: what is empty is not asked for. */
  public record Wish(
      @Nullable String app,
      @Nullable String who,
      @Nullable String action,
      @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) @Nullable LocalDateTime from,
      @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) @Nullable LocalDateTime until) {
    Filter filter() {
      var name = given(app);
      return new Filter(
          name == null ? null : new AppName(name),
          given(who),
          given(action),
          moment(from),
          moment(until));
    }

    private static @Nullable String given(@Nullable String text) {
      return text == null || text.isBlank() ? null : text.strip();
    }

    private static @Nullable Instant moment(@Nullable LocalDateTime time) {
      return time == null ? null : time.toInstant(ZoneOffset.UTC);
    }
  }

  /**
   * A page.
   *
   * @param before the last id of the page before
   */
  @GetMapping("/audit")
  String page(
      Wish wish,
      @RequestParam(defaultValue = "" + Long.MAX_VALUE) long before,
      Model model,
      HttpServletRequest request) {
    var lines = find(wish.filter(), before, LINES);
    model.addAttribute("wish", wish);
    model.addAttribute("lines", lines);
    model.addAttribute("first", before == Long.MAX_VALUE);
    model.addAttribute("next", lines.size() < LINES ? null : lines.getLast().id());
    return Page.of("console/audit", request);
  }

  /** All of it, newest first; it is cut where one part takes too long. */
  @GetMapping("/audit.ndjson")
  ResponseEntity<StreamingResponseBody> export(Wish wish) {
    var filter = wish.filter();
    var name = ContentDisposition.attachment().filename("audit.ndjson").build();
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_NDJSON)
        .header(HttpHeaders.CONTENT_DISPOSITION, name.toString())
        .body(out -> {
          var before = Long.MAX_VALUE;
          var more = true;
          while (more) {
            var lines = find(filter, before, EXPORTED_AT_ONCE);
            for (var line : lines) {
              var json = JsonMapper.shared().writeValueAsString(line) + "\n";
              out.write(json.getBytes(StandardCharsets.UTF_8));
              before = line.id();
            }
            more = lines.size() == EXPORTED_AT_ONCE;
          }
        });
  }

  private List<Line> find(Filter filter, long before, int limit) {
    var found = transaction.execute(t -> trail.find(filter, before, limit));
    return found == null ? List.of() : found;
  }
}
