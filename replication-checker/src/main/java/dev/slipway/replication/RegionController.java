package dev.slipway.replication;

import dev.slipway.common.access.Caller;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.region.Region;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.region.RegionRepository;
import dev.slipway.replication.verify.ReplicaStore;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Regions: add one, exclude a sick one, include it again. */
@RestController
@RequestMapping("/api/v1/regions")
public class RegionController {
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
  public record RegionBody(String bucket, boolean wanted, @Nullable String reason) {
    public RegionBody {
      InvalidInput.unless(
          bucket != null && bucket.matches("(gs://[a-z0-9._-]{3,222}|file:///.{1,900})"),
          "bucket",
          "must be gs://name or file:///path");
      InvalidInput.unless(
          wanted || (reason != null && !reason.isBlank()),
          "reason",
          "must say why a region is excluded");
      InvalidInput.unless(
          reason == null || reason.length() <= 500, "reason", "must be at most 500 characters");
    }
  }

  /** A region with its name. */
  public record NamedRegion(String name, String bucket, boolean wanted, @Nullable String reason) {
    static NamedRegion of(Region region) {
      return new NamedRegion(region.name(), region.bucket(), region.wanted(), region.reason());
    }
  }

  @GetMapping
  List<NamedRegion> all() {
    return regions.findAllByOrderByName().stream().map(NamedRegion::of).toList();
  }

  @GetMapping("/{name}")
  NamedRegion one(@PathVariable RegionName name) {
    var region = regions.findByName(name.value());
    if (region == null) {
      throw Problem.notFound("region " + name);
    }
    return NamedRegion.of(region);
  }

  @PutMapping("/{name}")
  NamedRegion put(
      @PathVariable RegionName name,
      @RequestBody RegionBody body,
      @AuthenticationPrincipal Caller caller) {
    var known = regions.findByName(name.value());
    var region = known == null ? new Region(name) : known;
    var moves = known != null && !known.bucket().equals(body.bucket());
    region.change(body.bucket(), body.wanted(), body.wanted() ? null : body.reason());
    if (moves) {
      // before as well: should this process die in between, the copies are looked for anew
      replicas.forget(name);
    }
    regions.save(region);
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
