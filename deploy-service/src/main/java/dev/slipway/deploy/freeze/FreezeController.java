package dev.slipway.deploy.freeze;

import dev.slipway.common.access.Caller;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.page.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
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

  /**
   * A page of those that are on or to come, the next to end first.
   *
   * @param after the id of the page's last before; 0 for the first page
   * @param limit 1 to 200
   */
  @Operation(operationId = "listFreezes", summary = "Lists the freezes that are on or to come")
  @GetMapping
  ResponseEntity<List<Freeze>> list(
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "200") @Schema(minimum = "1", maximum = "200") int limit) {
    Page.requireLimit(limit, Freezes.MOST);
    return Page.of(freezes.notOver(after, limit), limit, freeze -> String.valueOf(freeze.id()));
  }

  @Operation(operationId = "setFreeze", summary = "Sets a freeze, in which no deployment begins")
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Freeze add(@RequestBody Freezes.Wish wish, @AuthenticationPrincipal Caller caller) {
    return freezes.add(wish, caller.name());
  }

  /** Ends a freeze now. */
  @Operation(operationId = "liftFreeze", summary = "Ends a freeze now")
  @Refuses(status = 404, codes = "not-found")
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void lift(@PathVariable long id, @AuthenticationPrincipal Caller caller) {
    freezes.lift(id, caller.name());
  }
}
