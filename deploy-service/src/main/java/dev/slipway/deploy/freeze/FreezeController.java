package dev.slipway.deploy.freeze;

import dev.slipway.common.access.Caller;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Freezes, by API. */
@RestController
@RequestMapping("/api/v1/freezes")
public class FreezeController {
  private final Freezes freezes;

  FreezeController(Freezes freezes) {
    this.freezes = freezes;
  }

  /** Those that are on or to come. */
  @GetMapping
  List<Freeze> list() {
    return freezes.notOver();
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Freeze add(@RequestBody Freezes.Wish wish, @AuthenticationPrincipal Caller caller) {
    return freezes.add(wish, caller.name());
  }

  /** Ends a freeze now. */
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void lift(@PathVariable long id, @AuthenticationPrincipal Caller caller) {
    freezes.lift(id, caller.name());
  }
}
