package dev.slipway.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** The codes of problem details: those that the sources have, and those that docs/api.md lists. */
@NullMarked
final class ProblemCodes {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| [1-5][0-9]{2}");
  private static final Pattern IN_SOURCES =
      Pattern.compile(
          "(?:new Problem\\(\\s*\\d+,|[. ]conflict\\(|refuse\\(\\s*response,\\s*\\d+,"
              + "|detail\\(\\s*HttpStatusCode.valueOf\\(\\d+\\),|setProperty\\(\"code\",|\"code\":)"
              + "\\s*\"([a-z]+(?:-[a-z]+)*)\"");

  private ProblemCodes() {}

  static Path file(String name) {
    return ROOT.resolve(name);
  }

  static Set<String> documented() throws IOException {
    return found(ROW, Files.readString(file("docs/api.md")));
  }

  static Set<String> inSources() throws IOException {
    try (var files = Files.walk(ROOT, 20)) {
      var codes = new TreeSet<String>();
      for (var file : files.filter(ProblemCodes::isSource).toList()) {
        codes.addAll(found(IN_SOURCES, Files.readString(file)));
      }
      return codes;
    }
  }

  private static boolean isSource(Path file) {
    var path = ROOT.relativize(file).toString();
    return path.endsWith(".java")
        && path.contains("/src/main/java/")
        && !path.startsWith("bench/")
        && !path.startsWith("client/")
        && !path.startsWith("standalone/");
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
