package dev.slipway.deploy;

import dev.slipway.common.access.Caller;
import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
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
  public record Back(@Nullable Long build, @Nullable Boolean waves) {}

  /** Auto-deploy's switch. */
  public record Switch(boolean enabled) {}

  /** Whether deployments wait for a second person. */
  public record Approval(boolean needed) {}

  /**
   * What auto-deploy is up to.
   *
   * @param held the next build and what it waits for; none when nothing is ready
   */
  public record Outlook(AutoDeploy.@Nullable Held held) {}

  @PostMapping("/rollback")
  @ResponseStatus(HttpStatus.CREATED)
  Deployment rollBack(
      @PathVariable AppName app,
      @RequestBody(required = false) @Nullable Back back,
      @AuthenticationPrincipal Caller caller) {
    var wish = back == null ? new Back(null, null) : back;
    var made = rollback.to(app, wish.build(), Boolean.TRUE.equals(wish.waves()), caller.name());
    notices.send(List.of(Channel.TARGET_CHANGED, Channel.DEPLOYMENT_CHANGED));
    return made;
  }

  /** Pins the app, or lets auto-deploy take it again. */
  @PostMapping("/auto-deploy")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void autoDeploy(
      @PathVariable AppName app, @RequestBody Switch body, @AuthenticationPrincipal Caller caller) {
    deployer.autoDeploy(app, body.enabled(), caller.name());
    notices.send(Channel.DEPLOYMENT_CHANGED);
  }

  /** What auto-deploy's next build waits for. */
  @GetMapping("/auto-deploy")
  Outlook outlook(@PathVariable AppName app) {
    return new Outlook(autoDeploy.held(app).orElse(null));
  }

  /** Says whether the app's deployments wait for a second person. */
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
   * Every machine that is there for the app, and what it runs. One that was silent for longer than
   * counts is UNKNOWN, whatever it said last.
   *
   * @param label the machines alone that have these labels
   */
  @GetMapping("/fleet")
  List<FleetMachine> fleet(
      @PathVariable AppName app, @RequestParam(defaultValue = "") List<String> label) {
    var only = new Labels(label);
    return fleet.machinesOf(app).stream()
        .filter(machine -> machine.labels().cover(only))
        .map(FleetMachine::of)
        .toList();
  }
}
