package dev.slipway.deploy;

import dev.slipway.common.access.Caller;
import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The deploy button and what becomes of it. */
@RestController
@RequestMapping("/api/v1/deployments")
public class DeploymentController {
  private static final int MOST = 200;
  private static final int LONGEST_OVERRIDE = 500;

  private final Deployer deployer;
  private final Steering steering;
  private final DeploymentStore deployments;
  private final DeploymentView view;
  private final NoticeStore notices;

  DeploymentController(
      Deployer deployer,
      Steering steering,
      DeploymentStore deployments,
      DeploymentView view,
      NoticeStore notices) {
    this.deployer = deployer;
    this.steering = steering;
    this.deployments = deployments;
    this.view = view;
    this.notices = notices;
  }

  /**
   * A wish.
   *
   * @param build the job's id; its artifact must be replicated
   * @param override why it must be in spite of a freeze
   */
  @Schema(
      name = "DeploymentWish",
      example =
          """
          {"app": "hello", "build": 1}\
          """)
  public record Wish(AppName app, long build, @Nullable String override) {
    public Wish {
      InvalidInput.unless(app != null, "app", "must name the app to deploy");
      InvalidInput.unless(
          override == null || (!override.isBlank() && override.length() <= LONGEST_OVERRIDE),
          "override",
          "must be a reason of 1 to " + LONGEST_OVERRIDE + " characters");
    }
  }

  @Operation(operationId = "deploy", summary = "Deploys a build")
  @Refuses(status = 404, codes = "not-found")
  @Refuses(
      status = 409,
      codes = {"already-deploying", "frozen", "not-deployable", "older", "retired"})
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Deployment deploy(@RequestBody Wish wish, @AuthenticationPrincipal Caller caller) {
    caller.mustDeploy(wish.app());
    var made = deployer.deploy(wish.app(), wish.build(), caller.name(), wish.override());
    notices.send(Channel.DEPLOYMENT_CHANGED);
    return made;
  }

  /**
   * A page, newest first.
   *
   * @param next what to send as {@code after}; none on the last page
   */
  record Deployments(List<Deployment> deployments, @Nullable Long next) {}

  /** A page of deployments, newest first, below the id {@code after}. */
  @Operation(
      operationId = "listDeployments",
      summary = "Lists deployments, newest first, page by page")
  @GetMapping
  Deployments list(
      @RequestParam(required = false) @Nullable AppName app,
      @RequestParam(defaultValue = "" + Long.MAX_VALUE) long after,
      @RequestParam(defaultValue = "50") @Schema(minimum = "1", maximum = "200") int limit) {
    InvalidInput.unless(limit >= 1 && limit <= MOST, "limit", "must be 1 to " + MOST);
    var page = deployments.list(app == null ? null : app.value(), after, limit);
    return new Deployments(page, page.size() < limit ? null : page.getLast().id());
  }

  /**
   * One, with how far its machines are.
   *
   * @param label counts the machines alone that have these labels
   */
  @Operation(
      operationId = "getDeployment",
      summary = "Shows a deployment and how far its machines are")
  @Refuses(status = 404, codes = "not-found")
  @GetMapping("/{id}")
  DeploymentView.Seen one(
      @PathVariable long id, @RequestParam(defaultValue = "") List<String> label) {
    return view.of(find(id), new Labels(label));
  }

  @Operation(
      operationId = "moveDeployment",
      summary = "Approves, pauses, resumes, promotes or aborts a deployment")
  @Refuses(status = 403, codes = "second-person-needed")
  @Refuses(status = 404, codes = "not-found")
  @Refuses(status = 409, codes = "not-in-this-state")
  @PostMapping("/{id}/{move}")
  DeploymentView.Seen move(
      @PathVariable long id,
      @PathVariable
          @Schema(
              allowableValues = {"approve", "pause", "resume", "promote", "promote-all", "abort"})
          String move,
      @AuthenticationPrincipal Caller caller) {
    var wanted = Move.of(move);
    caller.mustDeploy(deployments.appOf(id));
    var moved = steering.move(id, wanted, caller.name());
    notices.send(Channel.DEPLOYMENT_CHANGED);
    return view.of(moved);
  }

  private Deployment find(long id) {
    return deployments.find(id).orElseThrow(() -> Problem.notFound("deployment " + id));
  }
}
