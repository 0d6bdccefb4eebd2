package dev.slipway.deploy.console;

import dev.slipway.common.access.Caller;
import dev.slipway.common.access.Role;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What every page has. */
@ControllerAdvice(basePackageClasses = Page.class)
public class Page {
  private final Words words;
  private final PageApp apps;

  Page(Words words, PageApp apps) {
    this.words = words;
    this.apps = apps;
  }

  /** The page, or only its live part when it is the page itself that asks again. */
  public static String of(String template, HttpServletRequest request) {
    return request.getHeader("HX-Request") == null ? template : template + " :: live";
  }

  /** Says that something was done, and has what is on the page look again. */
  public static String done(String message, Model model, HttpServletResponse response) {
    model.addAttribute("message", message);
    response.setHeader("HX-Trigger", "changed");
    return "console/notice :: done";
  }

  @ModelAttribute("words")
  Words words() {
    return words;
  }

  /** Where the navigation is: the first part of the path; what belongs to an app is with apps. */
  @ModelAttribute("place")
  String place(HttpServletRequest request) {
    var path = request.getRequestURI();
    var end = path.indexOf('/', 1);
    var first = path.substring(1, end < 0 ? path.length() : end);
    return switch (first) {
      case "", "builds", "deployments" -> "apps";
      default -> first;
    };
  }

  @ModelAttribute("caller")
  @Nullable Caller caller(@AuthenticationPrincipal @Nullable Caller caller) {
    return caller;
  }

  /** On what is an app's, whether it is one that the caller may deploy. */
  @ModelAttribute("mayDeploy")
  boolean mayDeploy(@AuthenticationPrincipal @Nullable Caller caller, HttpServletRequest request) {
    if (caller == null || caller.role() == Role.VIEWER) {
      return false;
    }
    return caller.apps() == null || apps.of(request).map(caller::mayDeploy).orElse(true);
  }

  @ModelAttribute("administers")
  boolean administers(@AuthenticationPrincipal @Nullable Caller caller) {
    return caller != null && caller.role() == Role.ADMIN;
  }
}
