package dev.slipway.deploy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.common.access.Caller;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.page.Page;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.DeploymentView.Straggler;
import dev.slipway.deploy.Progress.Standing;
import dev.slipway.deploy.Retries.Retried;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The machines that do not run what a deployment brings, and another try for them. */
@RestController
@RequestMapping("/api/v1/deployments/{id}")
public class StragglerController {
  private static final int MOST = 1_000;

  private final DeploymentStore deployments;
  private final DeploymentView view;
  private final Retries retries;
  private final NoticeStore notices;

  StragglerController(
      DeploymentStore deployments, DeploymentView view, Retries retries, NoticeStore notices) {
    this.deployments = deployments;
    this.view = view;
    this.retries = retries;
    this.notices = notices;
  }

  /**
   * A machine that is not there yet.
   *
   * @param standing FAILED, UNKNOWN or PENDING
   * @param seconds since it is so: failed, silent, or at what it is doing
   * @param running what runs on it, as far as is known
   * @param reason in words; none while it is on its way and has said nothing
   */
  public record Behind(
      String region,
      String machine,
      String zone,
      Standing standing,
      double seconds,
      @Nullable Long running,
      @Nullable String reason) {
    static Behind of(Straggler straggler) {
      var machine = straggler.machine();
      return new Behind(
          machine.region().value(),
          machine.machine().value(),
          machine.zone(),
          straggler.standing(),
          straggler.seconds(),
          machine.running(),
          straggler.reason());
    }

    /** What to send as {@code after} to get those behind it. */
    @JsonProperty
    public String key() {
      return rank() + "/" + region + "/" + machine;
    }

    private int rank() {
      return switch (standing) {
        case FAILED -> 1;
        case UNKNOWN -> 2;
        case PENDING -> 3;
        case HEALTHY, NOT_COVERED -> 4;
      };
    }
  }

  /**
   * A page of them: failed first, then unknown, then on their way; by region and name. None once
   * the app has a later deployment, which they follow.
   *
   * @param after the {@code key} of the last one that the caller has
   * @param limit 1 to 1,000
   * @param label of the machines alone that have these labels
   */
  @Operation(
      operationId = "listStragglers",
      summary = "Lists the machines that are behind a deployment, and why")
  @Refuses(status = 404, codes = "not-found")
  @GetMapping("/stragglers")
  ResponseEntity<List<Behind>> stragglers(
      @PathVariable long id,
      @RequestParam(defaultValue = "") String after,
      @RequestParam(defaultValue = "100") @Schema(minimum = "1", maximum = "1000") int limit,
      @RequestParam(defaultValue = "") List<String> label) {
    var only = new Labels(label);
    InvalidInput.unless(limit >= 1 && limit <= MOST, "limit", "must be 1 to " + MOST);
    var deployment = deployments.find(id).orElseThrow(() -> Problem.notFound("deployment " + id));
    if (deployments.list(deployment.app().value(), Long.MAX_VALUE, 1).getFirst().id() != id) {
      return ResponseEntity.ok(List.of());
    }
    var page =
        view.stragglers(deployment).stream()
            .filter(straggler -> straggler.machine().labels().cover(only))
            .map(Behind::of)
            .sorted(Comparator.comparing(Behind::key))
            .filter(behind -> behind.key().compareTo(after) > 0)
            .limit(limit)
            .toList();
    return Page.of(page, limit, Behind::key);
  }

  /** Lets those that failed try again. */
  @Operation(operationId = "retryDeployment", summary = "Lets the machines that failed try again")
  @Refuses(status = 404, codes = "not-found")
  @Refuses(
      status = 409,
      codes = {"not-in-this-state", "nothing-to-retry"})
  @PostMapping("/retry")
  Retried retry(@PathVariable long id, @AuthenticationPrincipal Caller caller) {
    caller.mustDeploy(deployments.appOf(id));
    var retried = retries.retry(id, caller.name());
    notices.send(Channel.TARGET_CHANGED);
    notices.send(Channel.DEPLOYMENT_CHANGED);
    return retried;
  }
}
