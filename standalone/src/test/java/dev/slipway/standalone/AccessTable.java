package dev.slipway.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** Who may call what: {@code access-matrix.txt}. */
@NullMarked
final class AccessTable {
  private static final String ONLY_REFUSED = "only refused:";

  private AccessTable() {}

  /**
   * How one endpoint answers everybody.
   *
   * @param path with its variables, as {@code /api/v1/jobs/{id}}
   * @param answers by caller, in the order of {@code callers}
   * @param sent a query, a body, or nothing
   * @param onlyRefused whether it is sent by those alone who are to be refused
   */
  record Line(
      String service,
      String method,
      String path,
      List<String> callers,
      List<String> answers,
      String sent,
      boolean onlyRefused) {
    String endpoint() {
      return service + " " + method + " " + path;
    }
  }

  static List<Line> read() {
    var lines = new ArrayList<Line>();
    var service = "";
    List<String> callers = List.of();
    for (var line : text().lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
      var words = Arrays.asList(line.split("\\s+", callers.size() + 3));
      switch (words.getFirst()) {
        case "service" -> {
          service = line.substring("service ".length());
          callers = List.of();
        }
        case "callers" ->
            callers = List.of(line.substring("callers".length()).strip().split(" +", -1));
        default -> lines.add(line(service, callers, words));
      }
    }
    return lines;
  }

  private static Line line(String service, List<String> callers, List<String> words) {
    var end = callers.size() + 2;
    var rest = words.size() > end ? words.get(end).strip() : "";
    var onlyRefused = rest.startsWith(ONLY_REFUSED);
    return new Line(
        service,
        words.get(0),
        words.get(1),
        callers,
        words.subList(2, end),
        onlyRefused ? rest.substring(ONLY_REFUSED.length()).strip() : rest,
        onlyRefused);
  }

  private static String text() {
    try (var in = AccessTable.class.getResourceAsStream("/access-matrix.txt")) {
      if (in == null) {
        throw new IllegalStateException("access-matrix.txt is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
