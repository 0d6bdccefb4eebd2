package dev.slipway.client.context;

import static dev.slipway.client.text.Table.Column.name;

import dev.slipway.client.text.Reading;
import dev.slipway.client.text.Table;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows the installations that somebody is signed in to, or chooses one. */
@Command(
    name = "context",
    description = "Shows the installations that you are signed in to, or makes one the current.")
public final class ContextCommand implements Callable<Integer> {
  @Mixin private Reading output = new Reading();

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The one to use from now on.")
  private @Nullable String chosen;

  /** One of them, without its token. */
  record Shown(String name, Addresses addresses, boolean current) {}

  @Override
  public Integer call() throws IOException {
    var contexts = Contexts.ofUser();
    if (chosen != null) {
      contexts.use(chosen);
    }
    var kept = contexts.read();
    if (output.isJson()) {
      output.json(
          kept.contexts().entrySet().stream()
              .map(each ->
                  new Shown(
                      each.getKey(),
                      each.getValue().addresses(),
                      each.getKey().equals(kept.current())))
              .toList());
      return 0;
    }
    var table = new Table(name(""), name("CONTEXT"), name("URL"));
    kept.contexts()
        .forEach((context, known) ->
            table.row(
                context.equals(kept.current()) ? "*" : "", context, known.addresses().deploy()));
    output.table(table, "You are signed in to nothing: slipway login URL");
    return 0;
  }
}
