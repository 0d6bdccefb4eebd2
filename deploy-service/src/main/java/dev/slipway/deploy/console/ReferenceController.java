package dev.slipway.deploy.console;

import dev.slipway.deploy.reference.Reference;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The calls of all services. */
@Controller
class ReferenceController {
  private final Reference reference;

  ReferenceController(Reference reference) {
    this.reference = reference;
  }

  @GetMapping("/reference")
  String reference(Model model) throws InterruptedException {
    model.addAttribute("services", reference.services());
    return "console/reference";
  }
}
