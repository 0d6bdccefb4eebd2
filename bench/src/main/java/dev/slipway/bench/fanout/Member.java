package dev.slipway.bench.fanout;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The process of one host. */
final class Member implements AutoCloseable {
  private static final Duration LONGEST_START = Duration.ofMinutes(2);

  private final Process process;
  private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
  private final CompletableFuture<Long> done = new CompletableFuture<>();
  private final String doneWord;
  private final Path errors;

  private Member(Process process, String doneWord, Path errors) {
    this.process = process;
    this.doneWord = doneWord;
    this.errors = errors;
  }

  /**
   * Starts a command.
   *
   * @param readyWord in the line with which it says that it could begin; empty: at once
   * @param doneWord in the line with which it says that it has everything
   * @param errors gets what it prints besides
   */
  static Member start(List<String> command, String readyWord, String doneWord, Path errors)
      throws IOException {
    var member =
        new Member(
            new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start(),
            doneWord,
            errors);
    if (readyWord.isEmpty()) {
      member.ready.complete(true);
    }
    Thread.ofPlatform().daemon().name("member").start(() -> member.read(readyWord));
    return member;
  }

  private void read(String readyWord) {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains(doneWord)) {
          done.complete(System.nanoTime());
        } else if (!readyWord.isEmpty() && line.contains(readyWord)) {
          ready.complete(true);
        }
      }
    } catch (IOException ended) {
      // it is said below
    }
    ended("ready", ready);
    ended("done", done);
  }

  private void ended(String before, CompletableFuture<?> awaited) {
    if (!awaited.isDone()) {
      awaited.completeExceptionally(
          new IOException(
              "a host's process has ended with %d before it was %s: %s"
                  .formatted(process.onExit().join().exitValue(), before, lastWords())));
    }
  }

  private String lastWords() {
    try {
      var lines = Files.readAllLines(errors, StandardCharsets.UTF_8);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    } catch (IOException none) {
      return "";
    }
  }

  void awaitReady() throws IOException, InterruptedException {
    await(ready, LONGEST_START);
  }

  /** Lets it begin. */
  @SuppressWarnings("resource") // closing its input would end it
  void go() throws IOException {
    Writer input = process.outputWriter(StandardCharsets.UTF_8);
    input.write("GO\n");
    input.flush();
  }

  /** When it was done, by {@link System#nanoTime}. */
  long awaitDone(Duration longest) throws IOException, InterruptedException {
    return await(done, longest);
  }

  private static <T> T await(CompletableFuture<T> what, Duration longest)
      throws IOException, InterruptedException {
    try {
      return what.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw new IOException("a host failed: " + failed.getCause(), failed);
    } catch (TimeoutException slow) {
      throw new IOException("a host has not come to its end within " + longest, slow);
    }
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  /** It has nothing to keep. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
