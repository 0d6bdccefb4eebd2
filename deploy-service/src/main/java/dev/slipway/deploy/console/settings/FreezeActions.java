package dev.slipway.deploy.console.settings;

import dev.slipway.common.access.Caller;
import dev.slipway.common.app.AppName;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.deploy.console.Page;
import dev.slipway.deploy.freeze.Freezes;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The buttons that set a freeze and lift it. */
@Controller
class FreezeActions {
  private final Freezes freezes;
  private final NoticeStore notices;

  FreezeActions(Freezes freezes, NoticeStore notices) {
    this.freezes = freezes;
    this.notices = notices;
  }

  /**
   * Sets a freeze.
   *
   * @param app empty: all apps
   * @param from as a browser sends a date with its time, in UTC
   */
  @PostMapping("/settings/freezes")
  String set(
      @RequestParam String app,
      @RequestParam String from,
      @RequestParam String until,
      @RequestParam String reason,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    var wish =
        new Freezes.Wish(
            app.isEmpty() ? null : new AppName(app),
            moment("from", from),
            moment("until", until),
            reason.strip());
    var made = freezes.add(wish, caller.name());
    return done("Set: " + made.inWords() + ".", model, response);
  }

  @PostMapping("/settings/freezes/{id}/lift")
  String lift(
      @PathVariable long id,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    freezes.lift(id, caller.name());
    return done("Freeze " + id + " is over. What waited for it begins.", model, response);
  }

  private static Instant moment(String field, String text) {
    try {
      return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw new InvalidInput(field, "must be a date with its time, as 2026-12-23T18:00");
    }
  }

  private String done(String message, Model model, HttpServletResponse response) {
    notices.send(Channel.DEPLOYMENT_CHANGED);
    return Page.done(message, model, response);
  }
}
