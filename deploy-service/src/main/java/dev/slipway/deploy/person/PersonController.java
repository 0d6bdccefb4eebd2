package dev.slipway.deploy.person;

import dev.slipway.common.access.Caller;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.InvalidInput;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Lets people in who have no issuer to vouch for them, and out again. */
@RestController
@RequestMapping("/api/v1/people")
public class PersonController {
  private static final int MOST = 200;

  private final PersonChanges people;

  PersonController(PersonChanges people) {
    this.people = people;
  }

  /**
   * A page.
   *
   * @param next what to send as {@code after}; none on the last page
   */
  @Schema(name = "People")
  public record Page(List<Person> people, @Nullable String next) {}

  /**
   * A page of people by name.
   *
   * @param after the last name of the page before
   * @param limit 1 to 200
   */
  @Operation(operationId = "listPeople", summary = "Lists people who have a password, page by page")
  @GetMapping
  Page list(
      @RequestParam(defaultValue = "") String after,
      @RequestParam(defaultValue = "50") @Schema(minimum = "1", maximum = "200") int limit) {
    InvalidInput.unless(limit >= 1 && limit <= MOST, "limit", "must be 1 to " + MOST);
    var page = people.page(after, limit);
    return new Page(page, page.size() < limit ? null : page.getLast().name());
  }

  /** 201 for somebody new, 204 for somebody who is changed; their sessions end. */
  @Operation(operationId = "putPerson", summary = "Lets somebody in by a password or changes them")
  @ApiResponse(responseCode = "201", description = "somebody new")
  @ApiResponse(responseCode = "204", description = "somebody changed")
  @Refuses(status = 409, codes = "busy")
  @Refuses(status = 503, codes = "busy")
  @PutMapping("/{name}")
  ResponseEntity<Void> put(
      @PathVariable PersonName name,
      @RequestBody PersonWish wish,
      @AuthenticationPrincipal Caller caller) {
    var created = people.put(name, wish, caller.name());
    return ResponseEntity.status(created ? HttpStatus.CREATED : HttpStatus.NO_CONTENT).build();
  }

  /** Takes somebody out; their sessions end. */
  @Operation(operationId = "removePerson", summary = "Takes somebody out and ends their sessions")
  @Refuses(status = 404, codes = "not-found")
  @DeleteMapping("/{name}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@PathVariable PersonName name, @AuthenticationPrincipal Caller caller) {
    people.remove(name, caller.name());
  }
}
