package dev.slipway.deploy.console;

import dev.slipway.common.app.AppName;
import dev.slipway.deploy.freeze.Freeze;
import dev.slipway.deploy.freeze.FreezeStore;
import dev.slipway.deploy.preview.Previews;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** What a button would do, as the question shows it before it is pressed. */
@Controller
class PreviewPages {
  private final Previews previews;
  private final FreezeStore freezes;

  PreviewPages(Previews previews, FreezeStore freezes) {
    this.previews = previews;
    this.freezes = freezes;
  }

  @GetMapping("/apps/{app}/builds/{build}/deploy")
  String deploy(@PathVariable AppName app, @PathVariable long build, Model model) {
    model.addAttribute("preview", previews.of(app, build));
    model.addAttribute("freeze", freezes.on(app).map(Freeze::inWords).orElse(null));
    return "console/preview :: deploy";
  }

  /** A rollback goes to all regions that have the app, at once. */
  @GetMapping("/apps/{app}/builds/{build}/rollback")
  String rollBack(@PathVariable AppName app, @PathVariable long build, Model model) {
    var preview = previews.of(app, build);
    model.addAttribute("preview", preview);
    model.addAttribute(
        "regions", preview.regions().stream().filter(region -> region.now() != null).toList());
    return "console/preview :: rollback";
  }
}
