package dev.slipway.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process of its own that says when it is ready. */
public final class Launched implements AutoCloseable {
  private static final Duration LONGEST_START = Duration.ofMinutes(5);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(60);
  private static final int LAST_LINES = 15;

  /** By itself, by SIGTERM, or by the SIGINT that a terminal sends to all at once. */
  private static final Set<Integer> CLEAN = Set.of(0, 128 + 15, 128 + 2);

  private final Process process;
  private final double readySeconds;

  private Launched(Process process, double readySeconds) {
    this.process = process;
    this.readySeconds = readySeconds;
  }

  /**
   * Starts a command and waits for its line that contains {@code ready}. Nothing that it prints
   * later is kept.
   *
   * @throws IOException when it ends before, with the last that it printed
   */
  public static Launched start(List<String> command, String ready)
      throws IOException, InterruptedException {
    var begun = System.nanoTime();
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new CompletableFuture<Long>();
    Thread.ofPlatform().daemon().name("output").start(() -> read(process, ready, said));
    try {
      process.getOutputStream().close();
      var at = said.get(LONGEST_START.toSeconds(), TimeUnit.SECONDS);
      return new Launched(process, (at - begun) / 1e9);
    } catch (ExecutionException | TimeoutException failed) {
      end(process);
      throw new IOException(
          String.join(" ", command.subList(0, Math.min(2, command.size())))
              + " did not get ready: "
              + (failed.getCause() == null ? "too slow" : failed.getCause().getMessage()));
    } catch (InterruptedException | IOException stopped) {
      end(process);
      throw stopped;
    }
  }

  private static void read(Process process, String ready, CompletableFuture<Long> said) {
    Deque<String> last = new ArrayDeque<>();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains(ready)) {
          said.complete(System.nanoTime());
        }
        if (last.size() == LAST_LINES) {
          last.removeFirst();
        }
        last.addLast(line);
      }
      said.completeExceptionally(new IOException("it ended; " + String.join("\n", last)));
    } catch (IOException e) {
      said.completeExceptionally(e);
    }
  }

  /** From its start to its ready line. */
  public double readySeconds() {
    return readySeconds;
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  /**
   * Makes sure that it still runs.
   *
   * @throws IOException when it has ended by itself
   */
  public void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw new IOException("a process that was to run on has ended by itself");
    }
  }

  /**
   * Asks it to end, and ends it and what it has started when it does not within a minute.
   *
   * @throws IOException when it did not end the way a process ends that is asked to
   */
  @Override
  public void close() throws IOException {
    end(process);
    if (!CLEAN.contains(process.exitValue())) {
      throw new IOException("a process that was asked to end ended as " + process.exitValue());
    }
  }

  /** Ends it, however it ends: for who has another failure to tell of. */
  public void abandon() {
    end(process);
  }

  private static void end(Process process) {
    // whoever stops us waits for us: an interrupt must not leave the process behind
    var interrupted = Thread.interrupted();
    process.destroy();
    var deadline = System.nanoTime() + LONGEST_STOP.toNanos();
    while (process.isAlive() && System.nanoTime() < deadline) {
      try {
        process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (process.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().onExit().join();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
