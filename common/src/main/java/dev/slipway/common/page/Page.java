package dev.slipway.common.page;

import dev.slipway.common.problem.InvalidInput;
import java.util.List;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * A page of a list that is answered as an array. Its {@code Link} header says where the next is.
 */
public final class Page {
  private Page() {}

  /** Refuses a limit that is not 1 to {@code most}. */
  public static void requireLimit(int limit, int most) {
    InvalidInput.unless(limit >= 1 && limit <= most, "limit", "must be 1 to " + most);
  }

  /**
   * The answer to the request that this thread serves.
   *
   * @param found at most {@code limit}; fewer come only at the end
   * @param key what to send as {@code after} to get those behind one
   */
  public static <T> ResponseEntity<List<T>> of(List<T> found, int limit, Function<T, String> key) {
    var answer = ResponseEntity.ok();
    if (found.size() == limit) {
      var next =
          ServletUriComponentsBuilder.fromCurrentRequest()
              .replaceQueryParam("after", key.apply(found.getLast()))
              .replaceQueryParam("limit", limit)
              .build()
              .encode();
      answer.header(
          HttpHeaders.LINK, "<%s?%s>; rel=\"next\"".formatted(next.getPath(), next.getQuery()));
    }
    return answer.body(found);
  }
}
