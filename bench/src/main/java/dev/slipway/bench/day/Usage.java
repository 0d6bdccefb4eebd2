package dev.slipway.bench.day;

import dev.slipway.bench.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What processes take, by what they are, as Linux counts it. Looked at from time to time: what a
 * process did between the last look and its end is not seen.
 */
final class Usage {
  /** Linux has counted in hundredths of a second on every machine for long. */
  private static final double TICKS = 100;

  private static final int USER = 11;

  private final Map<Long, Cpu> last = new HashMap<>();
  private final Map<String, Double> own = new LinkedHashMap<>();
  private final Map<String, Double> children = new LinkedHashMap<>();
  private final Map<String, Double> peakMb = new LinkedHashMap<>();

  /** Seconds of a process, and of its children that have ended. */
  private record Cpu(double own, double children) {
    Cpu since(Cpu before) {
      return new Cpu(own - before.own, children - before.children);
    }
  }

  /** Looks at all that are something now. */
  void look(String what, List<ProcessHandle> processes) {
    for (var process : processes) {
      var now = cpu(process.pid());
      var spent = now.since(last.getOrDefault(process.pid(), new Cpu(0, 0)));
      last.put(process.pid(), now);
      own.merge(what, spent.own(), Double::sum);
      children.merge(what, spent.children(), Double::sum);
    }
    peakMb.merge(what, Memory.sharedMb(processes), Math::max);
  }

  /** What those did before now does not count. */
  void forget() {
    own.replaceAll((what, seconds) -> 0.0);
    children.replaceAll((what, seconds) -> 0.0);
  }

  /** All that were looked at. */
  List<String> all() {
    return List.copyOf(own.keySet());
  }

  double cpuSeconds(String what) {
    return own.getOrDefault(what, 0.0);
  }

  /** Of what they started and what has ended since, as git and builds. */
  double childSeconds(String what) {
    return children.getOrDefault(what, 0.0);
  }

  /** The most of it at a time, together, what they share counted once. */
  double peakMb(String what) {
    return peakMb.getOrDefault(what, 0.0);
  }

  private Cpu cpu(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc", "" + pid, "stat"));
      // a program's name may have blanks in it, and ends with the last parenthesis
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return new Cpu(seconds(fields, USER), seconds(fields, USER + 2));
    } catch (IOException ended) {
      return last.getOrDefault(pid, new Cpu(0, 0));
    }
  }

  private static double seconds(String[] fields, int at) {
    return (Long.parseLong(fields[at]) + Long.parseLong(fields[at + 1])) / TICKS;
  }
}
