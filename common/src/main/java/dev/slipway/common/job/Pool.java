package dev.slipway.common.job;

import dev.slipway.common.problem.InvalidInput;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The labels that a job's worker must have. Jobs of one pool wait in one line, so that a worker
 * never walks past jobs that are not for it.
 *
 * @param labels up to 6, sorted and distinct; each 1 to 40 lower-case letters, digits, points,
 *     hyphens and underscores
 */
public record Pool(List<String> labels) {
  /** Any worker will do. */
  public static final Pool ANY = new Pool(List.of());

  private static final int MOST = 6;
  private static final Pattern LABEL = Pattern.compile("[a-z0-9][a-z0-9._-]{0,39}");

  public Pool {
    InvalidInput.unless(labels.size() <= MOST, "labels", "must be at most " + MOST);
    for (var label : labels) {
      InvalidInput.unless(
          LABEL.matcher(label).matches(),
          "labels",
          "must each be 1 to 40 lower-case letters, digits, points, hyphens and underscores");
    }
    labels = List.copyOf(new TreeSet<>(labels));
  }

  /** The pool of that text; see {@link #text}. */
  public static Pool of(String text) {
    return text.isEmpty() ? ANY : new Pool(List.of(text.split(",", -1)));
  }

  /** Its labels joined by commas: the same for the same labels. */
  public String text() {
    return String.join(",", labels);
  }

  /** Whether a worker with these labels may build the jobs of {@code pool}. */
  public boolean serves(Pool pool) {
    return labels.containsAll(pool.labels);
  }

  /** Every pool that a worker with these labels may build for: at most 64. */
  public List<Pool> served() {
    var served = new ArrayList<Pool>();
    for (var chosen = 0; chosen < 1 << labels.size(); chosen++) {
      served.add(new Pool(chosen(chosen)));
    }
    return served;
  }

  private List<String> chosen(int bits) {
    Collection<String> chosen = new ArrayList<>();
    for (var n = 0; n < labels.size(); n++) {
      if ((bits >> n & 1) == 1) {
        chosen.add(labels.get(n));
      }
    }
    return List.copyOf(chosen);
  }

  @Override
  public String toString() {
    return labels.isEmpty() ? "any" : text();
  }
}
