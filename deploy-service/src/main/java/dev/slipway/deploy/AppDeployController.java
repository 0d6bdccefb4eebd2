package dev.slipway.deploy;

import dev.slipway.common.access.Caller;
import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.page.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** An app's fleet, the way back, and auto-deploy's switch. */
@RestController
@RequestMapping("/api/v1/apps/{app}")
public class AppDeployController {
  private static final int MOST_MACHINES = 10_000;

  private final Deployer deployer;
  private final Rollback rollback;
  private final AutoDeploy autoDeploy;
  private final FleetStore fleet;
  private final NoticeStore notices;

  AppDeployController(
      Deployer deployer,
      Rollback rollback,
      AutoDeploy autoDeploy,
      FleetStore fleet,
      NoticeStore notices) {
    this.deployer = deployer;
    this.rollback = rollback;
    this.autoDeploy = autoDeploy;
    this.fleet = fleet;
    this.notices = notices;
  }

  /**
   * Where to go back to.
   *
   * @param build none for the last that was deployed well before the current one
   * @param waves whether to go by the waves of that build's recipe; at once unless asked
   */
  @Schema(
      example =
          """
          {"build": 1}\
          """)
  public record Back(@Nullable Long build, @Nullable Boolean waves) {}

  /** Auto-deploy's switch. */
  @Schema(
      example =
          """
          {"enabled": true}\
          """)
  public record Switch(boolean enabled) {}

  /** Whether deployments wait for a second person. */
  @Schema(
      example =
          """
          {"needed": false}\
          """)
  public record Approval(boolean needed) {}

  /**
   * What auto-deploy is up to.
   *
   * @param held the next build and what it waits for; none when nothing is ready
   */
  public record Outlook(AutoDeploy.@Nullable Held held) {}

  @Operation(operationId = "rollBack", summary = "Goes back to an earlier build")
  @Refuses(status = 404, codes = "not-found")
  @Refuses(
      status = 409,
      codes = {
        "already-rolling-back",
        "not-deployable",
        "not-earlier",
        "nothing-to-roll-back",
        "nothing-to-roll-back-to",
        "retired"
      })
  @PostMapping("/rollback")
  @ResponseStatus(HttpStatus.CREATED)
  Deployment rollBack(
      @PathVariable AppName app,
      @RequestBody(required = false) @Nullable Back back,
      @AuthenticationPrincipal Caller caller) {
    caller.mustDeploy(app);
    var wish = back == null ? new Back(null, null) : back;
    var made = rollback.to(app, wish.build(), Boolean.TRUE.equals(wish.waves()), caller.name());
    notices.send(List.of(Channel.TARGET_CHANGED, Channel.DEPLOYMENT_CHANGED));
    return made;
  }

  /** Pins the app, or lets auto-deploy take it again. */
  @Operation(
      operationId = "switchAutoDeploy",
      summary = "Pins an app, or lets auto-deploy take it again")
  @PostMapping("/auto-deploy")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void autoDeploy(
      @PathVariable AppName app, @RequestBody Switch body, @AuthenticationPrincipal Caller caller) {
    caller.mustDeploy(app);
    deployer.autoDeploy(app, body.enabled(), caller.name());
    notices.send(Channel.DEPLOYMENT_CHANGED);
  }

  /** What auto-deploy's next build waits for. */
  @Operation(
      operationId = "getAutoDeploy",
      summary = "Tells what auto-deploy's next build waits for")
  @GetMapping("/auto-deploy")
  Outlook outlook(@PathVariable AppName app) {
    return new Outlook(autoDeploy.held(app).orElse(null));
  }

  /** Says whether the app's deployments wait for a second person. */
  @Operation(
      operationId = "putApproval",
      summary = "Has an app's deployments wait for a second person, or not")
  @Refuses(status = 404, codes = "not-found")
  @PutMapping("/approval")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void approval(
      @PathVariable AppName app,
      @RequestBody Approval body,
      @AuthenticationPrincipal Caller caller) {
    deployer.approval(app, body.needed(), caller.name());
    notices.send(Channel.DEPLOYMENT_CHANGED);
  }

  /**
   * A page of the machines that are there for the app, and what they run, by region and name. One
   * that was silent for longer than counts is UNKNOWN, whatever it said last.
   *
   * @param label the machines alone that have these labels
   * @param after the region and the name of the page's last before, as {@code eu-west/web-17}
   * @param limit 1 to 10,000
   */
  @Operation(operationId = "listFleet", summary = "Lists an app's machines and what they run")
  @GetMapping("/fleet")
  ResponseEntity<List<FleetMachine>> fleet(
      @PathVariable AppName app,
      @RequestParam(defaultValue = "") List<String> label,
      @RequestParam(defaultValue = "") String after,
      @RequestParam(defaultValue = "" + MOST_MACHINES)
          @Schema(minimum = "1", maximum = "" + MOST_MACHINES)
          int limit) {
    Page.requireLimit(limit, MOST_MACHINES);
    var region = after.substring(0, Math.max(0, after.indexOf('/')));
    var machine = after.substring(after.indexOf('/') + 1);
    var page =
        fleet.machinesOf(app, new Labels(label), region, machine, limit).stream()
            .map(FleetMachine::of)
            .toList();
    return Page.of(page, limit, last -> last.region() + "/" + last.machine());
  }
}
