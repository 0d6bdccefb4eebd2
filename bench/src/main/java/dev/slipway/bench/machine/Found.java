package dev.slipway.bench.machine;

import dev.slipway.bench.Results;
import dev.slipway.bench.Samples;

/** What the rounds found. */
final class Found {
  private final double gigabytes;
  private final Samples speed = new Samples();
  private final Samples httpSpeed = new Samples();
  private final Samples ratio = new Samples();
  private final Samples cpu = new Samples();
  private final Samples machineCpu = new Samples();
  private final Samples regionCpu = new Samples();
  private final Samples peak = new Samples();
  private final Samples machinePeak = new Samples();
  private final Samples regionPeak = new Samples();
  private final Samples intakePeak = new Samples();

  /**
   * @param bytes of the artifact
   */
  Found(long bytes) {
    this.gigabytes = bytes / 1e9;
  }

  /** Takes a round's rates, in MB/s. */
  void speeds(double toMachine, double toCurl) {
    speed.add(toMachine);
    httpSpeed.add(toCurl);
    ratio.add(toMachine / toCurl);
  }

  /** Takes what the round cost both agents. */
  void costs(Cost machine, Cost region) {
    var ofMachine = machine.cpuSeconds() / gigabytes;
    var ofRegion = region.cpuSeconds() / gigabytes;
    machineCpu.add(ofMachine);
    regionCpu.add(ofRegion);
    cpu.add(ofMachine + ofRegion);
    machinePeak.add(machine.peakMb());
    regionPeak.add(region.peakMb());
    peak.add(Math.max(machine.peakMb(), region.peakMb()));
  }

  /** Takes what the region's agent needed to take the artifact in. */
  void intake(Cost region) {
    intakePeak.add(region.peakMb());
  }

  void report(Results results) {
    results.figure("machine.MBps", speed, "MB/s");
    results.figure("machine.http_MBps", httpSpeed, "MB/s");
    results.detail("the first over the second, by round", ratio, "x");
    results.figure("machine.cpu_s_per_GB", cpu, "s");
    results.detail("machine agent", machineCpu, "s");
    results.detail("regional agent", regionCpu, "s");
    results.figure("machine.peak_rss_MB", peak, "MB");
    results.detail("machine agent", machinePeak, "MB");
    results.detail("regional agent", regionPeak, "MB");
    results.detail("regional agent, taking the artifact in", intakePeak, "MB");
  }
}
