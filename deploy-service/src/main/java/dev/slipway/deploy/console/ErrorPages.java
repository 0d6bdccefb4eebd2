package dev.slipway.deploy.console;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.RequestMapping;

/** Shows people what went wrong, as a page or as a notice on the page they are on. */
@Controller
class ErrorPages implements ErrorController {
  private static final String DETAIL = ErrorPages.class.getName() + ".detail";

  /**
   * Answers with an error.
   *
   * @param detail a sentence that is safe to show
   */
  static void send(
      HttpServletRequest request, HttpServletResponse response, int status, String detail)
      throws IOException {
    request.setAttribute(DETAIL, detail);
    response.sendError(status);
  }

  /** Answers who may not do what was asked for. */
  static void refuse(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
      throws IOException {
    var detail =
        denied instanceof CsrfException
            ? "This page is out of date. Reload it and try again."
            : "Your token's role may not do this.";
    send(request, response, 403, detail);
  }

  /** Whether a path is the console's rather than the API's. */
  static boolean isConsole(String path) {
    return !path.startsWith("/api/")
        && !path.startsWith("/actuator/")
        && !path.startsWith("/openapi");
  }

  @RequestMapping("/error")
  Object error(HttpServletRequest request, HttpServletResponse response, Model model) {
    var status =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
            ? code
            : 404;
    var path = String.valueOf(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI));
    if (!isConsole(path)) {
      var problem = ProblemDetail.forStatus(HttpStatusCode.valueOf(status));
      problem.setProperty("code", "http-" + status);
      return ResponseEntity.status(status).body(problem);
    }
    response.setStatus(status);
    model.addAttribute("status", status);
    model.addAttribute("title", titleOf(status));
    model.addAttribute(
        "detail",
        request.getAttribute(DETAIL) instanceof String detail ? detail : adviceOn(status));
    if (request.getHeader("HX-Request") == null) {
      return "console/error";
    }
    // a question that is open covers the notices, so what is wrong with its preview is said in it
    if (!"confirm-preview".equals(request.getHeader("HX-Target"))) {
      response.setHeader("HX-Retarget", "#notice");
      response.setHeader("HX-Reswap", "innerHTML");
    }
    return "console/notice :: error";
  }

  private static String titleOf(int status) {
    return switch (status) {
      case 400 -> "That was not understood";
      case 403 -> "You may not do this";
      case 404 -> "There is nothing here";
      case 409 -> "That cannot be done now";
      case 503 -> "Too busy";
      default -> status < 500 ? "That did not work" : "Something broke on our side";
    };
  }

  private static String adviceOn(int status) {
    return switch (status) {
      case 503 ->
          "The database cannot be reached or is busy. Nothing that runs is affected; try again in a moment.";
      default ->
          status < 500
              ? "Check the address, or start from the list of apps."
              : "Nothing that runs is affected. The service's log has more; try again in a moment.";
    };
  }
}
