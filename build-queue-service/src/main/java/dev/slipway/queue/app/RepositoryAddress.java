package dev.slipway.queue.app;

import dev.slipway.common.problem.InvalidInput;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A git repository's address, checked before git ever sees it: https, http, ssh, the {@code
 * user@host:path} form, or a place on this machine.
 *
 * @param text as it was given
 * @param key the same for every way to write one repository's address: host and path, without
 *     scheme, user, default port and {@code .git}
 */
public record RepositoryAddress(String text, String key, boolean local) {
  private static final String FIELD = "repository";
  private static final int LONGEST = 1_000;
  private static final String HOST =
      "(?<host>[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+])";
  private static final String USER = "((?<user>[A-Za-z0-9_][A-Za-z0-9._-]*)@)?";
  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>https?|ssh)://" + USER + HOST + "(:(?<port>[0-9]{1,5}))?/(?<path>[^?#]+)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern SCP = Pattern.compile(USER + HOST + ":(?<path>[^?#:-][^?#]*)");
  private static final Pattern LOCAL =
      Pattern.compile("(file://)?(?<path>/.*)", Pattern.CASE_INSENSITIVE);

  /**
   * Checks an address that git will be given.
   *
   * @throws InvalidInput saying what is allowed
   */
  public static RepositoryAddress of(@Nullable String text, boolean allowLocal) {
    if (text == null || text.isEmpty()) {
      throw new InvalidInput(FIELD, "is missing");
    }
    InvalidInput.unless(text.length() <= LONGEST, FIELD, "must be at most 1000 characters");
    InvalidInput.unless(
        text.chars().noneMatch(c -> Character.isISOControl(c) || Character.isWhitespace(c)),
        FIELD,
        "must not contain blanks or control characters");
    InvalidInput.unless(
        !text.matches("(?i)([a-z]+://)?[^/@]*:[^/]*@.*") && !text.matches("(?i)https?://[^/]*@.*"),
        FIELD,
        "must not contain a password or token: secrets do not belong there");
    var address =
        parse(text)
            .orElseThrow(() ->
                new InvalidInput(
                    FIELD, "must be an https, http or ssh address, or user@host:path"));
    InvalidInput.unless(
        allowLocal || !address.local,
        FIELD,
        "must not be on this machine (slipway.queue.allow-file-repositories)");
    return address;
  }

  /** The key of an address that only names a repository; none if it is no address. */
  static Optional<String> keyOf(String text) {
    return parse(text).map(RepositoryAddress::key);
  }

  private static Optional<RepositoryAddress> parse(String text) {
    var local = LOCAL.matcher(text);
    if (local.matches()) {
      return Optional.of(new RepositoryAddress(text, "file:/" + path(local), true));
    }
    var url = URL.matcher(text);
    if (url.matches()) {
      var key = host(url) + port(url) + "/" + path(url);
      return Optional.of(new RepositoryAddress(text, key, false));
    }
    var scp = SCP.matcher(text);
    if (scp.matches() && !text.contains("::") && !text.contains("://")) {
      return Optional.of(new RepositoryAddress(text, host(scp) + "/" + path(scp), false));
    }
    return Optional.empty();
  }

  private static String host(Matcher address) {
    return address.group("host").toLowerCase(Locale.ROOT);
  }

  private static String port(Matcher url) {
    var port = url.group("port");
    var usual =
        switch (url.group("scheme").toLowerCase(Locale.ROOT)) {
          case "https" -> "443";
          case "http" -> "80";
          default -> "22";
        };
    return port == null || port.equals(usual) ? "" : ":" + port;
  }

  private static String path(Matcher address) {
    return address.group("path").replaceAll("^/+|/+$", "").replaceAll("/*\\.git$", "");
  }
}
