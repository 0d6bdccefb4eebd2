package dev.slipway.deploy.preview;

import dev.slipway.common.app.AppName;
import dev.slipway.common.openapi.Refuses;
import io.swagger.v3.oas.annotations.Operation;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A look before the button is pressed. */
@RestController
public class PreviewController {
  private final Previews previews;

  PreviewController(Previews previews) {
    this.previews = previews;
  }

  /**
   * What deploying a build would do.
   *
   * @param build none for the newest that can be deployed
   */
  @Operation(operationId = "previewDeployment", summary = "Tells what deploying a build would do")
  @Refuses(status = 404, codes = "not-found")
  @Refuses(status = 409, codes = "nothing-to-deploy")
  @GetMapping("/api/v1/apps/{app}/preview")
  Preview preview(@PathVariable AppName app, @RequestParam(required = false) @Nullable Long build) {
    return previews.of(app, build);
  }
}
