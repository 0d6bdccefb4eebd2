package dev.slipway.deploy.installation;

import java.io.IOException;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The schema that this service was built for. */
final class KnownSchema {
  private static final String MIGRATIONS = "classpath*:db/migration/V*.sql";
  private static final Pattern VERSION = Pattern.compile("V([0-9]{1,9})__.*");

  private KnownSchema() {}

  /** The newest migration that it knows. */
  static int version() throws IOException {
    var migrations = new PathMatchingResourcePatternResolver().getResources(MIGRATIONS);
    return Arrays.stream(migrations)
        .flatMap(file -> Stream.ofNullable(file.getFilename()))
        .map(VERSION::matcher)
        .filter(name -> name.matches())
        .mapToInt(name -> Integer.parseInt(name.group(1)))
        .max()
        .orElse(0);
  }
}
