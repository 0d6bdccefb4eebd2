package dev.slipway.deploy.installation;

import dev.slipway.common.access.Caller;
import dev.slipway.deploy.DeployProperties;
import dev.slipway.deploy.installation.Installation.You;
import io.swagger.v3.oas.annotations.Operation;
import java.io.IOException;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What {@code slipway doctor} and {@code slipway login} ask. */
@RestController
public class InstallationController {
  private final InstallationStore store;
  private final DeployProperties properties;
  private final int knownSchema;

  InstallationController(InstallationStore store, DeployProperties properties) throws IOException {
    this.store = store;
    this.properties = properties;
    this.knownSchema = KnownSchema.version();
  }

  /** How the installation stands, and who the caller is. */
  @Operation(
      operationId = "getInstallation",
      summary = "Tells how the installation stands, and who the caller is")
  @GetMapping("/api/v1/installation")
  Installation installation(@AuthenticationPrincipal Caller caller) {
    return new Installation(
        InstallationController.class.getPackage().getImplementationVersion(),
        new You(caller.name(), caller.role()),
        store.now(),
        store.schema(),
        knownSchema,
        properties.targetKeyFile() != null,
        store.queue(),
        store.regions(),
        store.apps());
  }
}
