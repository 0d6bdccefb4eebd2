package dev.slipway.client.context;

import dev.slipway.client.text.Output;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Forgets a token. */
@Command(
    name = "logout",
    description = "Forgets the token of an installation; it stays good, for whoever has it.")
public final class Logout implements Callable<Integer> {
  @Mixin private Output output = new Output();

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "Which one (default: the current one).")
  private @Nullable String name;

  @Override
  public Integer call() throws IOException {
    var contexts = Contexts.ofUser();
    var forgotten = name == null ? contexts.read().current() : name;
    if (forgotten == null || !contexts.remove(forgotten)) {
      output.note("You were not signed in.");
      return 0;
    }
    output.line("Signed out of " + forgotten + ".");
    return 0;
  }
}
