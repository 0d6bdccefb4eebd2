package dev.slipway.worker.publish;

import dev.slipway.worker.job.BuildFailed;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** Finds the one file or folder that {@code build.artifact} means. */
final class ArtifactFinder {
  private static final int LISTED = 10;
  private static final String KEY = "slipway.yml: build.artifact ";

  private final Path checkout;
  private final String wanted;

  /**
   * @param wanted a path or a glob, relative to the checkout
   */
  ArtifactFinder(Path checkout, String wanted) {
    this.checkout = checkout;
    this.wanted = wanted;
  }

  /** The artifact's real path, in the checkout. */
  Path find() throws BuildFailed, IOException {
    // else everything on this machine would be in what a build calls its checkout
    if (!Files.isDirectory(checkout, LinkOption.NOFOLLOW_LINKS)) {
      throw new BuildFailed("the build replaced its checkout by something else");
    }
    var literal = checkout.resolve(wanted);
    if (Files.exists(literal, LinkOption.NOFOLLOW_LINKS)) {
      return inside(literal);
    }
    var matches = matches();
    if (matches.size() == 1) {
      return inside(matches.getFirst());
    }
    if (matches.isEmpty()) {
      throw new BuildFailed(KEY + wanted + " matches nothing that the build made");
    }
    throw new BuildFailed(
        "%s%s must match exactly one file or folder; it matches %s%s"
            .formatted(
                KEY,
                wanted,
                matches.stream()
                    .limit(LISTED)
                    .map(m -> checkout.relativize(m).toString())
                    .collect(Collectors.joining(", ")),
                matches.size() > LISTED ? " and more" : ""));
  }

  /** A link may lead elsewhere in the checkout, and nowhere else. */
  private Path inside(Path match) throws BuildFailed, IOException {
    Path real;
    try {
      real = match.toRealPath();
    } catch (IOException dangling) {
      throw new BuildFailed(KEY + wanted + " is a link to nothing");
    }
    if (!real.startsWith(checkout.toRealPath())) {
      throw new BuildFailed(KEY + wanted + " is a link that leaves the checkout");
    }
    return real;
  }

  /** The matches, sorted; one more than are listed at most. */
  private List<Path> matches() throws BuildFailed, IOException {
    var matchers = matchers();
    var found = new ArrayList<Path>();
    Files.walkFileTree(
        firstFolder(),
        Collections.emptySet(),
        depth(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            if (dir.equals(checkout.resolve(".git"))) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            return dir.equals(checkout) ? FileVisitResult.CONTINUE : visitFile(dir, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            var relative = checkout.relativize(file);
            if (matchers.stream().anyMatch(m -> m.matches(relative))) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
            return FileVisitResult.CONTINUE;
          }
        });
    Collections.sort(found);
    return found;
  }

  /** A {@code **} with nothing for it to stand for counts as well, as in most tools. */
  private List<PathMatcher> matchers() throws BuildFailed {
    try {
      var files = checkout.getFileSystem();
      return List.of(
          files.getPathMatcher("glob:" + wanted),
          files.getPathMatcher("glob:" + wanted.replace("**/", "")));
    } catch (PatternSyntaxException wrong) {
      throw new BuildFailed(KEY + wanted + " is not a glob: " + wrong.getDescription());
    }
  }

  /** The deepest folder that all matches are in: a large checkout is not searched whole. */
  private Path firstFolder() {
    var folder = checkout;
    for (var segment : Path.of(wanted)) {
      var next = folder.resolve(segment);
      if (isPattern(segment.toString()) || !Files.isDirectory(next, LinkOption.NOFOLLOW_LINKS)) {
        break;
      }
      folder = next;
    }
    return folder;
  }

  private int depth() {
    var relative = checkout.relativize(firstFolder());
    var above = relative.toString().isEmpty() ? 0 : relative.getNameCount();
    return wanted.contains("**") || wanted.contains("{")
        ? Integer.MAX_VALUE
        : Path.of(wanted).getNameCount() - above;
  }

  private static boolean isPattern(String segment) {
    return segment.chars().anyMatch(c -> "*?[{\\".indexOf(c) >= 0);
  }
}
