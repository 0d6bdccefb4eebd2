package dev.slipway.queue.app;

import dev.slipway.common.access.Caller;
import dev.slipway.common.app.AppName;
import dev.slipway.common.app.AppRepository;
import dev.slipway.common.etag.Version;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Registers and shows apps. */
@RestController
@RequestMapping("/api/v1/apps")
public final class AppController {
  private final AppRegistry registry;
  private final AppRepository apps;

  AppController(AppRegistry registry, AppRepository apps) {
    this.registry = registry;
    this.apps = apps;
  }

  /** 201 for a new app, 200 for a changed one. */
  @Operation(operationId = "putApp", summary = "Registers an app or changes it")
  @Refuses(status = 409, codes = "repository-taken")
  @Refuses(status = 412, codes = "changed-meanwhile")
  @PutMapping("/{app}")
  ResponseEntity<AppView> put(
      @PathVariable AppName app,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @RequestBody Registration registration,
      @AuthenticationPrincipal Caller caller) {
    var done = registry.put(app, registration, ifMatch, caller);
    return ResponseEntity.status(done.created() ? HttpStatus.CREATED : HttpStatus.OK)
        .body(view(app, done.newSecret()));
  }

  @Operation(operationId = "getApp", summary = "Shows an app; its ETag goes into If-Match")
  @Refuses(status = 404, codes = "not-found")
  @GetMapping("/{app}")
  ResponseEntity<AppView> get(@PathVariable AppName app) {
    var view = view(app, null);
    return ResponseEntity.ok().eTag(Version.of(view).tag()).body(view);
  }

  /**
   * A page of all apps by name.
   *
   * @param after the last name of the page before
   * @param limit 1 to 200
   */
  @Operation(operationId = "listApps", summary = "Lists the apps by name, page by page")
  @GetMapping
  Apps list(
      @RequestParam(defaultValue = "") String after,
      @RequestParam(defaultValue = "200") @Schema(minimum = "1", maximum = "200") int limit) {
    InvalidInput.unless(limit >= 1 && limit <= 200, "limit", "must be 1 to 200");
    var page =
        apps.findAllByOrderByName().stream()
            .filter(app -> app.name().compareTo(after) > 0)
            .limit(limit)
            .map(app -> AppView.of(app, null))
            .toList();
    return new Apps(page, page.size() < limit ? null : page.getLast().name());
  }

  /**
   * A page.
   *
   * @param next what to send as {@code after}; none on the last page
   */
  record Apps(List<AppView> apps, @Nullable String next) {}

  private AppView view(AppName name, @Nullable String newSecret) {
    var app = apps.findByName(name.value());
    if (app == null) {
      throw Problem.notFound("app " + name);
    }
    return AppView.of(app, newSecret);
  }
}
