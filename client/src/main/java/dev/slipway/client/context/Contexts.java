package dev.slipway.client.context;

import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The installations that somebody is signed in to, in a file that only they can read: below {@code
 * XDG_CONFIG_HOME}, by default {@code ~/.config/slipway/contexts.json}.
 */
public final class Contexts {
  private static final Path LOCAL_TOKEN = Path.of(".slipway/keys/admin");
  private static final String NAME = "[a-z0-9][a-z0-9._-]{0,39}";

  private final Path file;

  public Contexts(Path file) {
    this.file = file;
  }

  /** Those of whoever runs this. */
  public static Contexts ofUser() {
    var config = System.getenv("XDG_CONFIG_HOME");
    var folder =
        config == null || config.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".config")
            : Path.of(config);
    return new Contexts(folder.resolve("slipway/contexts.json"));
  }

  /** All of them, and which is used unless another is named. */
  public record Kept(@Nullable String current, NavigableMap<String, Context> contexts) {
    static final Kept NONE = new Kept(null, new TreeMap<>());

    public Kept {
      contexts = contexts == null ? new TreeMap<>() : contexts;
    }
  }

  public Path file() {
    return file;
  }

  /** What was kept. */
  public Kept read() throws IOException {
    try {
      requirePrivate();
      return JsonMapper.shared().readValue(Files.readAllBytes(file), Kept.class);
    } catch (NoSuchFileException nobodySignedIn) {
      return Kept.NONE;
    } catch (JacksonException broken) {
      throw new IOException(file + " cannot be read; delete it and sign in anew");
    }
  }

  private void requirePrivate() throws IOException {
    var others =
        Files.getPosixFilePermissions(file).stream()
            .anyMatch(
                p -> p == PosixFilePermission.GROUP_READ || p == PosixFilePermission.OTHERS_READ);
    if (others) {
      throw new IOException(file + " holds tokens and others can read it: chmod 600 " + file);
    }
  }

  /** Keeps one, which becomes the current one. */
  public void put(String name, Context context) throws IOException {
    InvalidInput.unless(
        name.matches(NAME), "--context", "must be 1 to 40 lower-case letters, digits and -._");
    var all = new TreeMap<>(read().contexts());
    all.put(name, context);
    write(new Kept(name, all));
  }

  /** Makes one the current one. */
  public void use(String name) throws IOException {
    var kept = read();
    find(kept, name);
    write(new Kept(name, kept.contexts()));
  }

  /** Forgets one; whether it was there. */
  public boolean remove(String name) throws IOException {
    var kept = read();
    var all = new TreeMap<>(kept.contexts());
    if (all.remove(name) == null) {
      return false;
    }
    write(new Kept(name.equals(kept.current()) ? null : kept.current(), all));
    return true;
  }

  private void write(Kept kept) throws IOException {
    var folder = file.toAbsolutePath().getParent();
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    // created with mode 0600
    var half = Files.createTempFile(folder, "contexts", ".half");
    try {
      Files.write(half, JsonMapper.shared().writeValueAsBytes(kept));
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(half);
    }
  }

  /**
   * Which one to use: what was named, or the current one; with nothing of either, the one that
   * {@code slipway up} keeps in this folder.
   *
   * @param url of deploy-service; a kept token goes to no other address than its own
   * @throws Problem 401 when there is no token
   */
  public Context choose(@Nullable String name, @Nullable URI url, @Nullable Path tokenFile)
      throws IOException {
    var kept = read();
    if (url != null) {
      var token = tokenFile == null ? tokenFor(kept, url) : Token.in(tokenFile);
      return new Context(Addresses.counted(url), token);
    }
    var known = name == null ? current(kept) : Optional.of(find(kept, name));
    if (tokenFile != null) {
      var addresses = known.map(Context::addresses).orElse(Addresses.LOCAL);
      return new Context(addresses, Token.in(tokenFile));
    }
    if (known.isPresent()) {
      return known.get();
    }
    if (Files.isReadable(LOCAL_TOKEN)) {
      return new Context(Addresses.LOCAL, Token.in(LOCAL_TOKEN));
    }
    throw new Problem(
        401, "not-signed-in", "you are not signed in: slipway login URL, or give --token-file");
  }

  private static Optional<Context> current(Kept kept) {
    return Optional.ofNullable(kept.current()).map(kept.contexts()::get);
  }

  private static Context find(Kept kept, String name) {
    return Optional.ofNullable(kept.contexts().get(name))
        .orElseThrow(() ->
            new Problem(
                404,
                "not-found",
                "there is no context '%s'; there is: %s"
                    .formatted(name, String.join(", ", kept.contexts().keySet()))));
  }

  private static Token tokenFor(Kept kept, URI url) {
    return kept.contexts().entrySet().stream()
        .map(Map.Entry::getValue)
        .filter(context -> context.addresses().deploy().equals(url))
        .map(Context::token)
        .findFirst()
        .orElseThrow(() ->
            new Problem(
                401,
                "not-signed-in",
                "you are not signed in to %s: slipway login %s, or give --token-file"
                    .formatted(url, url)));
  }
}
