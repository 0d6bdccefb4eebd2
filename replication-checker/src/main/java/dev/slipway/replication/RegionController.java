package dev.slipway.replication;

import dev.slipway.common.access.Caller;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.etag.Version;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.page.Page;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.region.Region;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.region.RegionRepository;
import dev.slipway.replication.verify.ReplicaStore;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpHeaders;
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

/** Regions: add one, exclude a sick one, include it again. */
@RestController
@RequestMapping("/api/v1/regions")
public class RegionController {
  private static final int MOST = 200;

  private final RegionRepository regions;
  private final AuditStore audit;
  private final NoticeStore notices;
  private final ReplicaStore replicas;

  RegionController(
      RegionRepository regions, ReplicaStore replicas, AuditStore audit, NoticeStore notices) {
    this.regions = regions;
    this.replicas = replicas;
    this.audit = audit;
    this.notices = notices;
  }

  /**
   * A region as callers see and set it.
   *
   * @param bucket {@code gs://name} or {@code file:///path}
   * @param wanted false excludes the region: builds become deployable without its copies, and it
   *     catches up later
   * @param reason why it is excluded; required then, at most 500 characters
   */
  @Schema(
      example =
          """
          {"bucket": "file:///var/lib/slipway/eu-west", "wanted": false, "reason": "power cut"}\
          """)
  public record RegionBody(String bucket, boolean wanted, @Nullable String reason) {
    public RegionBody {
      InvalidInput.unless(
          bucket != null
              && bucket.matches("(gs://[a-z0-9._-]{3,222}|file:///[^\\p{Cntrl}]{1,900})"),
          "bucket",
          "must be gs://name or file:///path");
      InvalidInput.unless(
          wanted || (reason != null && !reason.isBlank()),
          "reason",
          "must say why a region is excluded");
      InvalidInput.unless(
          reason == null || reason.length() <= 500, "reason", "must be at most 500 characters");
      InvalidInput.unless(
          reason == null || reason.indexOf('\0') < 0, "reason", "must not hold a zero byte");
    }
  }

  /** A region with its name. */
  public record NamedRegion(String name, String bucket, boolean wanted, @Nullable String reason) {
    static NamedRegion of(Region region) {
      return new NamedRegion(region.name(), region.bucket(), region.wanted(), region.reason());
    }
  }

  /**
   * A page of the regions, by name.
   *
   * @param after the last name of the page before
   * @param limit 1 to 200
   */
  @Operation(operationId = "listRegions", summary = "Lists the regions by name, page by page")
  @GetMapping
  ResponseEntity<List<NamedRegion>> all(
      @RequestParam(defaultValue = "") String after,
      @RequestParam(defaultValue = "200") @Schema(minimum = "1", maximum = "200") int limit) {
    Page.requireLimit(limit, MOST);
    var page =
        regions.findAllByOrderByName().stream()
            .map(NamedRegion::of)
            .filter(region -> region.name().compareTo(after) > 0)
            .limit(limit)
            .toList();
    return Page.of(page, limit, NamedRegion::name);
  }

  @Operation(operationId = "getRegion", summary = "Shows a region; its ETag goes into If-Match")
  @Refuses(status = 404, codes = "not-found")
  @GetMapping("/{name}")
  ResponseEntity<NamedRegion> one(@PathVariable RegionName name) {
    var region = regions.findByName(name.value());
    if (region == null) {
      throw Problem.notFound("region " + name);
    }
    var view = NamedRegion.of(region);
    return ResponseEntity.ok().eTag(Version.of(view).tag()).body(view);
  }

  @Operation(operationId = "putRegion", summary = "Adds a region, excludes it or includes it again")
  @Refuses(status = 412, codes = "changed-meanwhile")
  @PutMapping("/{name}")
  NamedRegion put(
      @PathVariable RegionName name,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @RequestBody RegionBody body,
      @AuthenticationPrincipal Caller caller) {
    var known = regions.findByName(name.value());
    Version.mustMatch(ifMatch, known == null ? null : NamedRegion.of(known));
    var region = known == null ? new Region(name) : known;
    var moves = known != null && !known.bucket().equals(body.bucket());
    region.change(body.bucket(), body.wanted(), body.wanted() ? null : body.reason());
    if (moves) {
      // before as well: should this process die in between, the copies are looked for anew
      replicas.forget(name);
    }
    try {
      regions.save(region);
    } catch (DataIntegrityViolationException taken) {
      if (known != null || regions.findByName(name.value()) == null) {
        throw taken;
      }
      // somebody else has added it since it was looked for
      return put(name, ifMatch, body, caller);
    }
    if (moves) {
      replicas.forget(name);
    }
    audit.record(
        caller.name(),
        body.wanted() ? "region-include" : "region-exclude",
        "region " + name,
        "DONE",
        body.reason());
    notices.send(Channel.REPLICA_CHANGED);
    return NamedRegion.of(region);
  }
}
